//! # wrong-arguments
//!
//! A function is called with too many or too few arguments, or with some of another type. What stands
//! before the dot counts as the first.
//!
//! ## Why
//!
//! There are no silent conversions: a text with digits is no number, and a function that takes one says so
//! instead of guessing.
//!
//! ## Bad
//!
//! ```rhai
//! print("7" - parse_int("3", 10, 2));
//! ```
//!
//! ## Good
//!
//! ```rhai
//! print(parse_int("7") - parse_int("3"));
//! ```
//!
//! ## See also
//!
//! `unknown-function`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::Location;

/// How many ways of calling it are told.
const MAX_CALLS: usize = 8;

/// The function exists, and takes others than these.
pub(in crate::script) fn wrong_arguments(at: Location, name: &str, types: &str, calls: &[String]) -> Diagnostic {
    let given = if types.is_empty() { "nothing".to_owned() } else { format!("({types})") };
    let mut shown: Vec<String> = calls.iter().take(MAX_CALLS).map(|call| format!("`{call}`")).collect();
    if calls.len() > MAX_CALLS {
        shown.push(format!("{} more", calls.len() - MAX_CALLS));
    }
    let message = format!("`{name}` does not take {given}");
    Diagnostic::new(Code::WrongArguments, at, message).help(format!("call it as {}", shown.join(" or ")))
}
