//! Records on their way into the store, in batches.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::progress::EndReason;
use crate::record::{Record, RecordUpdate};

use super::bulk::Line;
use super::error::Stop;
use super::facts::record_in;
use super::journal::EventKind;
use super::values::{Stored, fields_text};
use super::{Bulk, Store, StoreError};

/// What became of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many were not known before.
    pub new: u64,
    /// How many are no longer as they were.
    pub changed: u64,
    /// How many are as they were.
    pub unchanged: u64,
    /// How many connections ended, because their record was closed.
    pub ended: u64,
}

impl std::ops::AddAssign for Imported {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.ended += other.ended;
    }
}

impl Store {
    /// Writes what is said about some records in one transaction. Give it at most [`BATCH`](super::BATCH) at a time.
    ///
    /// Each record that changes is one event; those that do not cost nothing. The connections of a record that is closed
    /// end. Saying the same twice changes nothing, so that work that was stopped may start again from the beginning.
    ///
    /// # Errors
    /// Where the store cannot be written; then nothing of these is.
    pub fn import(&mut self, bulk: &mut Bulk, updates: impl IntoIterator<Item = RecordUpdate>) -> Result<Imported, StoreError> {
        let (line, imported) = self.write(|transaction| {
            let mut import = Import { transaction, bulk, line: None, imported: Imported::default() };
            updates.into_iter().try_for_each(|update| import.take(update))?;
            Ok((import.line, import.imported))
        })?;
        bulk.committed(line);
        Ok(imported)
    }
}

struct Import<'a> {
    transaction: &'a Transaction<'a>,
    bulk: &'a Bulk,
    line: Option<Line>,
    imported: Imported,
}

impl Import<'_> {
    fn take(&mut self, update: RecordUpdate) -> Result<(), Stop> {
        let sql = "SELECT type, id, name, owner, is_open, fields, number FROM record WHERE type = ?1 AND id = ?2";
        let read = |row: &Row<'_>| Ok((record_in(row)?, row.get(6)?));
        let key = [&update.key.record_type, &update.key.id];
        let found: Option<(Record, i64)> = self.transaction.prepare_cached(sql)?.query_row(key, read).optional()?;
        let Some((before, number)) = found else { return self.add(&update.apply(None)) };
        let after = update.apply(Some(before.clone()));
        if after == before {
            self.imported.unchanged += 1;
            return Ok(());
        }
        self.change(number, &before, &after)
    }

    fn add(&mut self, record: &Record) -> Result<(), Stop> {
        let sql = "INSERT INTO record (type, id, name, owner, is_open, fields) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let Record { key, name, owner, is_open, fields } = record;
        let row = params![key.record_type, key.id, name, owner, is_open, fields_text(fields)];
        let number = self.transaction.prepare_cached(sql)?.insert(row)?;
        self.imported.new += 1;
        self.event(EventKind::RecordAdded, number)
    }

    fn change(&mut self, number: i64, before: &Record, after: &Record) -> Result<(), Stop> {
        let sql = "UPDATE record SET name = ?2, owner = ?3, is_open = ?4, fields = ?5 WHERE number = ?1";
        let row = params![number, after.name, after.owner, after.is_open, fields_text(&after.fields)];
        self.transaction.prepare_cached(sql)?.execute(row)?;
        self.imported.changed += 1;
        match (before.is_open, after.is_open) {
            (true, false) => {
                self.event(EventKind::RecordClosed, number)?;
                self.end_connections(number)
            }
            (false, true) => self.event(EventKind::RecordReopened, number),
            (true, true) | (false, false) => self.event(EventKind::RecordChanged, number),
        }
    }

    fn end_connections(&mut self, record: i64) -> Result<(), Stop> {
        let operation = self.operation()?;
        let reason = EndReason::RecordClosed.word();
        let sql = "INSERT INTO event (operation, kind, record, sequence, version, run, step, word) \
            SELECT ?1, ?2, record, sequence, version, run, step, ?3 FROM connection WHERE record = ?4 AND ended_at IS NULL";
        self.transaction.prepare_cached(sql)?.execute(params![operation, EventKind::Ended.word(), reason, record])?;
        let sql = "UPDATE connection SET ended_at = ?2, end_reason = ?3 WHERE record = ?1 AND ended_at IS NULL";
        let ended = self.transaction.prepare_cached(sql)?.execute(params![record, Stored(self.bulk.entry.at), reason])?;
        self.imported.ended += ended as u64;
        Ok(())
    }

    fn event(&mut self, kind: EventKind, record: i64) -> Result<(), Stop> {
        let operation = self.operation()?;
        let sql = "INSERT INTO event (operation, kind, record) VALUES (?1, ?2, ?3)";
        self.transaction.prepare_cached(sql)?.execute(params![operation, kind.word(), record])?;
        Ok(())
    }

    fn operation(&mut self) -> Result<i64, Stop> {
        let line = match self.line {
            Some(line) => line,
            None => *self.line.insert(self.bulk.line_in(self.transaction)?),
        };
        Ok(line.operation)
    }
}
