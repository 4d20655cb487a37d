//! The core's questions, answered.

use std::sync::Arc;

use rusqlite::{OptionalExtension, Params, Row, params};

use crate::lifecycle::{Published, Version};
use crate::operation::{Facts, Kept, Standing, Unavailable};
use crate::progress::Connection;
use crate::record::{Record, RecordKey};
use crate::sequence::SequenceId;
use crate::text::Digest;

use super::values::Stored;
use super::{Store, StoreError};

/// The columns of a connection, as [`connection_in`] reads them.
pub(super) const CONNECTION: &str = "record.type, record.id, sequence.id, connection.version, connection.run, connection.step, \
    connection.connected_at, connection.connected_by, connection.entered_at, connection.ended_at, connection.end_reason";

/// Where these columns come from.
pub(super) const FROM_CONNECTION: &str = "connection JOIN record ON record.number = connection.record \
    JOIN sequence ON sequence.number = connection.sequence";

impl From<StoreError> for Unavailable {
    fn from(error: StoreError) -> Self {
        let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
        Unavailable(causes.fold(error.to_string(), |words, cause| format!("{words}: {cause}")))
    }
}

impl Facts for Store {
    fn published(&self, sequence: &SequenceId) -> Result<Option<Published>, Unavailable> {
        let sql = "SELECT sequence.state, version.number, version.meaning, version.message FROM sequence \
            JOIN version ON version.sequence = sequence.number AND version.number = sequence.newest_version \
            WHERE sequence.id = ?1 AND sequence.deleted_at IS NULL";
        let published = |row: &Row<'_>| {
            let (Stored(state), Stored(meaning)) = (row.get(0)?, row.get(2)?);
            Ok(Published { state, number: row.get(1)?, meaning, message: row.get(3)?, versions: Vec::new() })
        };
        let Some(published) = self.first(sql, [sequence.as_str()], published)? else { return Ok(None) };
        Ok(Some(Published { versions: self.versions(sequence)?, ..published }))
    }

    fn version(&self, sequence: &SequenceId, number: u32) -> Result<Option<Version>, Unavailable> {
        let sql = "SELECT version.number, version.meaning, text.content, version.message FROM sequence \
            JOIN version ON version.sequence = sequence.number JOIN text ON text.digest = version.text \
            WHERE sequence.id = ?1 AND version.number = ?2";
        Ok(self.first(sql, params![sequence.as_str(), number], version_in)?)
    }

    fn versions(&self, sequence: &SequenceId) -> Result<Vec<(u32, Digest)>, Unavailable> {
        let sql = "SELECT version.number, version.meaning FROM sequence JOIN version ON version.sequence = sequence.number \
            WHERE sequence.id = ?1 ORDER BY version.number";
        let version = |row: &Row<'_>| {
            let Stored(meaning) = row.get(1)?;
            Ok((row.get(0)?, meaning))
        };
        Ok(self.all(sql, [sequence.as_str()], version)?)
    }

    fn former_ids(&self, sequence: &SequenceId) -> Result<Vec<SequenceId>, Unavailable> {
        let sql = "SELECT event.detail FROM event JOIN sequence ON sequence.number = event.sequence \
            WHERE sequence.id = ?1 AND event.record IS NULL AND event.kind = 'renamed' AND event.detail <> sequence.id \
            GROUP BY event.detail ORDER BY max(event.number)";
        Ok(self.all(sql, [sequence.as_str()], |row| row.get(0).map(|Stored(id)| id))?)
    }

    fn kept(&self, sequence: &SequenceId) -> Result<Option<Kept>, Unavailable> {
        let sql = "SELECT (SELECT count(*) FROM version WHERE version.sequence = sequence.number), \
            (SELECT count(*) FROM connection WHERE connection.sequence = sequence.number) FROM sequence WHERE id = ?1";
        let kept = |row: &Row<'_>| {
            let (Stored(versions), Stored(connections)) = (row.get(0)?, row.get(1)?);
            Ok(Kept { versions, connections })
        };
        Ok(self.first(sql, [sequence.as_str()], kept)?)
    }

    fn serving(&self) -> Result<Vec<SequenceId>, Unavailable> {
        let sql = "SELECT id FROM sequence WHERE state IN ('active', 'revision') AND deleted_at IS NULL ORDER BY id";
        Ok(self.all(sql, [], |row| row.get(0).map(|Stored(id)| id))?)
    }

    fn standings(&self, sequence: &SequenceId) -> Result<Vec<Standing>, Unavailable> {
        let sql = "SELECT version, step, count(*) FROM connection \
            WHERE sequence = (SELECT number FROM sequence WHERE id = ?1) AND ended_at IS NULL \
            GROUP BY version, step ORDER BY version, step";
        let standing = |row: &Row<'_>| {
            let Stored(connections) = row.get(2)?;
            Ok(Standing { version: row.get(0)?, step: row.get(1)?, connections })
        };
        Ok(self.all(sql, [sequence.as_str()], standing)?)
    }

    fn record(&self, key: &RecordKey) -> Result<Option<Record>, Unavailable> {
        let sql = "SELECT type, id, name, owner, is_open, fields FROM record WHERE type = ?1 AND id = ?2";
        Ok(self.first(sql, [&key.record_type, &key.id], record_in)?)
    }

    fn connection(&self, record: &RecordKey, sequence: &SequenceId) -> Result<Option<Connection>, Unavailable> {
        let sql = format!(
            "SELECT {CONNECTION} FROM {FROM_CONNECTION} WHERE record.type = ?1 AND record.id = ?2 AND sequence.id = ?3 \
            ORDER BY connection.run DESC LIMIT 1"
        );
        Ok(self.first(&sql, [&record.record_type, &record.id, sequence.as_str()], connection_in)?)
    }

    fn running(&self, record: &RecordKey) -> Result<Vec<Connection>, Unavailable> {
        let sql = format!(
            "SELECT {CONNECTION} FROM {FROM_CONNECTION} WHERE record.type = ?1 AND record.id = ?2 \
            AND connection.ended_at IS NULL ORDER BY sequence.id"
        );
        Ok(self.all(&sql, [&record.record_type, &record.id], connection_in)?)
    }

    fn records(&self, record_type: &str, after: Option<&str>, limit: usize) -> Result<Vec<Record>, Unavailable> {
        let sql = "SELECT type, id, name, owner, is_open, fields FROM record \
            WHERE type = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(self.all(sql, params![record_type, after.unwrap_or_default(), limit], record_in)?)
    }

    fn record_count(&self, record_type: &str) -> Result<u64, Unavailable> {
        let count = self.first("SELECT count(*) FROM record WHERE type = ?1", [record_type], |row| row.get(0))?;
        let Stored(count) = count.unwrap_or(Stored(0));
        Ok(count)
    }

    fn connections(&self, sequence: &SequenceId) -> Result<Vec<Connection>, Unavailable> {
        let sql = format!(
            "SELECT {CONNECTION} FROM {FROM_CONNECTION} WHERE sequence.id = ?1 \
            AND connection.ended_at IS NULL ORDER BY record.type, record.id"
        );
        Ok(self.all(&sql, [sequence.as_str()], connection_in)?)
    }
}

