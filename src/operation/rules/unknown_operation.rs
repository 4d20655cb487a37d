//! # unknown-operation
//!
//! An operation is named that the journal does not have.
//!
//! ## Why
//!
//! Numbers are given in the order in which things were done. Most often one is mistyped, or it is from
//! another store: every workspace counts for itself.
//!
//! ## Bad
//!
//! ```text
//! # three things were done so far
//! $ segue history --operation 4
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue history
//! $ segue history --operation 3
//! ```
//!
//! ## See also
//!
//! `unknown-record`, `unknown-sequence`

use crate::diagnostic::Code;
use crate::operation::refusal::Refusal;

/// The refusal for a number that no operation has.
pub fn unknown_operation(number: i64) -> Refusal {
    Refusal::new(Code::UnknownOperation, format!("there is no operation {number}")).help("`segue history` shows all there are")
}
