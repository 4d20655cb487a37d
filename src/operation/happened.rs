//! An operation as the journal keeps it, for whoever undoes it.

use std::collections::BTreeSet;

use crate::progress::EndReason;
use crate::record::RecordKey;
use crate::sequence::{SequenceId, State};
use crate::text::FilePath;
use crate::time::Instant;

use super::changes::FileChange;

/// An operation, with all that it takes to undo it.
#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    /// Its number.
    pub number: i64,
    /// What was asked for.
    pub what: String,
    /// When it happened.
    pub at: Instant,
    /// The latest operation that undid it.
    pub undone_by: Option<i64>,
    /// Whether its texts were kept. They are not where an older program wrote it.
    pub keeps_texts: bool,
    /// What it did to files, with the latest operation that wrote each of them since.
    pub files: Vec<(FileChange, Option<i64>)>,
    /// The sequences of these files of which something was published when it happened, and that were not deleted.
    pub was_published: BTreeSet<SequenceId>,
    /// What it did in the store, in its order.
    pub happenings: Vec<Happening>,
    /// How many messages were sent to the records that it connected.
    pub sent: u64,
}

/// A way of a record through a sequence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// The sequence.
    pub sequence: SequenceId,
    /// The record.
    pub record: RecordKey,
    /// The how many-th of this record through this sequence.
    pub run: u32,
}

/// A change in the store that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// A version was published.
    Published {
        /// The sequence.
        sequence: SequenceId,
        /// The version.
        version: u32,
    },
    /// A sequence's state became another.
    Served {
        /// The sequence.
        sequence: SequenceId,
        /// What it was.
        before: State,
        /// What it became.
        after: State,
    },
    /// A sequence was deleted.
    Deleted {
        /// The sequence.
        sequence: SequenceId,
        /// What it was; `None` where nothing of it was published.
        before: Option<State>,
    },
    /// A sequence got another id.
    Renamed {
        /// The id that it had.
        from: SequenceId,
        /// The id that it got.
        to: SequenceId,
    },
    /// A deleted sequence came back, inactive.
    Undeleted {
        /// The sequence.
        sequence: SequenceId,
    },
    /// A record was connected.
    Connected(Way),
    /// A connection ended.
    Ended(Way, EndReason),
    /// A connection that had ended went on.
    Resumed(Way),
    /// Something of a record itself changed.
    Record(RecordKey),
    /// A part of it was about a sequence of which nothing is kept any more.
    Purged,
}

/// The sequence that a file holds or tests, by its name.
pub fn sequence_of(path: &FilePath) -> Option<SequenceId> {
    let name = path.file_name();
    let stem = name.strip_suffix(".test.yaml").or_else(|| name.strip_suffix(".yaml"))?;
    SequenceId::parse(stem)
}
