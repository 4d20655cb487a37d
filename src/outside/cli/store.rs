//! `segue store`: backups, and whether the store is whole.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use serde::Serialize;

use crate::outside::disk::{self, Lock, Root};
use crate::outside::doctor::{LastBackup, begin_backup, end_backup, lies_in_work_tree, note_backup};
use crate::outside::report::{self, json_document};
use crate::outside::store::{Over, Restored, Store, StoreError, place_of_older, restore};
use crate::time::Instant;

use super::arguments::{Arguments, BackUpStore, CheckStore, Format, KeepStore, MigrateStore, RestoreStore};
use super::desk::{confirmed, recovered, store_path};
use super::open::start;
use super::screen::Screen;
use super::{Exit, Refusal, complain, unless_closed};

pub(super) fn run(arguments: &Arguments, command: &KeepStore, screen: &Screen) -> anyhow::Result<Exit> {
    let start = start(arguments)?;
    let root = disk::find_root(&start)?;
    let ground = Keeping { place: store_path(&root)?, start, root, screen };
    match command {
        KeepStore::Backup(command) => ground.back_up(command),
        KeepStore::Restore(command) => ground.restore(command),
        KeepStore::Check(command) => ground.check(command),
        KeepStore::Migrate(command) => ground.migrate(command),
    }
}

/// What all of them need.
struct Keeping<'s> {
    root: Root,
    start: PathBuf,
    /// Where the store lies.
    place: PathBuf,
    screen: &'s Screen,
}

