//! # limit-operations
//!
//! A script did more than it may: about twenty million statements, operators and calls, unless
//! `--max-operations` says otherwise.
//!
//! ## Why
//!
//! A loop whose end was forgotten would keep the workspace locked for as long as somebody is patient. The
//! limit cannot be caught, and nothing of a run that met it is kept.
//!
//! ## Bad
//!
//! ```rhai
//! let attempts = 0;
//! while attempts < 3 {
//!     // attempts += 1 was forgotten
//! }
//! ```
//!
//! ## Good
//!
//! ```rhai
//! let attempts = 0;
//! while attempts < 3 {
//!     attempts += 1;
//! }
//! ```
//!
//! ## See also
//!
//! `limit-time`, `limit-memory`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::Location;

/// It did more than it may.
pub(in crate::script) fn limit_operations(at: Location, limit: u64) -> Diagnostic {
    Diagnostic::new(Code::LimitOperations, at, format!("the script was ended after {} operations", grouped(limit)))
        .help("look for a loop that never ends; for work that is really that much, raise `--max-operations`")
}

/// A number with a comma before every three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let commas = |at: usize| if at > 0 && (digits.len() - at).is_multiple_of(3) { "," } else { "" };
    digits.char_indices().map(|(at, digit)| format!("{}{digit}", commas(at))).collect()
}
