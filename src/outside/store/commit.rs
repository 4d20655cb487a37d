//! The only commit point: rows, versions, journal and the new texts of files, in one transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rusqlite::{OptionalExtension, Row, Transaction, TransactionBehavior, params};

use crate::lifecycle::Version;
use crate::operation::{Changes, FileChange, JournalEntry, RowChange, sequence_of};
use crate::progress::{Connection, EndReason};
use crate::record::RecordKey;
use crate::sequence::{SequenceId, State};
use crate::text::{Digest, FilePath};

use super::bulk::begin;
use super::error::Stop;
use super::happened::WAYS;
use super::journal::EventKind;
use super::purge::purge;
use super::values::Stored;
use super::{PendingFile, Store, StoreError};

/// The permissions that new files are to have, where somebody asked.
pub type Modes = BTreeMap<FilePath, u32>;

impl Store {
    /// Decides a commit: writes its rows and its line in the journal, and notes each file's new text as pending, all or
    /// nothing. Returns the number of the operation.
    ///
    /// What each row rests on is looked at again first. From here on the commit has happened, whatever becomes of the files.
    ///
    /// # Errors
    /// [`StoreError::Moved`] where the world is no longer as the decision has it; others where the store cannot be written.
    /// Nothing is written then.
    pub fn decide(&mut self, entry: &JournalEntry, changes: &Changes, modes: &Modes) -> Result<i64, StoreError> {
        if changes.purges() {
            // What is taken away is written over with zeros, and not only no longer referred to.
            self.database.pragma_update(None, "secure_delete", true).map_err(|error| self.trouble(error))?;
        }
        self.write(|transaction| {
            let operation = begin(transaction, entry, None)?;
            let mut writing = Writing::new(transaction, operation, entry);
            writing.rows(&changes.rows)?;
            changes.files.iter().try_for_each(|file| writing.file(file, modes.get(&file.path).copied()))?;
            Ok(operation)
        })
    }

    /// Writes the file anew without what was taken away before: what a purge left between the rows is gone then.
    ///
    /// # Errors
    /// Where the store cannot be written, or somebody reads it just now. Nothing is lost then, and it may be tried again.
    pub fn sweep(&mut self) -> Result<(), StoreError> {
        let swept = self.database.execute_batch("VACUUM").and_then(|()| {
            let is_busy: bool = self.database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
            Ok(is_busy)
        });
        match swept {
            Ok(false) => Ok(()),
            Ok(true) => Err(StoreError::Busy { path: self.path.clone() }),
            Err(error) => Err(self.trouble(error)),
        }
    }

    /// The files that commits decided about and that are not settled yet, in the order of the commits.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn pending(&self) -> Result<Vec<PendingFile>, StoreError> {
        let sql = "SELECT operation, path, before, mode, after FROM pending_file ORDER BY operation, path";
        self.all(sql, [], pending_in)
    }

    /// Whether a commit that has not reached all files yet took something away for good: [`sweep`](Self::sweep) is still to come.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn is_purging(&self) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM pending_file JOIN event ON event.operation = pending_file.operation WHERE event.kind = ?1";
        Ok(self.first(sql, [EventKind::Purged.word()], |_| Ok(()))?.is_some())
    }

    /// Notes that these files are as the commit has them, or that nothing more can be done about them: they are no longer
    /// pending. Those that are not pending are passed over.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn settle(&mut self, operation: i64, files: &[FilePath]) -> Result<(), StoreError> {
        self.write(|transaction| {
            let sql = "DELETE FROM pending_file WHERE operation = ?1 AND path = ?2";
            let mut statement = transaction.prepare_cached(sql)?;
            for file in files {
                statement.execute(params![operation, file.as_str()])?;
            }
            Ok(())
        })
    }

    /// Runs one write transaction: all of it or nothing.
    pub(super) fn write<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Stop>) -> Result<T, StoreError> {
        // Taking the right to write first, a transaction never finds out late that another one was faster.
        let transaction = self.database.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Stop::from);
        let done = transaction.and_then(|transaction| {
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        });
        done.map_err(|stop| stop.at(&self.path))
    }
}