impl Keeping<'_> {
    fn back_up(&self, command: &BackUpStore) -> anyhow::Result<Exit> {
        let Some(store) = Store::open_as_it_is(&self.place)? else {
            bail!("there is no store yet at {}, so there is nothing to back up", self.place.display());
        };
        // A damaged store must not take the place of an older backup that is whole.
        if let Some(flaw) = store.check()?.first() {
            bail!("the store {} is damaged: {flaw}; nothing was written", self.place.display());
        }
        let to = shortest(self.start.join(&command.path));
        let over = if command.force { Over::Store } else { Over::Nothing };
        begin_backup(&self.root, &to);
        let made = store.back_up(&to, over);
        end_backup(&self.root, &to);
        made.map_err(|error| match error {
            StoreError::Taken { by: "a file", .. } => {
                anyhow::Error::new(Refusal(format!("{error}; `--force` replaces a backup")))
            }
            StoreError::Taken { .. } => anyhow::Error::new(Refusal(error.to_string())),
            StoreError::NotAStore { path, found } if path == to => anyhow::Error::new(Refusal(format!(
                "{} is {found}, and stays; name another place for the backup",
                path.display()
            ))),
            error => error.into(),
        })?;
        let copy = Store::open_as_it_is(&to)?.with_context(|| format!("{} went away", to.display()))?;
        let operation = copy.newest_operation()?.map_or(0, |(number, _)| number);
        note_backup(&self.root, &LastBackup { store: copy.identity()?.0, path: to.display().to_string(), operation });
        self.say(&format!("saved the store, {}, in {}", as_of(&copy)?, command.path.display()))?;
        if lies_in_work_tree(&self.root, &self.place) && lies_in_work_tree(&self.root, &to) {
            complain(&format!(
                "{} lies in the work tree as the store does, and goes with it; keep a backup elsewhere",
                command.path.display()
            ));
        }
        Ok(Exit::Fine)
    }

    fn restore(&self, command: &RestoreStore) -> anyhow::Result<Exit> {
        let lock = match command.dry_run {
            true => None,
            false => {
                Some(Lock::take(&self.root, "segue store restore", command.lock_timeout.map_or(Duration::ZERO, |time| time.0))?)
            }
        };
        let backup = whole_copy(&self.start.join(&command.path))?;
        // What a crash left is completed while the store still knows of it.
        let mut is_readable = true;
        let before = match Store::open_as_it_is(&self.place) {
            Ok(Some(store)) if store.form()?.0 == store.form()?.1 => match &lock {
                Some(lock) => recovered(lock, &self.root, Some(store))?,
                None => Some(store),
            },
            Ok(other) => other,
            Err(StoreError::Damaged { .. } | StoreError::NotAStore { .. }) => {
                is_readable = false;
                None
            }
            Err(error) => return Err(error.into()),
        };
        if let Some(before) = &before
            && before.identity()?.0 != backup.identity()?.0
            && !command.force
        {
            return Err(Refusal(format!(
                "{} is a backup of another workspace's store; nothing was changed. `--force` takes it all the same",
                command.path.display()
            ))
            .into());
        }
        let mut losses = losses(&backup, before.as_ref())?;
        if !is_readable {
            losses.push(format!("what lies in {} cannot be read, and is put aside", self.name(&self.place)));
        }
        drop(before);
        if command.dry_run {
            return self.say(&losses.join("\n"));
        }
        if !command.yes && !confirmed(&losses)? {
            complain("nothing was changed");
            return Ok(Exit::Errors);
        }
        let Restored { epoch, kept } = restore(&backup, &self.place)?;
        self.say(&format!("the store is {}; its epoch is {epoch}", as_of(&backup)?))?;
        kept.map_or(Ok(Exit::Fine), |kept| self.say(&format!("what it was lies in {}", self.name(&kept))))
    }

    fn check(&self, command: &CheckStore) -> anyhow::Result<Exit> {
        let place = command.path.as_ref().map_or_else(|| self.place.clone(), |path| self.start.join(path));
        let Some(store) = Store::open_as_it_is(&place)? else {
            if command.path.is_some() {
                bail!("{} is not there", place.display());
            }
            return match command.format {
                Format::Human => self.say("there is no store yet: all is well"),
                Format::Json => self.print_json(&Checked { store: None, ..Checked::default() }),
            };
        };
        let flaws = store.check()?;
        // Damage may lie where we would count.
        let holds = holds(&store, &self.name(&place))
            .map_or_else(|error| if flaws.is_empty() { Err(error) } else { Ok(None) }, |holds| Ok(Some(holds)))?;
        let exit = if flaws.is_empty() { Exit::Fine } else { Exit::Errors };
        match command.format {
            Format::Json => self.print_json(&Checked { store: holds, flaws, ..Checked::default() })?,
            Format::Human => {
                unless_closed(self.screen.print(|out| tell(out, holds.as_ref(), &flaws)))?;
                Exit::Fine
            }
        };
        if exit != Exit::Fine {
            complain("`segue store restore` puts a backup in its place and keeps what is there");
        }
        Ok(exit)
    }

    fn migrate(&self, command: &MigrateStore) -> anyhow::Result<Exit> {
        let Some(store) = Store::open_as_it_is(&self.place)? else {
            return self.say("there is no store yet, so there is nothing to migrate");
        };
        let (found, known) = store.form()?;
        drop(store);
        if found == known {
            return self.say(&format!("the store is up to date: its form is {known}"));
        }
        let copy = place_of_older(&self.place, found);
        if command.dry_run {
            return self
                .say(&format!("the store would go from form {found} to {known}, and a copy be kept in {}", self.name(&copy)));
        }
        drop(Store::create(&self.place)?);
        self.say(&format!("the store went from form {found} to {known}; what it was lies in {}", self.name(&copy)))
    }

    /// A path as short as it can be: from the workspace, where it lies in it.
    fn name(&self, path: &Path) -> String {
        path.strip_prefix(self.root.path()).unwrap_or(path).display().to_string()
    }

    fn say(&self, words: &str) -> anyhow::Result<Exit> {
        // What is done is done, whoever listens.
        unless_closed(self.screen.print(|out| writeln!(out, "{}", report::clean(words))))?;
        Ok(Exit::Fine)
    }

    fn print_json(&self, checked: &Checked) -> anyhow::Result<Exit> {
        unless_closed(self.screen.print(|out| json_document(out, checked)))?;
        Ok(Exit::Fine)
    }
}

/// A backup that lies there and is whole.
fn whole_copy(path: &Path) -> anyhow::Result<Store> {
    let name = path.display();
    let opened = Store::open_as_it_is(path).and_then(|store| {
        let flaw = store.as_ref().map(Store::check).transpose()?.and_then(|flaws| flaws.into_iter().next());
        Ok((store, flaw))
    });
    match opened {
        Ok((Some(store), None)) => Ok(store),
        Ok((Some(_), Some(flaw))) | Err(StoreError::Damaged { detail: flaw, .. }) => {
            bail!("{name} is damaged: {flaw}; nothing was changed, so take another backup")
        }
        Ok((None, _)) if path.exists() => bail!("{name} is empty: there was never a store in it"),
        Ok((None, _)) => bail!("{name} is not there"),
        Err(StoreError::NotAStore { found, .. }) => bail!("{name} is no backup of a store but {found}"),
        Err(error) => Err(error.into()),
    }
}

/// A path without detours, where its folder is there.
fn shortest(path: PathBuf) -> PathBuf {
    match (path.parent().map(std::fs::canonicalize), path.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        (Some(_) | None, _) => path,
    }
}

