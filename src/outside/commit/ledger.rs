//! What a commit asks of the store: to decide, and to remember until the files have followed.

use std::collections::BTreeMap;
use std::error::Error;

use crate::operation::{Changes, JournalEntry};
use crate::outside::store::{PendingFile, Store, StoreError};
use crate::text::FilePath;

/// The place where a commit is decided, and which remembers what was decided about files until they have followed.
pub trait Ledger {
    /// Writes rows, journal and every file's new text in one transaction, and returns the operation's number.
    ///
    /// When it returns, all of it is safe from a power failure; that is the only point at which a commit happens. The modes
    /// are those of the files that are replaced.
    ///
    /// # Errors
    /// Where nothing was written, or where it is not known; [`pending`](Self::pending) then tells.
    fn decide(&mut self, entry: &JournalEntry, changes: &Changes, modes: &BTreeMap<FilePath, u32>) -> Result<i64, LedgerError>;

    /// The files of decided commits that are not known to have followed, the oldest operation first.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn pending(&self) -> Result<Vec<PendingFile>, LedgerError>;

    /// Notes that these files have followed: they are no longer pending. Those that are not pending are passed over.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn settle(&mut self, operation: i64, files: &[FilePath]) -> Result<(), LedgerError>;
}

/// What the store says when it cannot.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct LedgerError(#[from] pub Box<dyn Error + Send + Sync>);

impl Ledger for Store {
    fn decide(&mut self, entry: &JournalEntry, changes: &Changes, modes: &BTreeMap<FilePath, u32>) -> Result<i64, LedgerError> {
        Store::decide(self, entry, changes, modes).map_err(boxed)
    }

    fn pending(&self) -> Result<Vec<PendingFile>, LedgerError> {
        Store::pending(self).map_err(boxed)
    }

    fn settle(&mut self, operation: i64, files: &[FilePath]) -> Result<(), LedgerError> {
        Store::settle(self, operation, files).map_err(boxed)
    }
}

fn boxed(error: StoreError) -> LedgerError {
    LedgerError(Box::new(error))
}
