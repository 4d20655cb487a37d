//! All that is kept of a sequence is taken away, for good.
//!
//! The journal is append-only, and triggers hold that. They are dropped for the moment in which this is done, and made again in
//! the same transaction. An operation that was about nothing else goes whole; of one that did more, a line says that a part of
//! it was purged, so that nobody undoes the rest and believes it was all.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Transaction, params};

use crate::sequence::SequenceId;
use crate::text::Digest;

use super::error::Stop;
use super::journal::EventKind;
use super::values::Stored;

/// Takes away what is kept of a sequence, while `current` is being written. Nothing is done where nothing is kept.
pub(super) fn purge(transaction: &Transaction<'_>, sequence: &SequenceId, current: i64) -> Result<(), Stop> {
    let sql = "SELECT number FROM sequence WHERE id = ?1";
    let number = transaction.query_row(sql, [sequence.as_str()], |row| row.get::<_, i64>(0)).optional()?;
    let Some(number) = number else { return Ok(()) };
    let purge = Purge { transaction, sequence, number, current };
    let texts = purge.texts()?;
    let operations = purge.operations()?;
    let triggers = purge.lift_triggers()?;
    purge.rows()?;
    purge.forget(operations)?;
    purge.unused(&texts)?;
    triggers.iter().try_for_each(|trigger| transaction.execute_batch(trigger))?;
    Ok(())
}

struct Purge<'a> {
    transaction: &'a Transaction<'a>,
    sequence: &'a SequenceId,
    number: i64,
    /// The operation that does it.
    current: i64,
}

impl Purge<'_> {
    /// The texts that were kept for it, and perhaps for others.
    fn texts(&self) -> rusqlite::Result<Vec<Digest>> {
        let sql = "SELECT text FROM version WHERE sequence = ?1 \
            UNION SELECT before FROM file_change WHERE sequence = ?1 AND before IS NOT NULL \
            UNION SELECT after FROM file_change WHERE sequence = ?1 AND after IS NOT NULL";
        let mut statement = self.transaction.prepare(sql)?;
        statement.query_map([self.number], |row| row.get(0).map(|Stored(digest)| digest))?.collect()
    }

    /// The operations that did something to it or to records in it.
    fn operations(&self) -> rusqlite::Result<BTreeSet<i64>> {
        let sql = "SELECT operation FROM event WHERE sequence = ?1 UNION SELECT operation FROM file_change WHERE sequence = ?1";
        self.numbers(sql, self.number)
    }

    fn numbers(&self, sql: &str, of: i64) -> rusqlite::Result<BTreeSet<i64>> {
        self.transaction.prepare_cached(sql)?.query_map([of], |row| row.get(0))?.collect()
    }

    /// Drops what keeps the journal from being changed, and returns the words that make it again.
    fn lift_triggers(&self) -> rusqlite::Result<Vec<String>> {
        let sql =
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('operation', 'event', 'file_change')";
        let mut statement = self.transaction.prepare(sql)?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
        let triggers: Vec<(String, String)> = statement.query_map([], read)?.collect::<rusqlite::Result<_>>()?;
        drop(statement);
        for (name, _) in &triggers {
            self.transaction.execute_batch(&format!("DROP TRIGGER \"{}\"", name.replace('"', "\"\"")))?;
        }
        Ok(triggers.into_iter().map(|(_, sql)| sql).collect())
    }

    /// Every row that says something of it, each before those that it refers to.
    fn rows(&self) -> rusqlite::Result<()> {
        let all = [
            "DELETE FROM outbox WHERE sequence = ?1",
            "DELETE FROM step_done WHERE connection IN (SELECT number FROM connection WHERE sequence = ?1)",
            "DELETE FROM connection WHERE sequence = ?1",
            "DELETE FROM event WHERE sequence = ?1",
            "DELETE FROM file_change WHERE sequence = ?1",
            "DELETE FROM version WHERE sequence = ?1",
            "DELETE FROM sequence WHERE number = ?1",
        ];
        all.iter().try_for_each(|sql| self.transaction.execute(sql, [self.number]).map(drop))
    }

    /// Takes away operations of which nothing is left, and what says that they were undone; marks the others.
    fn forget(&self, mut operations: BTreeSet<i64>) -> rusqlite::Result<()> {
        operations.remove(&self.current);
        let is_used = "SELECT EXISTS (SELECT 1 FROM event WHERE operation = ?1) \
            OR EXISTS (SELECT 1 FROM file_change WHERE operation = ?1) OR EXISTS (SELECT 1 FROM pending_file WHERE operation = ?1)";
        let mut marked = BTreeSet::new();
        while let Some(operation) = operations.pop_first() {
            let is_used: bool = self.transaction.prepare_cached(is_used)?.query_row([operation], |row| row.get(0))?;
            if is_used {
                marked.insert(operation);
                continue;
            }
            // Whatever undid it came later, and may have done nothing else.
            let by = self.numbers("SELECT operation FROM event WHERE undoes = ?1", operation)?;
            self.transaction.execute("DELETE FROM event WHERE undoes = ?1", [operation])?;
            self.transaction.execute("DELETE FROM operation WHERE number = ?1", [operation])?;
            marked = &marked - &by;
            operations.extend(by);
        }
        let sql = "INSERT INTO event (operation, kind, detail) VALUES (?1, ?2, ?3)";
        marked.into_iter().try_for_each(|operation| {
            let row = params![operation, EventKind::Purged.word(), self.sequence.as_str()];
            self.transaction.execute(sql, row).map(drop)
        })
    }

    /// Takes away texts that nothing is left of.
    fn unused(&self, texts: &[Digest]) -> rusqlite::Result<()> {
        let sql = "DELETE FROM text WHERE digest = ?1 AND NOT EXISTS (SELECT 1 FROM version WHERE text = ?1) \
            AND NOT EXISTS (SELECT 1 FROM file_change WHERE before = ?1 OR after = ?1)";
        let mut statement = self.transaction.prepare(sql)?;
        texts.iter().try_for_each(|text| statement.execute([Stored(*text)]).map(drop))
    }
}
