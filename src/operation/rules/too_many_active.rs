//! # too-many-active
//!
//! More sequences would be active than the workspace allows.
//!
//! ## Why
//!
//! Every active sequence is offered to every seller of its record type. In Dynamics 365 Sales, our reference,
//! 250 may be active at once, and the setting defaults to that.
//!
//! ## Bad
//!
//! ```text
//! # limits: {active_sequences: 2}, and two are active
//! $ segue activate follow-up
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue deactivate autumn-fair
//! $ segue activate follow-up
//! ```
//!
//! ## See also
//!
//! `not-sound`

use crate::diagnostic::Code;
use crate::operation::refusal::Refusal;
use crate::sequence::SequenceId;

pub(in crate::operation) fn too_many_active(sequence: &SequenceId, active: usize, fresh: usize, limit: u32) -> Refusal {
    let more = if fresh > 1 { format!(", with {fresh} more together") } else { String::new() };
    let message = format!("`{sequence}` cannot be activated{more}: {active} sequences are active, and {limit} may be");
    let refusal = Refusal::new(Code::TooManyActive, message).about(sequence);
    refusal.help("deactivate one that nobody needs").help("or raise `limits: {active_sequences: ...}` in segue.yaml")
}
