//! What lists and pages show. What may be millions comes one by one.

use std::ops::ControlFlow;
use std::sync::Arc;

use rusqlite::{Params, Row, params};

use crate::operation::FileChange;
use crate::progress::Connection;
use crate::record::{Record, RecordKey};
use crate::sequence::{SequenceId, State};
use crate::text::{Digest, FilePath};
use crate::time::Instant;

use super::facts::{CONNECTION, FROM_CONNECTION, connection_in, record_in};
use super::journal::EventKind;
use super::values::Stored;
use super::{Store, StoreError};

/// A published sequence in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SequenceLine {
    /// The sequence.
    pub id: SequenceId,
    /// Its published state.
    pub state: State,
    /// Its newest version.
    pub newest_version: u32,
    /// How many connections run.
    pub running: u64,
    /// How many of them are due.
    pub due: u64,
    /// How many of them stand at a step that could not be done.
    pub in_error: u64,
}

/// A connection in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionLine {
    /// The connection.
    pub connection: Connection,
    /// What people call the record.
    pub record_name: Option<String>,
    /// The person whose the record is.
    pub record_owner: Option<String>,
    /// When its step falls due.
    pub due: Option<Instant>,
    /// Why its step could not be done.
    pub error: Option<String>,
}

/// Which connections are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that run.
    Running,
    /// Those that ended, too.
    All,
}

/// How many records of a type there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordCount {
    /// The record type.
    pub record_type: String,
    /// How many are still worked on.
    pub open: u64,
    /// How many are closed.
    pub closed: u64,
}

/// A version in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionLine {
    /// Its number.
    pub number: u32,
    /// The digest of its meaning.
    pub meaning: Digest,
    /// Why it was made.
    pub message: Option<String>,
    /// Who published it.
    pub actor: String,
    /// When.
    pub at: Instant,
    /// Whether its waits skip days off, as in force when it was published.
    pub skip_non_working_days: bool,
    /// How many connections run on it.
    pub running: u64,
    /// How many connections ever ran on it.
    pub connections: u64,
}

/// An operation in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationLine {
    /// Its number.
    pub number: i64,
    /// What was asked for.
    pub what: String,
    /// Who asked.
    pub actor: String,
    /// When.
    pub at: Instant,
    /// Why, in the asker's words.
    pub message: Option<String>,
    /// How many changes it made.
    pub events: u64,
    /// How many files it changed.
    pub files: u64,
    /// How many records it was about. Of a long operation, how many changes of records it made.
    pub records: u64,
    /// The operation that undid it, the latest if several did.
    pub undone_by: Option<i64>,
}

/// Which operations are shown; all of them, unless it says otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// Those with a lower number than this.
    pub before: Option<i64>,
    /// Those from this instant on.
    pub since: Option<Instant>,
    /// Those that this person asked for.
    pub actor: Option<&'a str>,
    /// Those that did something to this sequence, or to records in it.
    pub sequence: Option<&'a SequenceId>,
}

/// A change in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLine {
    /// Its number; later ones are higher.
    pub number: i64,
    /// The operation that it is part of.
    pub operation: i64,
    /// What happened.
    pub kind: EventKind,
    /// The record that it happened to.
    pub record: Option<RecordKey>,
    /// The sequence that it happened to.
    pub sequence: Option<SequenceId>,
    /// The version.
    pub version: Option<u32>,
    /// Which way of the record through the sequence.
    pub run: Option<u32>,
    /// The step.
    pub step: Option<String>,
    /// A state, a reason or a verb, as the kind has it.
    pub word: Option<String>,
    /// More about it, in words.
    pub detail: Option<String>,
    /// The state that the sequence had before.
    pub before: Option<State>,
    /// The operation that was undone by it.
    pub undoes: Option<i64>,
}

/// Connections that wait past the time when something should have moved them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overdue {
    /// How many.
    pub connections: u64,
    /// When the first of them fell due.
    pub since: Instant,
}

