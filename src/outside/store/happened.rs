//! What the journal keeps of an operation, read for whoever undoes it.

use std::ops::ControlFlow;

use crate::operation::{Happened, Happening, Way};
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
            happenings,
            sent: sent.map_or(0, |Stored(sent)| sent),
        }))
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
