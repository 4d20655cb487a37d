//! What the journal keeps of an operation, read for whoever undoes it.

use std::ops::ControlFlow;

use crate::operation::{Happened, Happening, Left, Ways, sequence_of};
use crate::progress::EndReason;
use crate::record::RecordKey;
use crate::sequence::{SequenceId, State};

use super::journal::EventKind;
use super::values::Stored;
use super::views::EventLine;
use super::{Store, StoreError};

impl Store {
    /// The latest operation.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn last_operation(&self) -> Result<Option<i64>, StoreError> {
        Ok(self.operations(None, 1)?.first().map(|line| line.number))
    }

    /// An operation with all that it takes to undo it; `None` where there is none of that number.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn happened(&self, operation: i64) -> Result<Option<Happened>, StoreError> {
        let Some(line) = self.operation(operation)? else { return Ok(None) };
        let sql = "SELECT keeps_texts FROM operation WHERE number = ?1";
        let keeps_texts = self.first(sql, [operation], |row| row.get(0))?.unwrap_or(false);
        let mut files = Vec::new();
        for file in self.files_of(operation)? {
            let sql = "SELECT max(operation) FROM file_change WHERE path = ?1 AND operation > ?2";
            let later = self.first(sql, (file.path.as_str(), operation), |row| row.get(0))?.flatten();
            files.push((file, later));
        }
        let was_published = files.iter().filter_map(|(file, _)| sequence_of(&file.path));
        let was_published = was_published.map(|id| Ok((self.was_published(&id, operation)?, id)));
        let was_published: Vec<(bool, SequenceId)> = was_published.collect::<Result<_, StoreError>>()?;
        let mut happenings = Vec::new();
        self.each_event_of_sequences(operation, |event| {
            happenings.extend(happening(event));
            ControlFlow::Continue(())
        })?;
        let kinds = [EventKind::RecordAdded, EventKind::RecordChanged, EventKind::RecordClosed, EventKind::RecordReopened];
        let [added, changed, closed, reopened] = kinds.map(EventKind::word);
        let sql = "SELECT count(DISTINCT record) FROM event WHERE operation = ?1 AND kind IN (?2, ?3, ?4, ?5)";
        let records = self.first(sql, (operation, added, changed, closed, reopened), |row| row.get(0))?;
        let sql = "SELECT count(*) FROM event JOIN outbox ON outbox.record = event.record AND outbox.sequence = event.sequence \
            AND outbox.run = event.run WHERE event.operation = ?1 AND event.kind = ?2 AND outbox.state = 'sent'";
        let sent = self.first(sql, (operation, EventKind::Connected.word()), |row| row.get(0))?;
        Ok(Some(Happened {
            number: line.number,
            what: line.what,
            undone_by: line.undone_by,
            keeps_texts,
            files,
            was_published: was_published.into_iter().filter(|(was, _)| *was).map(|(_, id)| id).collect(),
            happenings,
            ways: self.ways(operation)?,
            records: records.map_or(0, |Stored(records)| records),
            sent: sent.map_or(0, |Stored(sent)| sent),
        }))
    }
}

