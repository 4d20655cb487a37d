//! What the journal keeps of an operation, read for whoever undoes it.

use std::ops::ControlFlow;

use crate::operation::{Happened, Happening, Way, sequence_of};
use crate::progress::EndReason;
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
        self.each_event(operation, |event| {
            happenings.extend(happening(event));
            ControlFlow::Continue(())
        })?;
        let sql = "SELECT count(*) FROM event JOIN outbox ON outbox.record = event.record AND outbox.sequence = event.sequence \
            AND outbox.run = event.run WHERE event.operation = ?1 AND event.kind = ?2 AND outbox.state = 'sent'";
        let sent = self.first(sql, (operation, EventKind::Connected.word()), |row| row.get(0))?;
        Ok(Some(Happened {
            number: line.number,
            what: line.what,
            at: line.at,
            undone_by: line.undone_by,
            keeps_texts,
            files,
            was_published: was_published.into_iter().filter(|(was, _)| *was).map(|(_, id)| id).collect(),
            happenings,
            sent: sent.map_or(0, |Stored(sent)| sent),
        }))
    }
}

impl Store {
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
    let EventLine { kind, record, sequence, version, run, word, before, detail, .. } = event;
    let way = || Some(Way { sequence: sequence.clone()?, record: record.clone()?, run: run? });
    match kind {
        EventKind::Published => Some(Happening::Published { sequence: sequence?, version: version? }),
        EventKind::Served => {
            let after = State::from_word(word.as_deref()?)?;
            Some(Happening::Served { sequence: sequence?, before: before?, after })
        }
        EventKind::Deleted => Some(Happening::Deleted { sequence: sequence?, before }),
        EventKind::Renamed => Some(Happening::Renamed { from: SequenceId::parse(&detail?)?, to: SequenceId::parse(&word?)? }),
        EventKind::Undeleted => Some(Happening::Undeleted { sequence: sequence? }),
        EventKind::Connected => Some(Happening::Connected(way()?)),
        EventKind::Ended => Some(Happening::Ended(way()?, EndReason::from_word(word.as_deref()?)?)),
        EventKind::Resumed => Some(Happening::Resumed(way()?)),
        EventKind::RecordAdded | EventKind::RecordChanged | EventKind::RecordClosed | EventKind::RecordReopened => {
            Some(Happening::Record(record?))
        }
        EventKind::Purged => Some(Happening::Purged),
        EventKind::Noted | EventKind::Undid => None,
    }
}
