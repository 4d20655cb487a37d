//! # limit-changes
//!
//! A script asks for more changes than one run may make: 100,000, unless `--max-changes` says otherwise.
//! Each sequence that is edited, each record that is connected counts as one.
//!
//! ## Why
//!
//! A loop that connects the wrong list is noticed too late. What is meant to be large says so.
//!
//! ## Bad
//!
//! ```text
//! $ segue run connect-everybody
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue run connect-everybody --max-changes 400000
//! ```
//!
//! ## See also
//!
//! `limit-operations`

use crate::diagnostic::Code;
use crate::operation::Refusal;

/// One more change would be one too many.
pub(in crate::script) fn limit_changes(limit: usize) -> Refusal {
    Refusal::new(Code::LimitChanges, format!("the run asks for more than {limit} changes"))
        .help("allow more where so many are meant: `--max-changes N`")
}