/// Whether so many connections were there as the decision has it.
fn as_many(found: usize, decided: u64, sequence: &SequenceId) -> Result<(), Stop> {
    if found as u64 == decided {
        return Ok(());
    }
    let connections = if decided == 1 { "1 connection".to_owned() } else { format!("{decided} connections") };
    Err(Stop::Moved(format!("{connections} of `{sequence}` changed meanwhile, or their records did")))
}

fn pending_in(row: &Row<'_>) -> rusqlite::Result<PendingFile> {
    let before: Option<Stored<Digest>> = row.get(2)?;
    let after: Option<Stored<Arc<str>>> = row.get(4)?;
    Ok(PendingFile {
        operation: row.get(0)?,
        path: FilePath::new(row.get::<_, String>(1)?),
        before: before.map(|before| before.0),
        mode: row.get(3)?,
        after: after.map(|after| after.0),
    })
}

/// A commit while it is being written.
pub(super) struct Writing<'a> {
    transaction: &'a Transaction<'a>,
    operation: i64,
    entry: &'a JournalEntry,
    sequences: HashMap<SequenceId, Serving>,
    /// Sequences that stopped serving in this commit.
    stopped: BTreeSet<SequenceId>,
    /// Ids that went in this commit, with those that came in their place.
    renamed: HashMap<SequenceId, SequenceId>,
    /// Sequences of which nothing is to be kept.
    purged: BTreeSet<SequenceId>,
}

/// What a sequence's row says.
#[derive(Clone, Copy)]
struct Serving {
    number: i64,
    state: State,
    newest_version: Option<u32>,
    is_deleted: bool,
}

/// What a record's row says.
struct KnownRecord {
    number: i64,
    is_open: bool,
}

/// What an event speaks of.
#[derive(Default)]
struct About<'a> {
    record: Option<i64>,
    sequence: Option<i64>,
    version: Option<u32>,
    run: Option<u32>,
    step: Option<&'a str>,
    word: Option<&'a str>,
    detail: Option<&'a str>,
    before: Option<State>,
}

impl<'a> Writing<'a> {
    pub fn new(transaction: &'a Transaction<'a>, operation: i64, entry: &'a JournalEntry) -> Self {
        Self {
            transaction,
            operation,
            entry,
            sequences: HashMap::new(),
            stopped: BTreeSet::new(),
            renamed: HashMap::new(),
            purged: BTreeSet::new(),
        }
    }

    /// Writes rows in their order.
    pub fn rows(&mut self, rows: &[RowChange]) -> Result<(), Stop> {
        rows.iter().try_for_each(|row| self.row(row))?;
        self.nobody_runs_where_nothing_serves()
    }

    fn row(&mut self, row: &RowChange) -> Result<(), Stop> {
        match row {
            RowChange::Publish { sequence, version, skip_non_working_days } => {
                self.publish(sequence, version, *skip_non_working_days)
            }
            RowChange::Serve { sequence, state } => self.serve(sequence, *state),
            RowChange::Delete { sequence } => self.delete(sequence),
            RowChange::Rename { from, to } => self.rename(from, to),
            RowChange::Purge { sequence } => self.purge(sequence),
            RowChange::EndAll { sequence, reason } => self.end_all(sequence, *reason),
            RowChange::Connect(connection) => self.connect(connection),
            RowChange::End { record, sequence, reason } => self.end(record, sequence, *reason),
            RowChange::ResumeEnded { sequence, operation, reason, count } => {
                let resumed = self.resume_ended(sequence, *operation, *reason)?;
                as_many(resumed, *count, sequence)
            }
            RowChange::EndRunning { sequence, operation, reason, count } => {
                let ended = self.end_running(sequence, *operation, *reason)?;
                as_many(ended, *count, sequence)
            }
            RowChange::Undelete { sequence } => self.undelete(sequence),
            RowChange::Undo { operation } => self.undo(*operation),
            RowChange::Note { sequence, verb, detail } => self.note(sequence, verb, detail),
        }
    }

