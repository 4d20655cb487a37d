//! # message-missing
//!
//! A version after the first is to be published without a word about why.
//!
//! ## Why
//!
//! Records run on several versions side by side for weeks. Whoever compares them later needs to know what
//! each was for.
//!
//! ## Bad
//!
//! ```text
//! $ segue activate inbound-lead
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue activate inbound-lead -m 'shorter waits'
//! ```
//!
//! ## See also
//!
//! `nothing-changed`

use crate::diagnostic::Code;
use crate::operation::refusal::Refusal;
use crate::sequence::SequenceId;

pub(in crate::operation) fn message_missing(sequence: &SequenceId, version: u32) -> Refusal {
    let message = format!("version {version} of `{sequence}` needs a message that says why it is made");
    let refusal = Refusal::new(Code::MessageMissing, message).about(sequence);
    refusal.help("give one: `-m 'shorter waits'`; in a script `activate(\"shorter waits\")`")
}
