//! `segue doctor`: what a workspace's state suffers from, and how it is settled.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use serde::Serialize;

use crate::operation::{Changes, FileChange, JournalEntry};
use crate::outside::commit::{Committed, Diverged, What, commit, forget_kept, kept};
use crate::outside::disk::{self, Disk, Found, Lock, RealDisk, Root};
use crate::outside::doctor::{Complaint, Examined, Patient, examine, settle};
use crate::outside::report::{self, json_document};
use crate::outside::store::{Store, StoreError};
use crate::sequence::SequenceId;
use crate::text::FilePath;
use crate::time::Instant;
use crate::workspace::kind_of;

use super::arguments::{Arguments, Doctor, Format};
use super::desk::{actor, confirmed, recovered, store_path, tell_diverged};
use super::open::start;
use super::screen::Screen;
use super::{Exit, complain, unless_closed};

pub(super) fn run(arguments: &Arguments, command: &Doctor, screen: &Screen) -> anyhow::Result<Exit> {
    let start = start(arguments)?;
    let root = disk::find_root(&start)?;
    let visit = Visit { store: store_path(&root)?, start, root, command, screen };
    if !command.take.is_empty() || !command.drop.is_empty() {
        return visit.settle_kept();
    }
    if command.fix && !command.changing.dry_run {
        visit.fix()?;
    }
    visit.tell(&visit.examine()?)
}

struct Visit<'v> {
    root: Root,
    start: PathBuf,
    store: PathBuf,
    command: &'v Doctor,
    screen: &'v Screen,
}