    fn publish(&mut self, sequence: &SequenceId, version: &Version, skips: bool) -> Result<(), Stop> {
        let known = self.known_sequence(sequence)?;
        if let Some(newest) = known.newest_version.filter(|newest| *newest >= version.number) {
            return Err(Stop::Moved(format!(
                "version {} of `{sequence}` cannot be published: its newest version is {newest} already",
                version.number
            )));
        }
        let digest = self.keep_text(Some(&version.text))?;
        let sql = "INSERT INTO version (sequence, number, meaning, text, message, actor, at, skip_non_working_days) \
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let JournalEntry { actor, at, .. } = self.entry;
        let Version { number, meaning, message, .. } = version;
        let row = params![known.number, number, Stored(*meaning), digest, message, actor, Stored(*at), skips];
        self.transaction.prepare_cached(sql)?.execute(row)?;
        let sql = "UPDATE sequence SET newest_version = ?2, deleted_at = NULL WHERE number = ?1";
        self.transaction.prepare_cached(sql)?.execute(params![known.number, number])?;
        self.sequences.insert(sequence.clone(), Serving { newest_version: Some(*number), is_deleted: false, ..known });
        let about =
            About { sequence: Some(known.number), version: Some(*number), detail: message.as_deref(), ..About::default() };
        self.event(EventKind::Published, &about)
    }

    fn serve(&mut self, sequence: &SequenceId, state: State) -> Result<(), Stop> {
        let known = self.known_sequence(sequence)?;
        let Some(version) = known.newest_version.filter(|_| !known.is_deleted) else {
            return Err(Stop::Moved(format!("`{sequence}` cannot become {state}: no version of it is published")));
        };
        let sql = "UPDATE sequence SET state = ?2 WHERE number = ?1";
        self.transaction.prepare_cached(sql)?.execute(params![known.number, state.word()])?;
        self.sequences.insert(sequence.clone(), Serving { state, ..known });
        match state {
            State::Active | State::Revision => self.stopped.remove(sequence),
            State::Inactive => self.stopped.insert(sequence.clone()),
        };
        let about = About {
            sequence: Some(known.number),
            version: Some(version),
            word: Some(state.word()),
            before: Some(known.state),
            ..About::default()
        };
        self.event(EventKind::Served, &about)
    }

    fn delete(&mut self, sequence: &SequenceId) -> Result<(), Stop> {
        let known = self.known_sequence(sequence)?;
        let sql = "UPDATE sequence SET state = ?2, deleted_at = ?3 WHERE number = ?1";
        let row = params![known.number, State::Inactive.word(), Stored(self.entry.at)];
        self.transaction.prepare_cached(sql)?.execute(row)?;
        self.sequences.insert(sequence.clone(), Serving { state: State::Inactive, is_deleted: true, ..known });
        self.stopped.insert(sequence.clone());
        let before = known.newest_version.filter(|_| !known.is_deleted).map(|_| known.state);
        self.event(EventKind::Deleted, &About { sequence: Some(known.number), before, ..About::default() })
    }

