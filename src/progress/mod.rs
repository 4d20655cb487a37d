//! Where a connection stands.
//! In come a version's steps and where a connection was, out comes where it is.
//! Asks no clock and no store: instants are arguments.

use crate::record::RecordKey;
use crate::sequence::SequenceId;
use crate::shape::words;
use crate::time::Instant;

words! {
    /// Why a connection ended. Source: the reference's reasons of a deactivated target.
    EndReason {
        /// The last step on its way is done.
        Completed "completed",
        /// Somebody disconnected the record.
        UserDisconnected "user_disconnected",
        /// The sequence was deactivated.
        SequenceDeactivated "sequence_deactivated",
        /// The sequence was deleted.
        SequenceDeleted "sequence_deleted",
        /// The record was closed.
        RecordClosed "record_closed",
        /// An exit criterion was met.
        ExitCriterion "exit_criterion",
        /// It went on in another sequence.
        Advanced "advanced",
    }
}

/// A record's way through a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The record.
    pub record: RecordKey,
    /// The sequence.
    pub sequence: SequenceId,
    /// The version that it runs on, to its end.
    pub version: u32,
    /// The how many-th way of this record through this sequence, from 1.
    pub run: u32,
    /// The id of the step where it stands.
    pub step: String,
    /// When the record was connected.
    pub connected_at: Instant,
    /// Who connected it.
    pub connected_by: String,
    /// When it came to the step.
    pub entered_at: Instant,
    /// When and why it ended; `None` while it runs.
    pub ended: Option<(Instant, EndReason)>,
}
