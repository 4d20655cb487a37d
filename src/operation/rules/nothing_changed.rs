//! # nothing-changed
//!
//! A new version is to be published that says what the newest says.
//!
//! ## Why
//!
//! A number stands for a change. Without one, reports by version would compare a thing with itself.
//!
//! ## Bad
//!
//! ```text
//! # the draft says what is published
//! $ segue activate inbound-lead
//! ```
//!
//! ## Good
//!
//! ```text
//! # after an edit of the draft
//! $ segue activate inbound-lead -m 'shorter waits'
//! ```
//!
//! ## See also
//!
//! `message-missing`, `already-active`

use crate::diagnostic::Code;
use crate::operation::refusal::Refusal;
use crate::sequence::SequenceId;

pub(in crate::operation) fn nothing_changed(sequence: &SequenceId, version: u32) -> Refusal {
    let message = format!("the draft of `{sequence}` says what version {version} says");
    Refusal::new(Code::NothingChanged, message)
        .about(sequence)
        .help("edit it first")
        .help(format!("or throw the draft away: `segue discard {sequence}`"))
}