    /// A row that is in the way, of a sequence of which nothing was ever published, gets the id that is free now.
    fn rename(&mut self, from: &SequenceId, to: &SequenceId) -> Result<(), Stop> {
        let known = self.known_sequence(from)?;
        let other = self.found_sequence(to)?;
        if other.is_some_and(|other| other.newest_version.is_some()) {
            return Err(Stop::Moved(format!("`{from}` cannot be renamed: `{to}` is the id of another sequence, or was")));
        }
        let mut statement = self.transaction.prepare_cached("UPDATE sequence SET id = ?2 WHERE number = ?1")?;
        if let Some(other) = other {
            // No two may have the same, not even for a moment.
            statement.execute(params![other.number, ""])?;
        }
        statement.execute(params![known.number, to.as_str()])?;
        self.sequences.insert(to.clone(), known);
        match other {
            Some(other) => {
                statement.execute(params![other.number, from.as_str()])?;
                self.sequences.insert(from.clone(), other);
            }
            None => drop(self.sequences.remove(from)),
        }
        if self.stopped.remove(from) {
            self.stopped.insert(to.clone());
        }
        self.renamed.insert(from.clone(), to.clone());
        let (word, detail) = (Some(to.as_str()), Some(from.as_str()));
        self.event(EventKind::Renamed, &About { sequence: Some(known.number), word, detail, ..About::default() })
    }

    fn purge(&mut self, sequence: &SequenceId) -> Result<(), Stop> {
        purge(self.transaction, sequence, self.operation)?;
        self.sequences.remove(sequence);
        self.stopped.remove(sequence);
        self.purged.insert(sequence.clone());
        self.event(EventKind::Purged, &About { detail: Some(sequence.as_str()), ..About::default() })
    }

    fn end_all(&mut self, sequence: &SequenceId, reason: EndReason) -> Result<(), Stop> {
        let number = self.known_sequence(sequence)?.number;
        let sql = "INSERT INTO event (operation, kind, record, sequence, version, run, step, word) \
            SELECT ?1, ?2, record, sequence, version, run, step, ?3 FROM connection \
            WHERE sequence = ?4 AND ended_at IS NULL";
        let row = params![self.operation, EventKind::Ended.word(), reason.word(), number];
        self.transaction.prepare_cached(sql)?.execute(row)?;
        let sql = "UPDATE connection SET ended_at = ?2, end_reason = ?3 WHERE sequence = ?1 AND ended_at IS NULL";
        self.transaction.prepare_cached(sql)?.execute(params![number, Stored(self.entry.at), reason.word()])?;
        Ok(())
    }

    fn connect(&mut self, connection: &Connection) -> Result<(), Stop> {
        let Connection { record, sequence, .. } = connection;
        let serving = self.serving_version(sequence, connection.version)?;
        let known = self.known_record(record)?;
        if !known.is_open {
            return Err(Stop::Moved(format!("{record} was closed")));
        }
        let (run, is_running) = self.newest_run(known.number, serving.number)?;
        if is_running {
            return Err(Stop::Moved(format!("{record} is connected to `{sequence}` already")));
        }
        if run + 1 != connection.run {
            return Err(Stop::Moved(format!("{record} was connected to `{sequence}` and disconnected again")));
        }
        self.insert_connection(connection, known.number, serving.number)
    }

    fn insert_connection(&mut self, connection: &Connection, record: i64, sequence: i64) -> Result<(), Stop> {
        let sql = "INSERT INTO connection (record, sequence, version, run, step, connected_at, connected_by, entered_at, \
            ended_at, end_reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let Connection { version, run, step, connected_at, connected_by, entered_at, ended, .. } = connection;
        self.transaction.prepare_cached(sql)?.execute(params![
            record,
            sequence,
            version,
            run,
            step,
            Stored(*connected_at),
            connected_by,
            Stored(*entered_at),
            ended.map(|(at, _)| Stored(at)),
            ended.map(|(_, reason)| reason.word()),
        ])?;
        let about = About {
            record: Some(record),
            sequence: Some(sequence),
            version: Some(*version),
            run: Some(*run),
            step: Some(step),
            ..About::default()
        };
        self.event(EventKind::Connected, &about)?;
        match ended {
            None => Ok(()),
            Some((_, reason)) => self.event(EventKind::Ended, &About { word: Some(reason.word()), ..about }),
        }
    }

