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
use super::part::{Over, Part};
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
        match (open::is_there(to)?, over) {
            (true, Over::Nothing) => return Err(StoreError::Taken { path: to.to_owned(), by: "a file" }),
            // What is no store of ours says so here, and stays.
            (true, Over::Store) => drop(Self::open_as_it_is(to)?),
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
/// Others may read meanwhile, and see all of the one or all of the other. What writes records at the very same moment may be
/// lost: that is for whoever restores to stop.
///
/// # Errors
/// Where the backup or what is there is newer than we are, or where it cannot be written. The store is then as it was.
pub fn restore(backup: &Store, place: &Path) -> Result<Restored, StoreError> {
    let before = Store::open_as_it_is(place);
    let (_, of_backup) = backup.identity()?;
    let of_before = before.as_ref().ok().and_then(Option::as_ref).and_then(|store| store.identity().ok());
    let epoch = of_before.map_or(of_backup, |(_, epoch)| epoch.max(of_backup)) + 1;
    let not_written = |source| StoreError::NotOpened { path: place.to_owned(), source };
    open::make_folder(open::folder_of(place)).map_err(not_written)?;
    let part = Part::beside(place, PATIENCE).map_err(not_written)?;
    let new = renewed(&backup.database, part.path(), epoch).map_err(|stop| stop.at(place))?;
    let kept = match before {
        Ok(None) => {
            new.close().map_err(|(_, error)| explain(place, error))?;
            // An empty file is no store, and may be there.
            part.keep(Over::Store).map_err(not_written)?;
            None
        }
        Ok(Some(before)) => {
            let name = format!("epoch-{}", before.identity().map_or(1, |(_, epoch)| epoch));
            let kept = free_name(place, &name);
            copy_whole(&before.database, &kept, Over::Nothing)?;
            drop(before);
            pour(&new, place).map_err(|error| explain(place, error))?;
            Some(kept)
        }
        Err(StoreError::Damaged { .. } | StoreError::NotAStore { .. }) => {
            new.close().map_err(|(_, error)| explain(place, error))?;
            let kept = put_aside(place).map_err(not_written)?;
            part.keep(Over::Nothing).map_err(not_written)?;
            Some(kept)
        }
        Err(error) => return Err(error),
    };
    Ok(Restored { epoch, kept })
}

/// A copy of a backup in the form that we know, with another epoch.
fn renewed(backup: &Connection, to: &Path, epoch: u32) -> Result<Connection, open::NotRun> {
    copy(backup, to)?;
    let mut new = Connection::open(to)?;
    open::run(&mut new, open::MIGRATIONS, |_| Ok(()))?;
    new.execute("UPDATE workspace SET epoch = ?1", [epoch])?;
    Ok(new)
}

/// Gives a living store other contents in one transaction, so that nobody who has it open sees anything between.
///
/// Another file under its name would not do: the log beside it belongs to the old one.
fn pour(from: &Connection, place: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut living = Connection::open_with_flags(place, flags)?;
    living.busy_timeout(PATIENCE)?;
    living.pragma_update(None, "synchronous", "FULL")?;
    all_at_once(&Backup::new(from, &mut living)?)
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

/// In one step, so that what somebody writes meanwhile does not make it begin again and again.
fn all_at_once(backup: &Backup<'_, '_>) -> rusqlite::Result<()> {
    let end = Instant::now() + PATIENCE;
    loop {
        match backup.step(-1)? {
            StepResult::Done => return Ok(()),
            StepResult::Busy | StepResult::Locked if Instant::now() >= end => {
                return Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None));
            }
            _ => thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// Gives what lies there another name, with all that SQLite put beside it. Returns the name.
fn put_aside(place: &Path) -> io::Result<PathBuf> {
    let kept = free_name(place, "damaged");
    fs::rename(place, &kept)?;
    for ending in ["-wal", "-shm"] {
        let beside = |path: &Path| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        match fs::rename(beside(place), beside(&kept)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(kept)
}

/// Where a store is copied to before it gets another form: `state.db.form-1`.
pub fn place_of_older(place: &Path, form: i64) -> PathBuf {
    free_name(place, &format!("form-{form}"))
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
    (1..).map(name).find(|name| fs::symlink_metadata(name).is_err()).expect("there are more numbers than files")
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}
