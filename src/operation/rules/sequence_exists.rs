//! # sequence-exists
//!
//! A new sequence would have the id of one that is there.
//!
//! ## Why
//!
//! An id names one sequence, its versions and everyone who went through it. Nothing is overwritten: neither
//! a file nor the history of a sequence that still serves.
//!
//! ## Bad
//!
//! ```text
//! $ segue clone inbound-lead enterprise-lead
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue clone inbound-lead inbound-lead-emea
//! ```
//!
//! ## See also
//!
//! `duplicate-sequence-id`

use crate::diagnostic::Code;
use crate::operation::refusal::Refusal;
use crate::sequence::{SequenceId, State};
use crate::text::{FilePath, Span};

pub(in crate::operation) fn sequence_exists(sequence: &SequenceId, file: Option<&FilePath>, state: State) -> Refusal {
    let refusal = Refusal::new(Code::SequenceExists, format!("a sequence is called `{sequence}` already"));
    let refusal = refusal.about(sequence).help("choose another id");
    match (file, state) {
        (Some(file), _) => refusal.at(file.at(Span::default())),
        (None, State::Active | State::Revision) => {
            refusal.help(format!("its file is gone, and it still serves records: delete it first (`segue delete {sequence}`)"))
        }
        (None, State::Inactive) => {
            refusal.help(format!("its file is gone; to begin anew under the id, delete it first (`segue delete {sequence}`)"))
        }
    }
}

/// The refusal where tests of a sequence are there before the sequence, and others would take their place.
pub(in crate::operation) fn tests_exist(sequence: &SequenceId, file: &FilePath) -> Refusal {
    let refusal = Refusal::new(Code::SequenceExists, format!("there are tests for `{sequence}` already, in {file}"));
    refusal.about(sequence).at(file.at(Span::default())).help("choose another id, or move that file away")
}

/// The refusal where another sequence had the id before: whatever refers to it would mean the new one from now on.
pub(in crate::operation) fn had_before(sequence: &SequenceId, holder: &SequenceId, file: &FilePath) -> Refusal {
    let message = format!("`{sequence}` was the id of `{holder}` before, and what refers to it so still means that");
    let refusal = Refusal::new(Code::SequenceExists, message).about(sequence).help("choose another id");
    refusal.help(format!("or take it out of `formerly` in {file}, if nothing published refers to it so any more"))
}

/// The refusal where a sequence of that id was deleted, and its versions are kept under it.
pub(in crate::operation) fn deleted_before(sequence: &SequenceId) -> Refusal {
    let message = format!("`{sequence}` was the id of a sequence that is deleted; its versions and history stay under it");
    Refusal::new(Code::SequenceExists, message).about(sequence).help("choose another id")
}