    fn end(&mut self, record: &RecordKey, sequence: &SequenceId, reason: EndReason) -> Result<(), Stop> {
        let sequence_number = self.known_sequence(sequence)?.number;
        let record_number = self.known_record(record)?.number;
        let sql = "UPDATE connection SET ended_at = ?3, end_reason = ?4 \
            WHERE record = ?1 AND sequence = ?2 AND ended_at IS NULL RETURNING version, run, step";
        let row = params![record_number, sequence_number, Stored(self.entry.at), reason.word()];
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let ended: Option<(u32, u32, String)> = self.transaction.prepare_cached(sql)?.query_row(row, read).optional()?;
        let Some((version, run, step)) = ended else {
            return Err(Stop::Moved(format!("{record} is not connected to `{sequence}` any more")));
        };
        let about = About {
            record: Some(record_number),
            sequence: Some(sequence_number),
            version: Some(version),
            run: Some(run),
            step: Some(&step),
            word: Some(reason.word()),
            ..About::default()
        };
        self.event(EventKind::Ended, &about)
    }

    fn resume_ended(&mut self, sequence: &SequenceId, operation: i64, reason: EndReason) -> Result<usize, Stop> {
        let known = self.known_sequence(sequence)?;
        match known.state {
            State::Active | State::Revision => {}
            State::Inactive => return Err(Stop::Moved(format!("`{sequence}` is not active any more"))),
        }
        let sql = format!(
            "{WAYS} INSERT INTO event (operation, kind, record, sequence, version, run, step, word) \
            SELECT ?2, ?3, record, sequence, version, run, step, end_reason FROM connection WHERE number IN \
                (SELECT number FROM ways WHERE sequence = ?4 AND word = ?5 AND since = 'nothing') ORDER BY number"
        );
        let row = params![operation, self.operation, EventKind::Resumed.word(), known.number, reason.word()];
        let resumed = self.transaction.prepare_cached(&sql)?.execute(row)?;
        // What fell due meanwhile is due now, and not in the past.
        let sql = "UPDATE connection SET ended_at = NULL, end_reason = NULL, due = max(due, ?4) FROM event \
            WHERE event.operation = ?1 AND event.kind = ?2 AND event.sequence = ?3 AND connection.record = event.record \
            AND connection.sequence = event.sequence AND connection.run = event.run AND connection.ended_at IS NOT NULL";
        let row = params![self.operation, EventKind::Resumed.word(), known.number, Stored(self.entry.at)];
        self.transaction.prepare_cached(sql)?.execute(row)?;
        Ok(resumed)
    }

    fn end_running(&mut self, sequence: &SequenceId, operation: i64, reason: EndReason) -> Result<usize, Stop> {
        let known = self.known_sequence(sequence)?;
        let sql = format!(
            "{WAYS} INSERT INTO event (operation, kind, record, sequence, version, run, step, word) \
            SELECT ?2, ?3, record, sequence, version, run, step, ?5 FROM connection WHERE number IN \
                (SELECT number FROM ways WHERE sequence = ?4 AND NOT has_ended AND since = 'nothing') ORDER BY number"
        );
        let row = params![operation, self.operation, EventKind::Ended.word(), known.number, reason.word()];
        let ended = self.transaction.prepare_cached(&sql)?.execute(row)?;
        let sql = "UPDATE connection SET ended_at = ?4, end_reason = ?5 FROM event \
            WHERE event.operation = ?1 AND event.kind = ?2 AND event.sequence = ?3 AND connection.record = event.record \
            AND connection.sequence = event.sequence AND connection.run = event.run AND connection.ended_at IS NULL";
        let row = params![self.operation, EventKind::Ended.word(), known.number, Stored(self.entry.at), reason.word()];
        self.transaction.prepare_cached(sql)?.execute(row)?;
        Ok(ended)
    }

