//! # not-sound
//!
//! A sequence is to be activated, or an edit to be taken, with errors in it.
//!
//! ## Why
//!
//! What goes live must lead every record to an end. Each error is shown at its place; `segue validate` finds
//! the same ones.
//!
//! ## Bad
//!
//! ```text
//! # the last step is a wait
//! $ segue activate follow-up
//! ```
//!
//! ## Good
//!
//! ```text
//! # a step behind the wait
//! $ segue activate follow-up
//! ```
//!
//! ## See also
//!
//! `trailing-wait`, `inactive-target`

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::operation::refusal::Refusal;
use crate::sequence::SequenceId;

/// Refuses for the errors among some findings; nothing where there are none.
pub(in crate::operation) fn not_sound(sequence: &SequenceId, deed: &str, findings: Vec<Diagnostic>) -> Option<Refusal> {
    let errors: Vec<Diagnostic> = findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect();
    let first = errors.first()?;
    let count = match errors.len() {
        1 => "1 error".to_owned(),
        many => format!("{many} errors"),
    };
    let message = format!("`{sequence}` cannot be {deed}: it has {count}, first `{}`: {}", first.code, first.message);
    let refusal = Refusal::new(Code::NotSound, message).about(sequence).at(first.primary.clone());
    Some(Refusal { findings: errors, ..refusal })
}
