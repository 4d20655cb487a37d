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
use crate::sequence::SequenceId;
use crate::text::{FilePath, Span};

pub(in crate::operation) fn sequence_exists(sequence: &SequenceId, file: Option<&FilePath>) -> Refusal {
    let refusal = Refusal::new(Code::SequenceExists, format!("a sequence is called `{sequence}` already"));
    let refusal = refusal.about(sequence).help("choose another id");
    match file {
        Some(file) => refusal.at(file.at(Span::default())),
        None => refusal.help("its file is gone, and it still serves records: deactivate or delete it first"),
    }
}
