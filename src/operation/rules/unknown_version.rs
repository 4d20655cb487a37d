//! # unknown-version
//!
//! A version of a sequence is named that was never published.
//!
//! ## Why
//!
//! A version is frozen when the sequence is activated. What its file says before that has no number.
//!
//! ## Bad
//!
//! ```text
//! # inbound-lead was activated twice
//! $ segue clone inbound-lead inbound-lead-again --version 3
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue history inbound-lead
//! $ segue clone inbound-lead inbound-lead-again --version 2
//! ```
//!
//! ## See also
//!
//! `unknown-sequence`

use crate::diagnostic::Code;
use crate::operation::refusal::Refusal;
use crate::sequence::SequenceId;
use crate::text::Digest;

/// The refusal for a number that no version of a sequence has, beside those that there are.
pub fn unknown_version(sequence: &SequenceId, number: u32, versions: &[(u32, Digest)]) -> Refusal {
    let refusal = Refusal::new(Code::UnknownVersion, format!("there is no version {number} of `{sequence}`")).about(sequence);
    match versions {
        [] => refusal.help(format!("nothing of it was published yet; `segue activate {sequence}` does that")),
        [(only, _)] => refusal.help(format!("there is version {only}")),
        [(first, _), .., (last, _)] => {
            refusal.help(format!("there are versions from {first} to {last}; `segue history {sequence}` shows them"))
        }
    }
}