impl Store {
    /// The connections that fell due before an instant and did not move; `None` where there are none.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn overdue(&self, before: Instant) -> Result<Option<Overdue>, StoreError> {
        let sql = "SELECT count(*), min(due) FROM connection INDEXED BY connection_due WHERE ended_at IS NULL AND due < ?1";
        let read = |row: &Row<'_>| Ok((row.get::<_, Stored<u64>>(0)?.0, row.get::<_, Option<Stored<Instant>>>(1)?));
        let found = self.first(sql, [Stored(before)], read)?;
        Ok(found.and_then(|(connections, since)| Some(Overdue { connections, since: since?.0 })))
    }

    /// How many messages wait to be sent.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn waiting_messages(&self) -> Result<u64, StoreError> {
        let count = self.first("SELECT count(*) FROM outbox WHERE state = 'waiting'", [], |row| row.get(0))?;
        Ok(count.map_or(0, |Stored(count)| count))
    }

    /// The versions that are not the newest of their sequence and that nobody is on any more, by sequence.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn unused_versions(&self) -> Result<Vec<(SequenceId, u64)>, StoreError> {
        let sql = "SELECT sequence.id, count(*) FROM version JOIN sequence ON sequence.number = version.sequence \
            WHERE version.number <> sequence.newest_version AND NOT EXISTS (SELECT 1 FROM connection \
                WHERE connection.sequence = version.sequence AND connection.version = version.number AND connection.ended_at IS NULL) \
            GROUP BY sequence.number ORDER BY sequence.id";
        self.all(sql, [], |row| Ok((row.get::<_, Stored<_>>(0)?.0, row.get::<_, Stored<u64>>(1)?.0)))
    }

    /// Every published sequence with its counts, by id.
    ///
    /// # Errors
    /// Where the store cannot be read; so with every other view.
    pub fn sequences(&self, now: Instant) -> Result<Vec<SequenceLine>, StoreError> {
        // Each count has its index: what runs, what is due and what is in error are each read once and alone.
        let sql = "SELECT sequence.id, sequence.state, sequence.newest_version, coalesce(running.count, 0), \
                coalesce(due.count, 0), coalesce(failed.count, 0) FROM sequence \
            LEFT JOIN (SELECT sequence, count(*) AS count FROM connection INDEXED BY connection_standing \
                WHERE ended_at IS NULL GROUP BY sequence) AS running ON running.sequence = sequence.number \
            LEFT JOIN (SELECT sequence, count(*) AS count FROM connection INDEXED BY connection_due \
                WHERE ended_at IS NULL AND due <= ?1 GROUP BY sequence) AS due ON due.sequence = sequence.number \
            LEFT JOIN (SELECT sequence, count(*) AS count FROM connection INDEXED BY connection_error \
                WHERE ended_at IS NULL AND error_code IS NOT NULL GROUP BY sequence) AS failed \
                ON failed.sequence = sequence.number \
            WHERE sequence.newest_version IS NOT NULL AND sequence.deleted_at IS NULL ORDER BY sequence.id";
        self.all(sql, [Stored(now)], |row| {
            let (Stored(id), Stored(state)) = (row.get(0)?, row.get(1)?);
            let (Stored(running), Stored(due), Stored(in_error)) = (row.get(3)?, row.get(4)?, row.get(5)?);
            Ok(SequenceLine { id, state, newest_version: row.get(2)?, running, due, in_error })
        })
    }

    /// Shows the connections of a sequence one by one, by version and, where they run, by step.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn each_connection(
        &self,
        sequence: &SequenceId,
        which: Which,
        visit: impl FnMut(ConnectionLine) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let (running, order) = match which {
            Which::Running => ("AND connection.ended_at IS NULL", "connection.version, connection.step, connection.number"),
            Which::All => ("", "connection.version, connection.number"),
        };
        let sql = format!(
            "SELECT {CONNECTION}, record.name, connection.due, connection.error_message, record.owner FROM {FROM_CONNECTION} \
            WHERE connection.sequence = (SELECT number FROM sequence WHERE id = ?1) {running} ORDER BY {order}"
        );
        self.each(&sql, [sequence.as_str()], connection_line_in, visit)
    }

    /// Every way of a record through any sequence, the newest first.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn connections_of(&self, record: &RecordKey) -> Result<Vec<ConnectionLine>, StoreError> {
        let sql = format!(
            "SELECT {CONNECTION}, record.name, connection.due, connection.error_message, record.owner FROM {FROM_CONNECTION} \
            WHERE record.type = ?1 AND record.id = ?2 ORDER BY connection.number DESC"
        );
        self.all(&sql, [&record.record_type, &record.id], connection_line_in)
    }

    /// Shows the records of a type one by one, by id, from behind `after`.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn each_record(
        &self,
        record_type: &str,
        after: Option<&str>,
        visit: impl FnMut(Record) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        // No id is empty, so that nothing lies before the first.
        let sql = "SELECT type, id, name, owner, is_open, fields FROM record WHERE type = ?1 AND id > ?2 ORDER BY id";
        self.each(sql, [record_type, after.unwrap_or_default()], record_in, visit)
    }

    /// Every record that has an id, by type: a lead and an account may share one.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn records_called(&self, id: &str) -> Result<Vec<Record>, StoreError> {
        // The types are few and the records many: from each type it is one step to the next.
        let sql = "WITH RECURSIVE known (type) AS (SELECT min(type) FROM record UNION ALL \
                SELECT (SELECT min(type) FROM record WHERE record.type > known.type) FROM known WHERE known.type IS NOT NULL) \
            SELECT record.type, id, name, owner, is_open, fields FROM known CROSS JOIN record \
            WHERE record.type = known.type AND record.id = ?1 ORDER BY record.type";
        self.all(sql, [id], record_in)
    }

    /// How many records of each type there are, by type.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn record_counts(&self) -> Result<Vec<RecordCount>, StoreError> {
        let sql = "SELECT type, sum(is_open), count(*) - sum(is_open) FROM record GROUP BY type ORDER BY type";
        self.all(sql, [], |row| {
            let (Stored(open), Stored(closed)) = (row.get(1)?, row.get(2)?);
            Ok(RecordCount { record_type: row.get(0)?, open, closed })
        })
    }

    /// Every version of a sequence, oldest first, also of one that was deleted.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn version_lines(&self, sequence: &SequenceId) -> Result<Vec<VersionLine>, StoreError> {
        let sql = "SELECT version.number, version.meaning, version.message, version.actor, version.at, \
                version.skip_non_working_days, \
                (SELECT count(*) FROM connection WHERE connection.sequence = version.sequence \
                    AND connection.version = version.number AND ended_at IS NULL), \
                (SELECT count(*) FROM connection WHERE connection.sequence = version.sequence \
                    AND connection.version = version.number) \
            FROM sequence JOIN version ON version.sequence = sequence.number WHERE sequence.id = ?1 ORDER BY version.number";
        self.all(sql, [sequence.as_str()], |row| {
            let (Stored(meaning), Stored(at)) = (row.get(1)?, row.get(4)?);
            let (Stored(running), Stored(connections)) = (row.get(6)?, row.get(7)?);
            Ok(VersionLine {
                number: row.get(0)?,
                meaning,
                message: row.get(2)?,
                actor: row.get(3)?,
                at,
                skip_non_working_days: row.get(5)?,
                running,
                connections,
            })
        })
    }

    /// The latest operations, the newest first; before the number, where one is given.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn operations(&self, before: Option<i64>, most: u32) -> Result<Vec<OperationLine>, StoreError> {
        let mut lines = Vec::new();
        let wanted = Wanted { before, ..Wanted::default() };
        self.each_operation(&wanted, most, |line| {
            lines.push(line);
            ControlFlow::Continue(())
        })?;
        Ok(lines)
    }

    /// Shows the latest operations of those that are wanted one by one, the newest first.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn each_operation(
        &self,
        wanted: &Wanted<'_>,
        most: u32,
        visit: impl FnMut(OperationLine) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let Wanted { before, since, actor, sequence } = wanted;
        let sql = format!(
            "{OPERATION} WHERE (?1 IS NULL OR number < ?1) AND (?2 IS NULL OR at >= ?2) AND (?3 IS NULL OR actor = ?3) \
            AND (?4 IS NULL OR EXISTS (SELECT 1 FROM event WHERE event.operation = operation.number \
                AND event.sequence = (SELECT sequence.number FROM sequence WHERE id = ?4))) \
            ORDER BY number DESC LIMIT ?5"
        );
        let sequence = sequence.map(SequenceId::as_str);
        self.each(&sql, params![before, since.map(Stored), actor, sequence, most], operation_in, visit)
    }

    /// The operation of a number.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn operation(&self, number: i64) -> Result<Option<OperationLine>, StoreError> {
        self.first(&format!("{OPERATION} WHERE number = ?1"), [number], operation_in)
    }

    /// What an operation did to files, by path.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn files_of(&self, operation: i64) -> Result<Vec<FileChange>, StoreError> {
        let sql = "SELECT path, before.content, after.content FROM file_change \
            LEFT JOIN text AS before ON before.digest = file_change.before \
            LEFT JOIN text AS after ON after.digest = file_change.after WHERE operation = ?1 ORDER BY path";
        self.all(sql, [operation], |row| {
            let text = |column| row.get::<_, Option<Stored<Arc<str>>>>(column).map(|text| text.map(|text| text.0));
            Ok(FileChange { path: FilePath::new(row.get::<_, String>(0)?), before: text(1)?, after: text(2)? })
        })
    }

    /// Shows the changes of an operation one by one, in their order.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn each_event(&self, operation: i64, visit: impl FnMut(EventLine) -> ControlFlow<()>) -> Result<(), StoreError> {
        let sql = format!("{EVENT} WHERE event.operation = ?1 ORDER BY event.number");
        self.each(&sql, [operation], event_in, visit)
    }

    /// As [`Store::each_event`], of sequences themselves, not of their records.
    pub(super) fn each_event_of_sequences(
        &self,
        operation: i64,
        visit: impl FnMut(EventLine) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let sql = format!("{EVENT} WHERE event.operation = ?1 AND event.record IS NULL ORDER BY event.number");
        self.each(&sql, [operation], event_in, visit)
    }

    /// What happened to a sequence itself, not to its records, the latest first.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn history_of(&self, sequence: &SequenceId, most: u32) -> Result<Vec<EventLine>, StoreError> {
        let sql = format!(
            "{EVENT} WHERE event.sequence = (SELECT number FROM sequence WHERE id = ?1) AND event.record IS NULL \
            ORDER BY event.number DESC LIMIT ?2"
        );
        self.all(&sql, params![sequence.as_str(), most], event_in)
    }

    /// What happened to a record, the latest first.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn history_of_record(&self, record: &RecordKey, most: u32) -> Result<Vec<EventLine>, StoreError> {
        let sql = format!(
            "{EVENT} WHERE event.record = (SELECT number FROM record WHERE type = ?1 AND id = ?2) \
            ORDER BY event.number DESC LIMIT ?3"
        );
        self.all(&sql, params![record.record_type, record.id, most], event_in)
    }

    fn each<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
        mut visit: impl FnMut(T) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let show = || {
            let mut statement = self.database.prepare_cached(sql)?;
            let mut rows = statement.query(parameters)?;
            while let Some(row) = rows.next()? {
                if visit(read(row)?).is_break() {
                    break;
                }
            }
            Ok(())
        };
        show().map_err(|error| self.trouble(error))
    }
}