    fn undelete(&mut self, sequence: &SequenceId) -> Result<(), Stop> {
        let known = self.known_sequence(sequence)?;
        if !known.is_deleted || known.newest_version.is_none() {
            return Err(Stop::Moved(format!("`{sequence}` is not deleted any more")));
        }
        let sql = "UPDATE sequence SET deleted_at = NULL WHERE number = ?1";
        self.transaction.prepare_cached(sql)?.execute([known.number])?;
        self.sequences.insert(sequence.clone(), Serving { is_deleted: false, ..known });
        self.event(EventKind::Undeleted, &About { sequence: Some(known.number), ..About::default() })
    }

    fn undo(&self, operation: i64) -> Result<(), Stop> {
        let sql = "SELECT 1 FROM operation WHERE number = ?1 AND number < ?2";
        let row = params![operation, self.operation];
        if !self.transaction.prepare_cached(sql)?.exists(row)? {
            return Err(Stop::Moved(format!("there is no operation {operation} any more")));
        }
        let sql = "INSERT INTO event (operation, kind, undoes) VALUES (?1, ?2, ?3)";
        let row = params![self.operation, EventKind::Undid.word(), operation];
        self.transaction.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    fn note(&mut self, sequence: &SequenceId, verb: &str, detail: &str) -> Result<(), Stop> {
        let number = self.known_sequence(sequence)?.number;
        let about = About { sequence: Some(number), word: Some(verb), detail: Some(detail), ..About::default() };
        self.event(EventKind::Noted, &about)
    }

    fn file(&mut self, file: &FileChange, mode: Option<u32>) -> Result<(), Stop> {
        let sql = "INSERT INTO pending_file (operation, path, before, mode, after) VALUES (?1, ?2, ?3, ?4, ?5)";
        let before = file.digest_before().map(Stored);
        let row = params![self.operation, file.path.as_str(), before, mode, file.after];
        self.transaction.prepare_cached(sql)?.execute(row)?;
        self.keep_file(file)
    }

    /// Keeps what becomes of a file for good: whoever undoes the operation needs both texts.
    fn keep_file(&mut self, file: &FileChange) -> Result<(), Stop> {
        let sequence = sequence_of(&file.path);
        if sequence.as_ref().is_some_and(|sequence| self.purged.contains(sequence)) {
            return Ok(());
        }
        let (before, after) = (self.keep_text(file.before.as_deref())?, self.keep_text(file.after.as_deref())?);
        // A file that goes with a rename is one of the sequence that was called so.
        let renamed = |id: SequenceId| self.renamed.get(&id).filter(|_| file.after.is_none()).cloned().unwrap_or(id);
        let sequence = match sequence.map(renamed) {
            Some(sequence) => Some(self.known_sequence(&sequence)?.number),
            None => None,
        };
        let sql = "INSERT INTO file_change (operation, path, sequence, before, after) VALUES (?1, ?2, ?3, ?4, ?5)";
        let row = params![self.operation, file.path.as_str(), sequence, before, after];
        self.transaction.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Keeps a text, once however often it is said.
    fn keep_text(&self, text: Option<&str>) -> Result<Option<Stored<Digest>>, Stop> {
        let Some(text) = text else { return Ok(None) };
        let digest = Stored(Digest::of(text));
        let sql = "INSERT INTO text (digest, content) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.transaction.prepare_cached(sql)?.execute(params![digest, text])?;
        Ok(Some(digest))
    }

    /// A record that was connected after the decision would go on in a sequence that serves no more.
    fn nobody_runs_where_nothing_serves(&self) -> Result<(), Stop> {
        for sequence in &self.stopped {
            let sql = "SELECT count(*) FROM connection WHERE sequence = ?1 AND ended_at IS NULL";
            let number = self.sequences.get(sequence).map(|known| known.number);
            let Stored::<u64>(running) = self.transaction.prepare_cached(sql)?.query_row([number], |row| row.get(0))?;
            if running > 0 {
                let records = if running == 1 { "1 record is".to_owned() } else { format!("{running} records are") };
                return Err(Stop::Moved(format!("{records} still connected to `{sequence}`, which is to stop serving")));
            }
        }
        Ok(())
    }

    /// The row of a sequence that serves that version.
    fn serving_version(&mut self, sequence: &SequenceId, version: u32) -> Result<Serving, Stop> {
        let known = self.known_sequence(sequence)?;
        match known.state {
            State::Active | State::Revision => {}
            State::Inactive => return Err(Stop::Moved(format!("`{sequence}` is not active any more"))),
        }
        match known.newest_version {
            Some(newest) if newest == version => Ok(known),
            Some(newest) => Err(Stop::Moved(format!("`{sequence}` serves version {newest} now, not {version}"))),
            None => Err(Stop::Moved(format!("no version of `{sequence}` is published"))),
        }
    }

    /// A sequence's row, which is made where the store has never heard of it.
    fn known_sequence(&mut self, sequence: &SequenceId) -> Result<Serving, Stop> {
        let known = match self.found_sequence(sequence)? {
            Some(known) => known,
            None => self.new_sequence(sequence)?,
        };
        self.sequences.insert(sequence.clone(), known);
        Ok(known)
    }

    /// A sequence's row, where the store has heard of it.
    fn found_sequence(&self, sequence: &SequenceId) -> Result<Option<Serving>, Stop> {
        if let Some(known) = self.sequences.get(sequence) {
            return Ok(Some(*known));
        }
        let sql = "SELECT number, state, newest_version, deleted_at IS NOT NULL FROM sequence WHERE id = ?1";
        let read = |row: &Row<'_>| {
            let Stored(state) = row.get(1)?;
            Ok(Serving { number: row.get(0)?, state, newest_version: row.get(2)?, is_deleted: row.get(3)? })
        };
        Ok(self.transaction.prepare_cached(sql)?.query_row([sequence.as_str()], read).optional()?)
    }

    fn new_sequence(&self, sequence: &SequenceId) -> Result<Serving, Stop> {
        let state = State::Inactive;
        let sql = "INSERT INTO sequence (id, state) VALUES (?1, ?2)";
        let number = self.transaction.prepare_cached(sql)?.insert(params![sequence.as_str(), state.word()])?;
        Ok(Serving { number, state, newest_version: None, is_deleted: false })
    }

    fn known_record(&self, record: &RecordKey) -> Result<KnownRecord, Stop> {
        let sql = "SELECT number, is_open FROM record WHERE type = ?1 AND id = ?2";
        let read = |row: &Row<'_>| Ok(KnownRecord { number: row.get(0)?, is_open: row.get(1)? });
        let row = [&record.record_type, &record.id];
        let found = self.transaction.prepare_cached(sql)?.query_row(row, read).optional()?;
        found.ok_or_else(|| Stop::Moved(format!("there is no record {record} any more")))
    }

    /// The number of a record's newest way through a sequence, 0 where there was none, and whether it still runs.
    fn newest_run(&self, record: i64, sequence: i64) -> Result<(u32, bool), Stop> {
        let sql = "SELECT run, ended_at IS NULL FROM connection WHERE record = ?1 AND sequence = ?2 ORDER BY run DESC LIMIT 1";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let found = self.transaction.prepare_cached(sql)?.query_row([record, sequence], read).optional()?;
        Ok(found.unwrap_or((0, false)))
    }

    fn event(&self, kind: EventKind, about: &About<'_>) -> Result<(), Stop> {
        let sql = "INSERT INTO event (operation, kind, record, sequence, version, run, step, word, detail, before) \
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let About { record, sequence, version, run, step, word, detail, before } = about;
        let before = before.map(State::word);
        let row = params![self.operation, kind.word(), record, sequence, version, run, step, word, detail, before];
        self.transaction.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }
}