impl Store {
    /// The first row that a question is answered with.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        let answer = self.database.prepare_cached(sql).and_then(|mut statement| statement.query_row(parameters, read).optional());
        answer.map_err(|error| self.trouble(error))
    }

    /// All rows that a question is answered with.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let answer = self.database.prepare_cached(sql).and_then(|mut statement| statement.query_map(parameters, read)?.collect());
        answer.map_err(|error| self.trouble(error))
    }
}

/// A version, of the columns number, meaning, content and message.
fn version_in(row: &Row<'_>) -> rusqlite::Result<Version> {
    let Stored(meaning) = row.get(1)?;
    let text: Stored<Arc<str>> = row.get(2)?;
    Ok(Version { number: row.get(0)?, meaning, text: text.0, message: row.get(3)? })
}

/// A record, of the columns type, id, name, owner, is_open and fields.
pub(super) fn record_in(row: &Row<'_>) -> rusqlite::Result<Record> {
    let Stored(fields) = row.get(5)?;
    Ok(Record {
        key: RecordKey { record_type: row.get(0)?, id: row.get(1)? },
        name: row.get(2)?,
        owner: row.get(3)?,
        is_open: row.get(4)?,
        fields,
    })
}

/// A connection, of the columns in [`CONNECTION`].
pub(super) fn connection_in(row: &Row<'_>) -> rusqlite::Result<Connection> {
    let Stored(sequence) = row.get(2)?;
    let Stored(connected_at) = row.get(6)?;
    let Stored(entered_at) = row.get(8)?;
    let ended_at: Option<Stored<_>> = row.get(9)?;
    let reason: Option<Stored<_>> = row.get(10)?;
    Ok(Connection {
        record: RecordKey { record_type: row.get(0)?, id: row.get(1)? },
        sequence,
        version: row.get(3)?,
        run: row.get(4)?,
        step: row.get(5)?,
        connected_at,
        connected_by: row.get(7)?,
        entered_at,
        ended: ended_at.zip(reason).map(|(Stored(at), Stored(reason))| (at, reason)),
    })
}
