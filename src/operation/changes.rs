//! What one commit writes: texts of files and rows of the store.

use std::sync::Arc;

use crate::lifecycle::Version;
use crate::progress::{Connection, EndReason};
use crate::record::RecordKey;
use crate::sequence::{SequenceId, State};
use crate::text::{Digest, FilePath};
use crate::time::Instant;

/// Everything that operations changed, judged and verified. It does nothing until somebody commits it.
#[must_use]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Files, sorted by path, each once.
    pub files: Vec<FileChange>,
    /// Rows, in the order in which they were asked for.
    pub rows: Vec<RowChange>,
}

/// Who asked for what, when: the journal's line over all that one commit changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    /// What was asked for, as somebody would type it: `activate`, `run emea-copy`.
    pub what: String,
    /// Who asked.
    pub actor: String,
    /// When.
    pub at: Instant,
    /// Why, in the asker's words.
    pub message: Option<String>,
}

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// The file.
    pub path: FilePath,
    /// The text that the decision rests on; `None` where there was no file. If the file says anything else by then, nothing
    /// is written.
    pub before: Option<Arc<str>>,
    /// The new text; `None` deletes the file.
    pub after: Option<Arc<str>>,
}

/// A change in the store. Each becomes one event of the journal or, where it touches many connections, one for each.
#[derive(Clone, Debug, PartialEq)]
pub enum RowChange {
    /// A new version.
    Publish {
        /// The sequence.
        sequence: SequenceId,
        /// The version.
        version: Version,
        /// Whether its waits skip days off, as in force when it was published.
        skip_non_working_days: bool,
    },
    /// A sequence's published state becomes another. The newest version is the one that serves.
    Serve {
        /// The sequence.
        sequence: SequenceId,
        /// The state from now on.
        state: State,
    },
    /// A sequence is gone. Its versions and history stay.
    Delete {
        /// The sequence.
        sequence: SequenceId,
    },
    /// A sequence has another id from now on. Its versions, history and connections go along.
    Rename {
        /// The id until now.
        from: SequenceId,
        /// The id from now on. Where the store knows a sequence of that id of which nothing was ever published, that gets the
        /// other.
        to: SequenceId,
    },
    /// Everything that is kept of a sequence goes: its versions, its connections, and what the journal says of it.
    Purge {
        /// The sequence.
        sequence: SequenceId,
    },
    /// All running connections of a sequence end.
    EndAll {
        /// The sequence.
        sequence: SequenceId,
        /// Why.
        reason: EndReason,
    },
    /// A record is connected.
    Connect(Connection),
    /// A record's running connection to a sequence ends.
    End {
        /// The record.
        record: RecordKey,
        /// The sequence.
        sequence: SequenceId,
        /// Why.
        reason: EndReason,
    },
    /// The connections to a sequence that an operation let end, and that are as it left them, go on at their steps.
    ResumeEnded {
        /// The sequence.
        sequence: SequenceId,
        /// The operation's number.
        operation: i64,
        /// Why they ended.
        reason: EndReason,
        /// How many there are; if it is another number by then, nothing is written.
        count: u64,
    },
    /// The connections to a sequence that an operation let run, and that still run, end.
    EndRunning {
        /// The sequence.
        sequence: SequenceId,
        /// The operation's number.
        operation: i64,
        /// Why they end.
        reason: EndReason,
        /// How many there are; if it is another number by then, nothing is written.
        count: u64,
    },
    /// A deleted sequence is there again, inactive.
    Undelete {
        /// The sequence.
        sequence: SequenceId,
    },
    /// An earlier operation is undone by this one.
    Undo {
        /// Its number.
        operation: i64,
    },
    /// A sequence's file was created or edited, or labels or the owner changed: nothing but a line in the journal.
    Note {
        /// The sequence.
        sequence: SequenceId,
        /// The verb, like `clone`.
        verb: &'static str,
        /// What about it, in words.
        detail: String,
    },
}

impl Changes {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.rows.is_empty()
    }

    /// Whether something is taken away for good.
    pub fn purges(&self) -> bool {
        self.rows.iter().any(|row| matches!(row, RowChange::Purge { .. }))
    }
}

impl FileChange {
    /// The digest of the text that the decision rests on; `None` where there was no file.
    pub fn digest_before(&self) -> Option<Digest> {
        self.before.as_deref().map(Digest::of)
    }
}
