//! An operation as the journal keeps it, for whoever undoes it.

use std::collections::BTreeSet;

use crate::progress::EndReason;
use crate::record::RecordKey;
use crate::sequence::{SequenceId, State};
use crate::text::FilePath;

use super::changes::FileChange;

/// An operation, with all that it takes to undo it.
#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    /// Its number.
    pub number: i64,
    /// What was asked for.
    pub what: String,
    /// The latest operation that undid it.
    pub undone_by: Option<i64>,
    /// Whether its texts were kept. They are not where an older program wrote it.
    pub keeps_texts: bool,
    /// What it did to files, with the latest operation that wrote each of them since.
    pub files: Vec<(FileChange, Option<i64>)>,
    /// The sequences of these files of which something was published when it happened, and that were not deleted.
    pub was_published: BTreeSet<SequenceId>,
    /// What it did to sequences in the store, in its order.
    pub happenings: Vec<Happening>,
    /// What it did to ways of records through sequences.
    pub ways: Vec<Ways>,
    /// Of how many records something itself changed.
    pub records: u64,
    /// How many messages were sent to the records that it connected.
    pub sent: u64,
}

/// Ways of records through a sequence that an operation let run that had not, or end that had run: as many as are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ways {
    /// The sequence.
    pub sequence: SequenceId,
    /// How the operation left them.
    pub left: Left,
    /// What became of them since.
    pub since: Since,
    /// How many.
    pub count: u64,
    /// The record of one of them.
    pub record: RecordKey,
}

/// How an operation left a way that it found otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// It ran before, and ended for this reason.
    Ended(EndReason),
    /// It did not run before, and runs.
    Running,
}

/// What became of a way since an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Nothing: it is as the operation left it.
    Nothing,
    /// It is as it was before the operation.
    Back,
    /// The record was connected anew.
    Anew,
    /// It went on, and ended again.
    EndedAgain,
    /// The record was closed.
    Closed,
}

/// A change of a sequence in the store that happened.
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
    /// A part of it was about a sequence of which nothing is kept any more.
    Purged,
}

/// The sequence that a file holds or tests, by its name.
pub fn sequence_of(path: &FilePath) -> Option<SequenceId> {
    let name = path.file_name();
    let stem = name.strip_suffix(".test.yaml").or_else(|| name.strip_suffix(".yaml"))?;
    SequenceId::parse(stem)
}
