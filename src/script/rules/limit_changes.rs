//! # limit-changes
//!
//! A script asks for more changes than one run may make: 100,000, unless `--max-changes` says otherwise.
//! Each sequence that is edited, each record that is connected counts as one. Within one edit it may make
//! 1,000: each value that is set, each step that is put in, moved or taken out.
//!
//! ## Why
//!
//! A loop that connects the wrong list is noticed too late. What is meant to be large says so.
//!
//! ## Bad
//!
//! ```text
//! $ segue run connect-everybody
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue run connect-everybody --max-changes 400000
//! ```
//!
//! ## See also
//!
//! `limit-operations`

use crate::diagnostic::Code;
use crate::operation::Refusal;
use crate::sequence::SequenceId;

/// One more change would be one too many.
pub(in crate::script) fn limit_changes(limit: usize) -> Refusal {
    Refusal::new(Code::LimitChanges, format!("the run asks for more than {limit} changes"))
        .help("allow more where so many are meant: `--max-changes N`")
}

/// One more change within an edit would be one too many: they are all written at the end of it, and nobody can stop that.
pub(in crate::script) fn of_an_edit(sequence: &SequenceId, limit: usize) -> Refusal {
    Refusal::new(Code::LimitChanges, format!("one edit of `{sequence}` asks for more than {limit} changes"))
        .about(sequence)
        .help("end the edit and begin another, or write whole steps: `s.steps = [...]`")
}
