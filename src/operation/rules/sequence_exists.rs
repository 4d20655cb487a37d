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
