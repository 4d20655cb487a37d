//! # script-threw
//!
//! A script ended itself with `throw`, and nothing in it caught that.
//!
//! ## Why
//!
//! That is how a script says that it must not go on: its author saw the case coming. Everything it had
//! asked for is thrown away.
//!
//! ## Bad
//!
//! ```rhai
//! let leads = 0;
//! if leads == 0 {
//!     throw "the list of leads is empty";
//! }
//! ```
//!
//! ## Good
//!
//! ```rhai
//! let leads = 0;
//! if leads == 0 {
//!     print("the list of leads is empty");
//! }
//! ```
//!
//! ## See also
//!
//! `script-failed`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::Location;

/// Nobody caught what was thrown; its words.
pub(in crate::script) fn script_threw(at: Location, words: &str) -> Diagnostic {
    let words = if words.is_empty() { "nothing" } else { words };
    Diagnostic::new(Code::ScriptThrew, at, format!("the script threw {}", quoted(words)))
}

fn quoted(words: &str) -> String {
    if words.starts_with("a map") || words.starts_with("a value") || words == "nothing" {
        words.to_owned()
    } else {
        format!("\"{words}\"")
    }
}