/// The columns of an operation, as [`operation_in`] reads them, and where they come from. The records of a long operation are
/// counted by its changes, each of which is about one: to tell a million of them apart takes seconds.
const OPERATION: &str = "SELECT number, what, actor, at, message, \
    (SELECT count(*) FROM event WHERE event.operation = operation.number), \
    (SELECT count(*) FROM file_change WHERE file_change.operation = operation.number), \
    CASE WHEN (SELECT max(event.number) FROM event WHERE event.operation = operation.number) \
            - (SELECT min(event.number) FROM event WHERE event.operation = operation.number) < 20000 \
        THEN (SELECT count(DISTINCT event.record) FROM event WHERE event.operation = operation.number) \
        ELSE (SELECT count(*) FROM event WHERE event.operation = operation.number) END, \
    (SELECT max(event.operation) FROM event WHERE event.undoes = operation.number) FROM operation";

fn operation_in(row: &Row<'_>) -> rusqlite::Result<OperationLine> {
    let Stored(at) = row.get(3)?;
    let (Stored(events), Stored(files), Stored(records)) = (row.get(5)?, row.get(6)?, row.get(7)?);
    Ok(OperationLine {
        number: row.get(0)?,
        what: row.get(1)?,
        actor: row.get(2)?,
        at,
        message: row.get(4)?,
        events,
        files,
        records,
        undone_by: row.get(8)?,
    })
}

