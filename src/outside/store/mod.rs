//! The store: records, published versions, connections and history, in one SQLite file.
//! In come what one commit changes and questions; out come answers, and errors in words.
//! Never decides what may be done; whatever a decision rests on is looked at again before anything is written.
//!
//! # The file
//!
//! It lies at `.segue/state.db` of the workspace, with a write-ahead log beside it while somebody has it open: readers never
//! wait, and see what was committed when they asked. A reader never creates, mends or migrates anything. A writer makes the
//! file where there is none, brings an older one up to date after a copy (`state.db.form-1`), and refuses a newer one.
//!
//! # The tables
//!
//! - `workspace`: one row; a random id, and an epoch that a restore raises. Epoch and number name an operation for good.
//! - `record`: leads, opportunities, rows of one's own.
//! - `sequence`, `version`, `text`: what was published. A sequence without a newest version was never published: the journal
//!   names it. A deleted one keeps its versions. Texts are stored once by digest.
//! - `connection`, `step_done`: where records stand and what was done. One running connection for each record and sequence is
//!   an index, not a habit.
//! - `operation`, `event`, `file_change`: the journal. One row a commit, one row a change, never altered; of files the whole
//!   texts before and after, so that an operation can be undone.
//! - `outbox`: what automated steps send, once by its key.
//! - `pending_file`: texts of files that are decided and not yet known to be on disk.
//!
//! Records and sequences are referred to by number, so that renaming a sequence is one row and an index entry is small.
#![allow(clippy::disallowed_methods, reason = "this is where the store's file is found, made and waited for")]

mod bulk;
mod check;
mod commit;
mod copies;
mod error;
mod facts;
mod happened;
mod journal;
mod open;
mod part;
mod pending;
mod publications;
mod purge;
mod records;
mod values;
mod views;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

pub use bulk::{BATCH, Bulk};
pub use commit::Modes;
pub use copies::{Restored, copies_beside, place_of_older, restore};
pub use error::StoreError;
pub use journal::EventKind;
pub use open::{FILE, FOLDER, PATIENCE, usual_place};
pub use part::{Over, dead_part_of, dead_parts, part_of, remove_dead_part};
pub use pending::PendingFile;
pub use publications::Followed;
pub use records::Imported;
pub use views::{ConnectionLine, EventLine, OperationLine, Overdue, RecordCount, SequenceLine, VersionLine, Wanted, Which};

/// How far a store has come: its newest operation, how many files have not followed, and the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(i64, i64, i64);

/// An open store.
#[derive(Debug)]
pub struct Store {
    database: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens a store to ask it; `None` where there is none. Creates, migrates and recovers nothing.
    ///
    /// # Errors
    /// [`StoreError`] where there is something that cannot be read as a store of this form.
    pub fn open(path: &Path) -> Result<Option<Self>, StoreError> {
        let opened = open::open_to_read(path, open::Forms::Ours)?;
        Ok(opened.map(|database| Self { database, path: path.to_owned() }))
    }

    /// As [`Store::open`], also where an older program made it: to copy it, to check it and to ask who it is. Nothing else may
    /// be asked of it then.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_as_it_is(path: &Path) -> Result<Option<Self>, StoreError> {
        let opened = open::open_to_read(path, open::Forms::Older)?;
        Ok(opened.map(|database| Self { database, path: path.to_owned() }))
    }

    /// As [`Store::open`], for whoever is going to write: an older one is brought up to date first.
    ///
    /// # Errors
    /// As [`Store::open`], and where it cannot be brought up to date.
    pub fn open_up_to_date(path: &Path) -> Result<Option<Self>, StoreError> {
        match Self::open(path) {
            Err(StoreError::Older { .. }) => Self::create(path).map(Some),
            opened => opened,
        }
    }

    /// The number of its form, and the number of the form that we know.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn form(&self) -> Result<(i64, i64), StoreError> {
        let found = open::form(&self.database).map_err(|error| self.trouble(error))?;
        Ok((found, open::MIGRATIONS.len() as i64))
    }

    /// Opens a store to write to it. Where there is none it is made, with its folder; an older one is brought up to date.
    ///
    /// # Errors
    /// [`StoreError`] where it cannot be made, read as a store, or written to.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        Self::create_within(path, PATIENCE)
    }

    /// As [`Store::create`], waiting for other writers as long as `patience`, now and with every commit.
    ///
    /// # Errors
    /// As [`Store::create`].
    pub fn create_within(path: &Path, patience: Duration) -> Result<Self, StoreError> {
        let database = open::open_to_write(path, patience, open::MIGRATIONS)?;
        Ok(Self { database, path: path.to_owned() })
    }

    /// Copies all that it holds into a new file, to try something out on.
    ///
    /// # Errors
    /// Where the store cannot be read or the copy not be written.
    pub fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        copies::copy(&self.database, path).map_err(|error| self.trouble(error))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Which store this is: a random id that it got when it was made, and the epoch.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn identity(&self) -> Result<(String, u32), StoreError> {
        let identity = self.database.query_row("SELECT id, epoch FROM workspace", [], |row| Ok((row.get(0)?, row.get(1)?)));
        identity.map_err(|error| self.trouble(error))
    }

    /// Asks several questions of one and the same state, whatever others write meanwhile. Thousands of questions are answered
    /// faster so than one by one.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn at_one_moment<T>(&self, ask: impl FnOnce(&Self) -> T) -> Result<T, StoreError> {
        let moment = self.database.unchecked_transaction().map_err(|error| self.trouble(error))?;
        let answer = ask(self);
        moment.finish().map_err(|error| self.trouble(error))?;
        Ok(answer)
    }

    /// What tells whether a commit came between two looks: nothing it changes comes without another number here.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn mark(&self) -> Result<Mark, StoreError> {
        let sql =
            "SELECT (SELECT coalesce(max(number), 0) FROM operation), (SELECT count(*) FROM pending_file), epoch FROM workspace";
        let mark = self.database.query_row(sql, [], |row| Ok(Mark(row.get(0)?, row.get(1)?, row.get(2)?)));
        mark.map_err(|error| self.trouble(error))
    }

    /// Answers as of this moment from now on, whatever others write meanwhile.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn stand_still(&self) -> Result<(), StoreError> {
        self.database.execute_batch("BEGIN").map_err(|error| self.trouble(error))?;
        // The moment is that of the first look.
        self.mark().map(drop)
    }

    fn trouble(&self, error: rusqlite::Error) -> StoreError {
        error::explain(&self.path, error)
    }
}
