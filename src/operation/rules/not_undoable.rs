//! # not-undoable
//!
//! An operation is to be undone of which the journal does not keep what was before.
//!
//! ## Why
//!
//! Fields of records come from elsewhere, by the million, and are brought up to date from there; the journal
//! notes which changed, not what they said. Nor does it hold the texts of what was done before it began to
//! keep them.
//!
//! ## Bad
//!
//! ```text
//! $ segue records import leads.csv --type lead
//! $ segue undo --last
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue records import leads.csv --type lead
//! $ segue records import leads-as-they-were.csv --type lead
//! ```
//!
//! ## See also
//!
//! `nothing-to-undo`, `changed-since`

use crate::diagnostic::Code;
use crate::operation::happened::Happened;
use crate::operation::refusal::Refusal;
use crate::sequence::SequenceId;

/// The refusal for an operation that changed records themselves.
pub(in crate::operation) fn changed_records(happened: &Happened) -> Refusal {
    let Happened { number, what, records, .. } = happened;
    let records = if *records == 1 { "1 record".to_owned() } else { format!("{records} records") };
    let message = format!("operation {number} (`{what}`) changed {records}, and what was before is not kept");
    Refusal::new(Code::NotUndoable, message).help("import the records as they were; connections that ended can be made again")
}

/// The refusal for an operation that was about a sequence of which nothing is kept any more.
pub(in crate::operation) fn purged(happened: &Happened) -> Refusal {
    let Happened { number, what, .. } = happened;
    let message = format!("operation {number} (`{what}`) was about a sequence that was purged, and nothing of that is kept");
    Refusal::new(Code::NotUndoable, message).help("take the file as it was from git")
}

/// The refusal for an operation of before texts were kept.
pub(in crate::operation) fn of_before(happened: &Happened) -> Refusal {
    let Happened { number, what, .. } = happened;
    let message = format!("operation {number} (`{what}`) was written by an older segue, which kept no texts");
    Refusal::new(Code::NotUndoable, message).help("take the files as they were from git")
}

/// The refusal for an operation that gave a sequence another id, and did more, or whose old id is another's by now.
pub(in crate::operation) fn renamed(happened: &Happened, from: &SequenceId, to: &SequenceId) -> Refusal {
    let Happened { number, what, .. } = happened;
    let message = format!("operation {number} (`{what}`) renamed `{from}` to `{to}`");
    Refusal::new(Code::NotUndoable, message).about(to).help(format!("rename it back: `segue rename {to} {from}`"))
}
