//! # inside-edit
//!
//! While a sequence is open in `edit(|s| ...)`, the script edits it a second time, or lets a verb write its
//! file.
//!
//! ## Why
//!
//! Two hands would write one text, and the one that is done first would lose what it wrote.
//!
//! ## Bad
//!
//! ```text
//! let inbound = sequence("inbound-lead");
//! inbound.edit(|s| {
//!     s.name = "Inbound lead (EMEA)";
//!     s.activate("EMEA edition");
//! });
//! ```
//!
//! ## Good
//!
//! ```text
//! let inbound = sequence("inbound-lead");
//! inbound.edit(|s| { s.name = "Inbound lead (EMEA)"; });
//! inbound.activate("EMEA edition");
//! ```
//!
//! ## See also
//!
//! `outside-edit`

use crate::diagnostic::Code;
use crate::lifecycle::Verb;
use crate::operation::Refusal;
use crate::sequence::SequenceId;

/// A verb would write a file that an edit has open.
pub(in crate::script) fn inside_edit(sequence: &SequenceId, verb: Verb) -> Refusal {
    Refusal::new(Code::InsideEdit, format!("`{sequence}` is open in `edit(|s| ...)`: {verb} would write the same file"))
        .about(sequence)
        .help(format!("put `{verb}` behind the edit, or write through the value that the closure gets"))
}