/// The ways that an operation found running and ended, or the other way round, each with its connection and what became of it
/// since. The journal tells, and not the clock, which may stand still or jump.
pub(super) const WAYS: &str = "\
    WITH kinds (kind) AS (VALUES ('connected'), ('ended'), ('resumed')), \
    span AS (SELECT record, sequence, run, min(number) AS first, max(number) AS last FROM event \
        WHERE operation = ?1 AND kind IN kinds GROUP BY record, sequence, run), \
    way AS (SELECT span.*, last.kind = 'ended' AS has_ended, last.word FROM span \
        JOIN event AS first ON first.number = span.first JOIN event AS last ON last.number = span.last \
        WHERE (first.kind = 'ended') = (last.kind = 'ended')), \
    ways AS (SELECT connection.number, connection.record, connection.sequence, way.has_ended, \
        CASE WHEN way.has_ended THEN way.word END AS word, \
        CASE \
            WHEN EXISTS (SELECT 1 FROM connection AS newer WHERE newer.record = way.record \
                AND newer.sequence = way.sequence AND newer.run > way.run) THEN 'anew' \
            WHEN (connection.ended_at IS NULL) = way.has_ended THEN 'back' \
            WHEN way.has_ended AND EXISTS (SELECT 1 FROM event AS later WHERE later.record = way.record \
                AND later.sequence = way.sequence AND later.run = way.run AND later.number > way.last \
                AND later.kind IN kinds) THEN 'ended_again' \
            WHEN way.has_ended AND NOT record.is_open THEN 'closed' \
            ELSE 'nothing' END AS since \
        FROM way JOIN record ON record.number = way.record JOIN connection ON connection.record = way.record \
            AND connection.sequence = way.sequence AND connection.run = way.run)";

impl Store {
    /// The ways that an operation let run or end, those that are alike together.
    fn ways(&self, operation: i64) -> Result<Vec<Ways>, StoreError> {
        // Of those that are alike, the record's columns are those of the one with the lowest number.
        let sql = format!(
            "{WAYS} SELECT sequence.id, has_ended, word, since, count(*), record.type, record.id, min(ways.number) FROM ways \
            JOIN sequence ON sequence.number = ways.sequence JOIN record ON record.number = ways.record \
            GROUP BY sequence.id, has_ended, word, since ORDER BY sequence.id, has_ended, word, since"
        );
        self.all(&sql, [operation], |row| {
            let (Stored(sequence), reason) = (row.get(0)?, row.get::<_, Option<Stored<EndReason>>>(2)?);
            let (Stored(since), Stored(count)) = (row.get(3)?, row.get(4)?);
            let left = reason.map_or(Left::Running, |Stored(reason)| Left::Ended(reason));
            let record = RecordKey { record_type: row.get(5)?, id: row.get(6)? };
            Ok(Ways { sequence, left, since, count, record })
        })
    }

    /// Whether something of a sequence was published, and not deleted, when an operation began.
    fn was_published(&self, sequence: &SequenceId, operation: i64) -> Result<bool, StoreError> {
        let sql = "SELECT kind <> ?3 FROM event WHERE sequence = (SELECT number FROM sequence WHERE id = ?1) AND record IS NULL \
            AND operation < ?2 AND kind IN ('published', 'served', 'undeleted', ?3) ORDER BY number DESC LIMIT 1";
        let was = self.first(sql, (sequence.as_str(), operation, EventKind::Deleted.word()), |row| row.get(0))?;
        Ok(was.unwrap_or(false))
    }
}

/// What an event says happened; `None` where nothing of it is to be undone.
fn happening(event: EventLine) -> Option<Happening> {
    let EventLine { kind, sequence, version, word, before, detail, .. } = event;
    match kind {
        EventKind::Published => Some(Happening::Published { sequence: sequence?, version: version? }),
        EventKind::Served => {
            let after = State::from_word(word.as_deref()?)?;
            Some(Happening::Served { sequence: sequence?, before: before?, after })
        }
        EventKind::Deleted => Some(Happening::Deleted { sequence: sequence?, before }),
        EventKind::Renamed => Some(Happening::Renamed { from: SequenceId::parse(&detail?)?, to: SequenceId::parse(&word?)? }),
        EventKind::Undeleted => Some(Happening::Undeleted { sequence: sequence? }),
        EventKind::Purged => Some(Happening::Purged),
        // What befell records is counted, not listed: it may be millions.
        EventKind::Connected
        | EventKind::Ended
        | EventKind::Resumed
        | EventKind::RecordAdded
        | EventKind::RecordChanged
        | EventKind::RecordClosed
        | EventKind::RecordReopened
        | EventKind::Noted
        | EventKind::Undid => None,
    }
}