impl Visit<'_> {
    fn examine(&self) -> anyhow::Result<Examined> {
        let declared = declared(&self.root);
        let now = self.command.changing.now.unwrap_or_else(Instant::now);
        let patient = Patient { root: &self.root, store: &self.store, declared: &declared, now };
        examine(&patient).context("cannot look into the workspace's folder")
    }

    /// Settles what needs no choice.
    fn fix(&self) -> anyhow::Result<()> {
        let lock = self.lock("segue doctor --fix")?;
        match Store::open_up_to_date(&self.store) {
            Ok(store) => drop(recovered(&lock, &self.root, store)?),
            // It is complained of below. What lies about may be of a commit that it decided, and waits until it can be asked.
            Err(StoreError::Damaged { .. } | StoreError::NotAStore { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        let disk = self.disk()?;
        settle(&lock, &disk, &self.store).context("cannot settle what lies about")?.iter().for_each(|done| complain(done));
        Ok(())
    }

    /// Puts kept texts into their files, or forgets them.
    fn settle_kept(&self) -> anyhow::Result<Exit> {
        // Git is asked before the lock is taken.
        let actor = actor(&self.command.changing, &self.root);
        let lock = if self.command.changing.dry_run { None } else { Some(self.lock("segue doctor")?) };
        let disk = self.disk()?;
        let all = kept(&disk).context("cannot list what is kept")?;
        let taken = self.command.take.iter().map(|named| self.named(&all, named)).collect::<anyhow::Result<Vec<&Diverged>>>()?;
        let dropped =
            self.command.drop.iter().map(|named| self.named(&all, named)).collect::<anyhow::Result<Vec<&Diverged>>>()?;
        let changes = self.changes(&disk, &taken)?;
        unless_closed(self.screen.print(|out| report::changes(out, &changes, self.screen.terminal())))?;
        let Some(lock) = lock else { return Ok(Exit::Fine) };
        let takes = taken.iter().map(|kept| match kept.what {
            What::Ours | What::Theirs => format!("{} becomes what {} says", kept.path, kept.kept),
            What::Deletion => format!("{} is deleted", kept.path),
        });
        let drops = dropped.iter().map(|kept| format!("{} is removed, and {} stays as it is", kept.kept, kept.path));
        let losses: Vec<String> = takes.chain(drops).collect();
        if !self.command.changing.yes && !confirmed(&losses)? {
            complain("nothing was changed");
            return Ok(Exit::Errors);
        }
        if !changes.files.is_empty() {
            let mut store = match recovered(&lock, &self.root, Store::open_up_to_date(&self.store)?)? {
                Some(store) => {
                    let path = store.path().to_owned();
                    drop(store);
                    Store::create(&path)?
                }
                None => Store::create(&self.store)?,
            };
            let what = format!("doctor --take {}", self.command.take.join(" "));
            let at = self.command.changing.now.unwrap_or_else(Instant::now);
            let entry = JournalEntry { what, actor, at, message: self.command.changing.message.clone() };
            let Committed { diverged, .. } = commit(&lock, &disk, &mut store, &entry, &changes)?;
            diverged.iter().for_each(tell_diverged);
        }
        for kept in taken.iter().chain(&dropped) {
            forget_kept(&lock, &disk, &kept.kept).with_context(|| format!("cannot remove {}", kept.kept))?;
        }
        losses.iter().for_each(|done| complain(done));
        Ok(Exit::Fine)
    }

    /// What is kept under a name, as it is shown or from where the command was started.
    fn named<'k>(&self, all: &'k [Diverged], named: &str) -> anyhow::Result<&'k Diverged> {
        let from_here = self.root.file_path(&self.start.join(named));
        let is_meant = |kept: &&Diverged| kept.kept.as_str() == named || from_here.as_ref() == Some(&kept.kept);
        match all.iter().find(is_meant) {
            Some(kept) => Ok(kept),
            None if all.is_empty() => bail!("{named}: nothing is kept in .segue/kept"),
            None => bail!("{named}: nothing is kept under this name; `segue doctor` lists what is"),
        }
    }

    fn changes(&self, disk: &RealDisk, taken: &[&Diverged]) -> anyhow::Result<Changes> {
        let text = |path: &FilePath| -> anyhow::Result<Option<Arc<str>>> {
            match disk.look(path)? {
                Found::Nothing => Ok(None),
                Found::File { .. } | Found::Folder | Found::Link | Found::Other | Found::Behind { .. } => {
                    let bytes = disk.bytes(path).with_context(|| format!("cannot read {path}"))?;
                    let text = String::from_utf8(bytes).ok().with_context(|| format!("{path} is not UTF-8; move it by hand"))?;
                    Ok(Some(text.into()))
                }
            }
        };
        let mut files = Vec::new();
        for kept in taken {
            let after = match kept.what {
                What::Ours | What::Theirs => text(&kept.kept)?,
                What::Deletion => None,
            };
            files.push(FileChange { path: kept.path.clone(), before: text(&kept.path)?, after });
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
        if let Some(pair) = files.windows(2).find(|pair| pair[0].path == pair[1].path) {
            bail!("{} can become one text only: take one, and drop the other", pair[0].path);
        }
        files.retain(|file| file.before != file.after);
        Ok(Changes { files, rows: Vec::new() })
    }

    fn lock(&self, what: &str) -> anyhow::Result<Lock> {
        let patience = self.command.changing.lock_timeout.map_or(Duration::ZERO, |time| time.0);
        Ok(Lock::take(&self.root, what, patience)?)
    }

    fn disk(&self) -> anyhow::Result<RealDisk> {
        RealDisk::at(&self.root).context("cannot open the workspace's folder")
    }

    fn tell(&self, examined: &Examined) -> anyhow::Result<Exit> {
        let Examined { complaints, writer } = examined;
        let needing = complaints.iter().filter(|complaint| complaint.kind.needs_a_person()).count();
        if let Some(writer) = writer {
            complain(&format!("{writer} is writing now; what it leaves about was not looked at"));
        }
        unless_closed(self.screen.print(|out| match self.command.format {
            Format::Json => json_document(out, &document(examined, needing)),
            Format::Human => human(out, complaints, needing),
        }))?;
        Ok(if needing > 0 { Exit::Errors } else { Exit::Fine })
    }
}

/// The sequences that files declare, by their names alone: whether they can be read is for `validate`.
fn declared(root: &Root) -> BTreeSet<SequenceId> {
    disk::list(root).files.iter().filter_map(|file| kind_of(file).into_sequence()).collect()
}

fn human(out: &mut dyn Write, complaints: &[Complaint], needing: usize) -> std::io::Result<()> {
    for Complaint { kind, message, paths, help } in complaints {
        writeln!(out, "{kind}: {}", report::clean(message))?;
        paths.iter().try_for_each(|path| writeln!(out, "    {}", report::clean(path)))?;
        help.iter().try_for_each(|help| writeln!(out, "  help: {}", report::clean(help)))?;
    }
    match (complaints.len(), needing) {
        (0, _) => writeln!(out, "all is well"),
        (_, 0) => writeln!(out, "all is well otherwise: nothing of this needs you"),
        (_, 1) => writeln!(out, "1 thing needs you"),
        (_, more) => writeln!(out, "{more} things need you"),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    format_version: &'static str,
    complaints: Vec<Told<'a>>,
    writer: Option<&'a str>,
    summary: Counts,
}

#[derive(Serialize)]
struct Told<'a> {
    kind: &'static str,
    needs_a_person: bool,
    message: &'a str,
    paths: &'a [String],
    help: &'a [String],
}

#[derive(Serialize)]
struct Counts {
    complaints: usize,
    need_a_person: usize,
}

fn document(examined: &Examined, needing: usize) -> Document<'_> {
    Document {
        format_version: "1.0",
        complaints: examined
            .complaints
            .iter()
            .map(|Complaint { kind, message, paths, help }| Told {
                kind: kind.word(),
                needs_a_person: kind.needs_a_person(),
                message,
                paths,
                help,
            })
            .collect(),
        writer: examined.writer.as_deref(),
        summary: Counts { complaints: examined.complaints.len(), need_a_person: needing },
    }
}
