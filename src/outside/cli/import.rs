//! `segue records import`

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use anyhow::{Context, anyhow, bail};

use crate::operation::{JournalEntry, may_import};
use crate::outside::disk;
use crate::outside::records::{Format, Import, ImportError, ImportReport, Note};
use crate::outside::store::{PATIENCE, Store};
use crate::time::Instant;

use super::arguments::{Arguments, ImportRecords};
use super::desk::{actor, must_be_whole, settings, store_path, tell_refusal};
use super::open::start;
use super::progress::{Extent, Progress};
use super::screen::Screen;
use super::{Exit, Refusal, WrongUse, complain, unless_closed};

/// So many rows that are wrong are told of in full; the rest are counted.
pub(super) const TOLD: u64 = 20;

pub(super) fn run(arguments: &Arguments, command: &ImportRecords, screen: &Screen) -> anyhow::Result<Exit> {
    let start = start(arguments)?;
    let root = disk::find_root(&start)?;
    let name = name(&command.file);
    let (file, extent) = file(&start, &command.file)?;
    let progress = Progress::new(extent);
    let mut file = BufReader::with_capacity(1 << 16, progress.reading(file));
    let Some(format) = Format::of(&mut file).with_context(|| format!("cannot read {name}"))? else {
        bail!("{name} is empty: there is nothing to import");
    };
    let options = &command.changing;
    let settings = settings(&root);
    must_be_whole(&settings)?;
    let actor = actor(options, &root);
    if let Err(refusal) = may_import(&settings, &actor) {
        tell_refusal(&refusal, &|_| None, screen);
        return Ok(Exit::Errors);
    }
    let entry = JournalEntry {
        what: format!("records import {} --type {}", command.file.display(), command.record_type),
        actor,
        at: options.now.unwrap_or_else(Instant::now),
        message: options.message.clone(),
    };
    let import = Import { settings: &settings, record_type: &command.record_type, format, entry };
    let target = store_path(&root)?;
    let patience = options.lock_timeout.map_or(PATIENCE, |time| time.0);
    // What would change is found out on a copy, which is gone with this value.
    let aside = if options.dry_run { Some(tempfile::tempdir().context("cannot make a folder to try it in")?) } else { None };
    let mut store: Option<Store> = None;
    let open = || match &aside {
        None => Store::create_within(&target, patience),
        Some(aside) => {
            let copy = aside.path().join("state.db");
            if let Some(store) = Store::open(&target)? {
                store.copy_to(&copy)?;
            }
            Store::create(&copy)
        }
    };
    let mut telling = Telling { name: &name, bad: 0, again: None, written: ImportReport::default(), progress };
    let imported = import.run(
        |bulk, batch| match &mut store {
            Some(store) => store.import(bulk, batch),
            none => none.insert(open()?).import(bulk, batch),
        },
        file,
        |note| telling.note(note),
    );
    let report = *imported.as_ref().unwrap_or(&telling.written);
    telling.end(&report);
    if imported.is_ok() || report.rows > 0 {
        let behind = if options.dry_run { "; nothing was written, as it was a dry run" } else { "" };
        unless_closed(screen.print(|out| writeln!(out, "{}{behind}", summary(&report))))?;
    }
    match imported {
        Ok(report) => Ok(if report.bad == 0 { Exit::Fine } else { Exit::Errors }),
        Err(error) => Err(failed(&name, error)),
    }
}

/// The file as messages call it.
pub(super) fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

/// The file, with what is known of its length.
pub(super) fn file(start: &Path, path: &Path) -> anyhow::Result<(Box<dyn Read>, Extent)> {
    if path == Path::new("-") {
        return Ok((Box::new(io::stdin()), Extent::Unknown));
    }
    let name = path.display();
    let path = start.join(path);
    if path.is_dir() {
        bail!("{name} is a folder; name a file in it");
    }
    let file = File::open(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => anyhow!("{name}: no such file"),
        _ => anyhow!("cannot open {name}: {error}"),
    })?;
    let length = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len());
    Ok((Box::new(file), length.map_or(Extent::Unknown, Extent::Bytes)))
}

/// Why it stopped: an argument or a file that means nothing, or the world.
pub(super) fn failed(name: &str, error: ImportError) -> anyhow::Error {
    match error {
        ImportError::NoRecordType { .. } => anyhow!(WrongUse(error.to_string())),
        ImportError::Header(_) | ImportError::NoTable(_) | ImportError::TooLong { .. } => {
            anyhow!(Refusal(format!("{name}: {error}")))
        }
        ImportError::Reading(_) => anyhow::Error::new(error).context(format!("cannot go on with {name}")),
        ImportError::Store(error) => error.into(),
    }
}

/// What is said on standard error while rows come in.
struct Telling<'n> {
    name: &'n str,
    bad: u64,
    /// The first row that spoke of a record that stood above.
    again: Option<(u64, String)>,
    /// What is written for certain.
    written: ImportReport,
    progress: Progress,
}

impl Telling<'_> {
    fn note(&mut self, note: Note) {
        match note {
            Note::Bad { line, problem } => {
                self.bad += 1;
                if self.bad <= TOLD {
                    self.progress.complain(&format!("{}:{line}: {problem}", self.name));
                }
            }
            Note::Again { line, id } => {
                self.again.get_or_insert((line, id));
            }
            Note::Written(report) => {
                self.written = report;
                self.progress.say(format!("{} read", number(report.rows, "row", "rows")));
            }
        }
    }

    /// Says what is left to say.
    fn end(&mut self, report: &ImportReport) {
        self.progress.end();
        match self.bad.saturating_sub(TOLD) {
            0 => {}
            1 => complain(&format!("{}: 1 more row was left out", self.name)),
            more => complain(&format!("{}: {} more rows were left out", self.name, grouped(more))),
        }
        if let Some((line, id)) = &self.again {
            let rows = number(report.again.max(1), "row speaks", "rows speak");
            complain(&format!("{}:{line}: {rows} of a record that stood above, here of `{id}`; the later row counts", self.name));
        }
    }
}

/// `3,000 records: 2,990 new, 10 changed`
fn summary(report: &ImportReport) -> String {
    let ImportReport { imported, bad, rows, .. } = report;
    let counts = [(imported.new, "new"), (imported.changed, "changed"), (imported.unchanged, "unchanged"), (*bad, "left out")];
    let told: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{} {word}", grouped(*count))).collect();
    let mut line = number(*rows, "record", "records");
    if !told.is_empty() {
        line = format!("{line}: {}", told.join(", "));
    }
    match imported.ended {
        0 => line,
        ended => {
            format!("{line}; {} ended, as the record was closed", number(ended, "connection", "connections"))
        }
    }
}

pub(super) fn number(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// `1,234,567`
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside::store::Imported;

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn the_summary_says_what_there_is_to_say() {
        let report = |new, changed, bad, ended| ImportReport {
            rows: new + changed + bad,
            imported: Imported { new, changed, unchanged: 0, ended },
            bad,
            ..ImportReport::default()
        };
        assert_eq!(summary(&report(2_990, 10, 0, 0)), "3,000 records: 2,990 new, 10 changed");
        assert_eq!(
            summary(&report(0, 1, 2, 1)),
            "3 records: 1 changed, 2 left out; 1 connection ended, as the record was closed"
        );
        assert_eq!(summary(&report(0, 0, 0, 0)), "0 records");
    }
}
