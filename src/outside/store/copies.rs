//! Copies of a store: to keep, before its form changes, and back again.
//! In come a store and a place; out comes a whole copy there, or nothing.
//! Never asks whether it may, and never replaces what is no store.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::error::explain;
use super::part::{BESIDE, Over, Part, with};
use super::values::Stored;
use super::{PATIENCE, Store, StoreError, open};

/// A store that was put in the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The epoch from now on: the numbers of operations start to mean something else.
    pub epoch: u32,
    /// Where that lies which was there before.
    pub kept: Option<PathBuf>,
}

impl Store {
    /// Copies all that it holds at this moment to another place, whatever others write meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Taken`] where something is there that may not be replaced. Nothing is there then that was not before.
    pub fn back_up(&self, to: &Path, over: Over) -> Result<(), StoreError> {
        if is_same_file(&self.path, to) {
            return Err(StoreError::Taken { path: to.to_owned(), by: "the store itself" });
        }
        let taken = |by| Err(StoreError::Taken { path: to.to_owned(), by });
        if BESIDE.iter().any(|ending| with(&self.path, ending) == to) {
            return taken("SQLite's own file beside the store");
        }
        match (open::is_there(to)?, over) {
            (true, Over::Nothing) => return taken("a file"),
            (true, Over::Store) => {
                // What is no store of ours says so here, and stays.
                let there = Self::open_as_it_is(to)?.map(|there| there.identity()).transpose()?;
                if there.is_some_and(|(id, _)| self.identity().is_ok_and(|(own, _)| own != id)) {
                    return taken("another workspace's store, or a backup of it");
                }
                // Whoever has it open would go on with a log that belongs to what is no more.
                if BESIDE.iter().any(|ending| fs::symlink_metadata(with(to, ending)).is_ok()) {
                    return taken("a store that somebody has open");
                }
            }
            (false, _) => {}
        }
        copy_whole(&self.database, to, over)
    }

    /// The number of the newest operation and its instant, of a store of any form; `None` where there was none yet.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn newest_operation(&self) -> Result<Option<(i64, crate::time::Instant)>, StoreError> {
        let newest = "SELECT number, at FROM operation ORDER BY number DESC LIMIT 1";
        self.first(newest, [], |row| Ok((row.get(0)?, row.get::<_, Stored<_>>(1)?.0)))
    }
}

/// Puts a backup in the place of a store, which is kept beside it.
///
/// Others may read meanwhile, and see all of the one or all of the other; and they may write: what was written before is in what
/// is kept, and who comes later waits and writes to what was a backup. Files stay as they are, so what a commit had still to
/// write to them when the backup was made is forgotten.
///
/// # Errors
/// Where the backup or what is there is newer than we are, or where it cannot be written. The store is then as it was.
pub fn restore(backup: &Store, place: &Path) -> Result<Restored, StoreError> {
    let not_written = |source| StoreError::NotOpened { path: place.to_owned(), source };
    open::make_folder(open::folder_of(place)).map_err(not_written)?;
    // Before we look: as long as we have it, nobody else makes or restores a store here.
    let part = Part::beside(place, PATIENCE).map_err(not_written)?;
    let before = Store::open_as_it_is(place);
    let (_, of_backup) = backup.identity()?;
    let of_before = before.as_ref().ok().and_then(Option::as_ref).and_then(|store| store.identity().ok());
    let epoch = of_before.map_or(of_backup, |(_, epoch)| epoch.max(of_backup)) + 1;
    let new = renewed(&backup.database, part.path(), epoch).map_err(|stop| stop.at(place))?;
    let kept = match before {
        Ok(Some(before)) => {
            let name = format!("epoch-{}", before.identity().map_or(1, |(_, epoch)| epoch));
            let kept = free_name(place, &name);
            pour(&new, place, || copy_whole(&before.database, &kept, Over::Nothing))?;
            Some(kept)
        }
        // An empty file is no store yet, and somebody may be about to make it one.
        Ok(None) if open::is_there(place)? => {
            pour(&new, place, || Ok(()))?;
            None
        }
        Ok(None) => {
            new.close().map_err(|(_, error)| explain(place, error))?;
            part.keep(Over::Nothing).map_err(not_written)?;
            None
        }
        Err(StoreError::Damaged { .. } | StoreError::NotAStore { .. }) => {
            new.close().map_err(|(_, error)| explain(place, error))?;
            let kept = put_aside(place).map_err(not_written)?;
            part.keep(Over::Store).map_err(not_written)?;
            Some(kept)
        }
        Err(error) => return Err(error),
    };
    Ok(Restored { epoch, kept })
}

/// A copy of a backup in the form that we know, with another epoch, and with nothing to be written to files.
fn renewed(backup: &Connection, to: &Path, epoch: u32) -> Result<Connection, open::NotRun> {
    copy(backup, to)?;
    let mut new = Connection::open(to)?;
    open::run(&mut new, open::MIGRATIONS, |_| Ok(()))?;
    new.execute("DELETE FROM pending_file", [])?;
    new.execute("UPDATE workspace SET epoch = ?1", [epoch])?;
    Ok(new)
}