/// The columns of an event, as [`event_in`] reads them, and where they come from.
const EVENT: &str = "SELECT event.number, event.operation, event.kind, record.type, record.id, sequence.id, event.version, \
    event.run, event.step, event.word, event.detail, event.before, event.undoes FROM event LEFT JOIN record ON record.number = event.record \
    LEFT JOIN sequence ON sequence.number = event.sequence";

fn event_in(row: &Row<'_>) -> rusqlite::Result<EventLine> {
    let Stored(kind) = row.get(2)?;
    let key: (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
    let sequence: Option<Stored<SequenceId>> = row.get(5)?;
    let before: Option<Stored<State>> = row.get(11)?;
    Ok(EventLine {
        number: row.get(0)?,
        operation: row.get(1)?,
        kind,
        record: key.0.zip(key.1).map(|(record_type, id)| RecordKey { record_type, id }),
        sequence: sequence.map(|sequence| sequence.0),
        version: row.get(6)?,
        run: row.get(7)?,
        step: row.get(8)?,
        word: row.get(9)?,
        detail: row.get(10)?,
        before: before.map(|before| before.0),
        undoes: row.get(12)?,
    })
}

fn connection_line_in(row: &Row<'_>) -> rusqlite::Result<ConnectionLine> {
    let due: Option<Stored<Instant>> = row.get(12)?;
    Ok(ConnectionLine {
        connection: connection_in(row)?,
        record_name: row.get(11)?,
        record_owner: row.get(14)?,
        due: due.map(|due| due.0),
        error: row.get(13)?,
    })
}
