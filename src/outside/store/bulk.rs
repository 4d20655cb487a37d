//! One piece of work in many transactions.

use rusqlite::{OptionalExtension, Transaction, params};

use crate::operation::{JournalEntry, RowChange};
use crate::record::RecordKey;
use crate::sequence::SequenceId;

use super::commit::Writing;
use super::error::Stop;
use super::journal::EventKind;
use super::values::Stored;
use super::{Store, StoreError};

/// The most rows that are written in one transaction, so that nobody else waits long for their turn.
pub const BATCH: usize = 5_000;

/// One piece of work in many transactions, under one line in the journal that is written with the first change.
#[derive(Clone, Debug)]
pub struct Bulk {
    pub(super) entry: JournalEntry,
    key: Option<String>,
    line: Option<Line>,
}

/// The line of some work in the journal of one store, as it was before any restore that comes later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub operation: i64,
    epoch: u32,
}

impl Bulk {
    /// Work that nothing was written of yet.
    pub fn new(entry: JournalEntry) -> Self {
        Self { entry, key: None, line: None }
    }

    /// Work that may have been stopped before: where something was written under this key, it goes on under the same line.
    pub fn keyed(entry: JournalEntry, key: impl Into<String>) -> Self {
        Self { entry, key: Some(key.into()), line: None }
    }

    /// The number of its operation, if anything was written so far.
    pub fn operation(&self) -> Option<i64> {
        self.line.map(|line| line.operation)
    }

    /// Its line, which is written where it is not there yet.
    pub(super) fn line_in(&self, transaction: &Transaction<'_>) -> Result<Line, Stop> {
        let epoch = transaction.prepare_cached("SELECT epoch FROM workspace")?.query_row([], |row| row.get(0))?;
        match self.line {
            Some(line) if line.epoch == epoch => return Ok(line),
            // Its number may be another's by now, and what was written before is not there any more.
            Some(_) => return Err(Stop::Moved("the store was restored meanwhile".to_owned())),
            None => {}
        }
        let under_key = |key: &String| {
            let mut statement = transaction.prepare_cached("SELECT number FROM operation WHERE key = ?1")?;
            statement.query_row([key], |row| row.get(0)).optional()
        };
        let operation = match self.key.as_ref().map(under_key).transpose()?.flatten() {
            Some(operation) => operation,
            None => begin(transaction, &self.entry, self.key.as_deref())?,
        };
        Ok(Line { operation, epoch })
    }

    /// Notes that what was written under this line is committed.
    pub(super) fn committed(&mut self, line: Option<Line>) {
        self.line = self.line.or(line);
    }
}

/// Writes an operation's line in the journal.
pub(super) fn begin(transaction: &Transaction<'_>, entry: &JournalEntry, key: Option<&str>) -> rusqlite::Result<i64> {
    let sql = "INSERT INTO operation (what, actor, at, message, key, keeps_texts) VALUES (?1, ?2, ?3, ?4, ?5, 1)";
    let JournalEntry { what, actor, at, message } = entry;
    transaction.prepare_cached(sql)?.insert(params![what, actor, Stored(*at), message, key])
}

impl Store {
    /// Whether a record was connected to a sequence by work under this key, be it that it has left it since.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn was_connected_under(&self, key: &str, record: &RecordKey, sequence: &SequenceId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM operation JOIN event ON event.operation = operation.number \
            WHERE operation.key = ?1 AND event.kind = ?2 \
            AND event.record = (SELECT number FROM record WHERE type = ?3 AND id = ?4) \
            AND event.sequence = (SELECT number FROM sequence WHERE id = ?5)";
        let asked = params![key, EventKind::Connected.word(), record.record_type, record.id, sequence.as_str()];
        Ok(self.first(sql, asked, |_| Ok(()))?.is_some())
    }

    /// Writes some rows of work in batches, in one transaction: all of them or none. Give it at most [`BATCH`] at a time.
    ///
    /// # Errors
    /// As [`Store::decide`].
    pub fn write_rows(&mut self, bulk: &mut Bulk, rows: &[RowChange]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let line = self.write(|transaction| {
            let line = bulk.line_in(transaction)?;
            Writing::new(transaction, line.operation, &bulk.entry).rows(rows)?;
            Ok::<_, Stop>(line)
        })?;
        bulk.committed(Some(line));
        Ok(())
    }
}