/// Gives a living store other contents in one transaction, so that nobody who has it open sees anything between. `keep` is
/// called once nobody else can write, and finds all that was ever written.
///
/// Another file under its name would not do: the log beside it belongs to the old one.
fn pour(from: &Connection, place: &Path, keep: impl FnOnce() -> Result<(), StoreError>) -> Result<(), StoreError> {
    let trouble = |error| explain(place, error);
    let mut living = living(place).map_err(trouble)?;
    let backup = Backup::new(from, &mut living).map_err(trouble)?;
    // Not a page yet, but from here on the right to write is ours.
    begun(&backup).map_err(trouble)?;
    keep()?;
    all_at_once(&backup).map_err(trouble)
}

fn living(place: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let living = Connection::open_with_flags(place, flags)?;
    living.busy_timeout(PATIENCE)?;
    living.pragma_update(None, "synchronous", "FULL")?;
    // Without the log nobody could read what is written over, and it is yet to be kept.
    open::keep_a_log(&living, PATIENCE)?;
    Ok(living)
}

/// Copies a store to a place, where it is whole or not at all.
pub(super) fn copy_whole(source: &Connection, to: &Path, over: Over) -> Result<(), StoreError> {
    let not_written = |source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => StoreError::Taken { path: to.to_owned(), by: "a file" },
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full { path: to.to_owned() },
        _ => StoreError::NotWritten { path: to.to_owned(), source },
    };
    let part = Part::beside(to, PATIENCE).map_err(not_written)?;
    copy(source, part.path()).map_err(|error| explain(to, error))?;
    part.keep(over).map_err(not_written)
}

/// Copies all that a store holds into a file.
pub(super) fn copy(source: &Connection, to: &Path) -> rusqlite::Result<()> {
    let mut copy = Connection::open(to)?;
    all_at_once(&Backup::new(source, &mut copy)?)?;
    copy.close().map_err(|(_, error)| error)
}

/// Takes the right to write to the copy, and copies nothing yet.
fn begun(backup: &Backup<'_, '_>) -> rusqlite::Result<()> {
    patiently(backup, 0, |result| matches!(result, StepResult::More | StepResult::Done))
}

/// In one step, so that what somebody writes meanwhile does not make it begin again and again.
fn all_at_once(backup: &Backup<'_, '_>) -> rusqlite::Result<()> {
    patiently(backup, -1, |result| result == StepResult::Done)
}

/// Takes a step of so many pages as often as it takes until it is done, and no longer than is usual.
fn patiently(backup: &Backup<'_, '_>, pages: i32, is_done: impl Fn(StepResult) -> bool) -> rusqlite::Result<()> {
    let end = Instant::now() + PATIENCE;
    loop {
        match backup.step(pages)? {
            result if is_done(result) => return Ok(()),
            StepResult::Busy | StepResult::Locked if Instant::now() >= end => {
                return Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None));
            }
            _ => thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// Gives what lies there another name, with all that SQLite put beside it, and leaves its own name to whoever takes it in one
/// step: whoever dies before that leaves what was there. Returns the name.
fn put_aside(place: &Path) -> io::Result<PathBuf> {
    let kept = free_name(place, "damaged");
    // First: a log that stays would be read into what comes.
    for ending in BESIDE {
        match fs::rename(with(place, ending), with(&kept, ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    match fs::hard_link(place, &kept) {
        Ok(()) => {}
        // A folder has one name, and so has everything on some file systems.
        Err(_) => fs::rename(place, &kept)?,
    }
    Ok(kept)
}

/// Where a store is copied to before it gets another form: `state.db.form-1`.
pub fn place_of_older(place: &Path, form: i64) -> PathBuf {
    free_name(place, &format!("form-{form}"))
}

/// The copies of a store that lie beside it since it was restored or brought up to date, sorted.
pub fn copies_beside(place: &Path) -> Vec<PathBuf> {
    let (Ok(entries), Some(name)) = (fs::read_dir(open::folder_of(place)), place.file_name().and_then(|name| name.to_str()))
    else {
        return Vec::new();
    };
    let is_copy = |other: &str| {
        let what = other.strip_prefix(name).and_then(|rest| rest.strip_prefix('.'));
        let is_kept = what.is_some_and(|what| ["epoch-", "form-", "damaged"].iter().any(|kept| what.starts_with(kept)));
        is_kept && !BESIDE.iter().any(|ending| other.ends_with(ending))
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut copies: Vec<PathBuf> = names.filter(|name| is_copy(name)).map(|name| place.with_file_name(name)).collect();
    copies.sort();
    copies
}

/// `state.db.form-1`, or with a number behind it the first that is free.
fn free_name(place: &Path, what: &str) -> PathBuf {
    let name = |number: u32| {
        let mut name = place.as_os_str().to_owned();
        name.push(format!(".{what}"));
        if number > 1 {
            name.push(format!("-{number}"));
        }
        PathBuf::from(name)
    };
    let is_free = |name: &PathBuf| {
        let beside = BESIDE.iter().map(|ending| with(name, ending));
        std::iter::once(name.clone()).chain(beside).all(|name| fs::symlink_metadata(name).is_err())
    };
    (1..).map(name).find(is_free).expect("there are more numbers than files")
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}
