//! # not-editable
//!
//! An edit changes what only verbs write: `state`, `version`, `message` or where the sequence came from.
//!
//! ## Why
//!
//! Such a line says what happened. Written by hand it would claim a publication that nobody checked,
//! numbered or stored.
//!
//! ## Bad
//!
//! ```text
//! $ segue edit inbound-lead --set state=active
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue activate inbound-lead
//! ```
//!
//! ## See also
//!
//! `pending`, `edited-while-active`

use crate::diagnostic::Code;
use crate::operation::refusal::Refusal;
use crate::sequence::SequenceId;

pub(in crate::operation) fn not_editable(sequence: &SequenceId, key: &str, verb: &str) -> Refusal {
    let message = format!("`{key}` of `{sequence}` is not changed by an edit");
    Refusal::new(Code::NotEditable, message).about(sequence).help(verb)
}
