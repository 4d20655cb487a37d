//! # outside-edit
//!
//! A script writes to a sequence or a step outside `edit(|s| ...)`, or through a value that it kept from an
//! edit that is over.
//!
//! ## Why
//!
//! What belongs together is changed together: inside `edit` half-made changes are nobody's business, and at
//! its end the file is written once, checked once and refused as one.
//!
//! ## Bad
//!
//! ```text
//! let inbound = sequence("inbound-lead");
//! inbound.name = "Inbound lead (EMEA)";
//! ```
//!
//! ## Good
//!
//! ```text
//! let inbound = sequence("inbound-lead");
//! inbound.edit(|s| { s.name = "Inbound lead (EMEA)"; });
//! ```
//!
//! ## See also
//!
//! `inside-edit`

use crate::diagnostic::Code;
use crate::operation::Refusal;
use crate::sequence::SequenceId;

/// Something is written outside an edit.
pub(in crate::script) fn outside_edit(sequence: &SequenceId, what: &str) -> Refusal {
    Refusal::new(Code::OutsideEdit, format!("{what} of `{sequence}` is only written inside `edit(|s| ...)`"))
        .about(sequence)
        .help("write it through the value that the closure gets: `SEQUENCE.edit(|s| { s.name = \"...\"; })`")
}

/// A value was kept from an edit that is over.
pub(in crate::script) fn edit_is_over(sequence: &SequenceId) -> Refusal {
    Refusal::new(Code::OutsideEdit, format!("the edit of `{sequence}` that this value belongs to is over"))
        .about(sequence)
        .help(format!("ask for it anew: `sequence(\"{sequence}\")`"))
}
