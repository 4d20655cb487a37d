//! # nothing-to-undo
//!
//! An operation is to be undone, and everything that can be as it was before is so already.
//!
//! ## Why
//!
//! Most often it was undone before. To do it over again after all, undo the operation that undid it.
//!
//! ## Bad
//!
//! ```text
//! $ segue tag inbound-lead fair
//! $ segue undo 1
//! $ segue undo 1
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue tag inbound-lead fair
//! $ segue undo 1
//! $ segue undo 2
//! ```
//!
//! ## See also
//!
//! `changed-since`, `not-undoable`

use crate::diagnostic::Code;
use crate::operation::happened::Happened;
use crate::operation::refusal::Refusal;

/// The refusal where nothing would change. `losses` says what cannot be brought back, where that is the reason.
pub(in crate::operation) fn nothing_to_undo(happened: &Happened, losses: &[String]) -> Refusal {
    let Happened { number, undone_by, .. } = happened;
    let refusal = Refusal::new(Code::NothingToUndo, format!("there is nothing to undo of operation {number}"));
    let refusal = losses.iter().take(3).fold(refusal, |refusal, loss| refusal.help(loss.clone()));
    match undone_by {
        Some(later) => refusal.help(format!("operation {later} undid it; to do it over again, `segue undo {later}`")),
        None if losses.is_empty() => refusal.help("everything is as it was before"),
        None => refusal,
    }
}
