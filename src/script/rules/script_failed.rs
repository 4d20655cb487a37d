//! # script-failed
//!
//! Something in a script cannot be done with the values it has: an index behind the end, a division by
//! zero, a number too large, a value of another type than an `if` or a `for` needs.
//!
//! ## Why
//!
//! A script that went on with half a value would change sequences by accident. Such an error can be caught
//! with `try` and `catch` where it is expected.
//!
//! ## Bad
//!
//! ```rhai
//! let owners = ["ana.ruiz", "ben.cole"];
//! print(owners[2]);
//! ```
//!
//! ## Good
//!
//! ```rhai
//! let owners = ["ana.ruiz", "ben.cole"];
//! for owner in owners {
//!     print(owner);
//! }
//! ```
//!
//! ## See also
//!
//! `script-threw`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::Location;

/// Something cannot be done with the values at hand; the reason in a clause.
pub(in crate::script) fn script_failed(at: Location, reason: &str) -> Diagnostic {
    Diagnostic::new(Code::ScriptFailed, at, reason)
}