/// The moment that a store stands at.
fn as_of(store: &Store) -> Result<String, StoreError> {
    Ok(match store.newest_operation()? {
        None => "as it was before its first operation".to_owned(),
        Some((number, at)) => format!("as it was after operation {number} ({})", at.strftime("%Y-%m-%d %H:%M UTC")),
    })
}

/// What a restore takes away, in words for whoever has to agree.
fn losses(backup: &Store, before: Option<&Store>) -> Result<Vec<String>, StoreError> {
    let becomes = format!("the store becomes {}", as_of(backup)?);
    let Some(before) = before else { return Ok(vec![becomes]) };
    let number = |store: &Store| Ok::<_, StoreError>(store.newest_operation()?.map_or(0, |(number, _)| number));
    let later = number(before)? - number(backup)?;
    // Behind a restore the same number is another operation.
    let is_same = before.identity()? == backup.identity()?;
    let lost = match later {
        0 if is_same => "no later operation is lost".to_owned(),
        1 if is_same => "1 later operation is no longer in it".to_owned(),
        2.. if is_same => format!("{later} later operations are no longer in it"),
        _ => format!("what it is now, {}, is no longer in it", as_of(before)?),
    };
    Ok(vec![format!("{becomes}; {lost}, and files stay as they are")])
}

/// What `store check` answers.
#[derive(Serialize)]
struct Checked {
    format_version: &'static str,
    store: Option<Holds>,
    flaws: Vec<String>,
}

impl Default for Checked {
    fn default() -> Self {
        Self { format_version: "1.0", store: None, flaws: Vec::new() }
    }
}

/// What a store is and holds.
#[derive(Serialize)]
struct Holds {
    path: String,
    id: String,
    epoch: u32,
    /// Since a restore: what sends has to ask first. Nothing of ours sends anything yet.
    sending_waits: bool,
    form: i64,
    newest_form: i64,
    bytes: u64,
    /// What is counted where the form is ours; nothing is said of an older one.
    #[serde(flatten)]
    counts: Option<Counts>,
}

#[derive(Serialize)]
struct Counts {
    sequences: usize,
    records: u64,
    connections: u64,
    operations: i64,
    newest_operation_at: Option<String>,
    pending_files: usize,
}

fn holds(store: &Store, path: &str) -> Result<Holds, StoreError> {
    let (id, epoch) = store.identity()?;
    let (form, newest_form) = store.form()?;
    let counts = if form == newest_form { Some(counts(store)?) } else { None };
    let bytes = std::fs::metadata(store.path()).map_or(0, |found| found.len());
    Ok(Holds { path: path.to_owned(), id, epoch, sending_waits: epoch > 1, form, newest_form, bytes, counts })
}

fn counts(store: &Store) -> Result<Counts, StoreError> {
    let sequences = store.sequences(Instant::now())?;
    let newest = store.newest_operation()?;
    Ok(Counts {
        sequences: sequences.len(),
        records: store.record_counts()?.iter().map(|count| count.open + count.closed).sum(),
        connections: sequences.iter().map(|line| line.running).sum(),
        operations: newest.map_or(0, |(number, _)| number),
        newest_operation_at: newest.map(|(_, at)| at.to_string()),
        pending_files: store.pending()?.len(),
    })
}

fn tell(out: &mut dyn Write, holds: Option<&Holds>, flaws: &[String]) -> std::io::Result<()> {
    if let Some(holds) = holds {
        let mut line = |key: &str, value: &str| writeln!(out, "{key:<12} {}", report::clean(value));
        line("store", &holds.path)?;
        line("id", &holds.id)?;
        let restored = if holds.sending_waits { " (it was restored)" } else { "" };
        line("epoch", &format!("{}{restored}", holds.epoch))?;
        let older = if holds.form < holds.newest_form { " (older; `segue store migrate` brings it up to date)" } else { "" };
        line("form", &format!("{}{older}", holds.form))?;
        line("size", &format!("{} KiB", holds.bytes.div_ceil(1024)))?;
        if let Some(counts) = &holds.counts {
            line("sequences", &counts.sequences.to_string())?;
            line("records", &counts.records.to_string())?;
            line("connections", &counts.connections.to_string())?;
            line("operations", &counts.operations.to_string())?;
        }
    }
    match flaws {
        [] => writeln!(out, "all is well"),
        flaws => flaws.iter().try_for_each(|flaw| writeln!(out, "damaged: {}", report::clean(flaw))),
    }
}
