//! # unknown-function
//!
//! A script calls a function that does not exist.
//!
//! ## Why
//!
//! The run ends at that call. What was asked for above it is thrown away with the rest, since a script's
//! work is kept whole or not at all.
//!
//! ## Bad
//!
//! ```rhai
//! let names = ["Ana", "Ben"];
//! print(names.revers());
//! ```
//!
//! ## Good
//!
//! ```rhai
//! let names = ["Ana", "Ben"];
//! names.reverse();
//! print(names);
//! ```
//!
//! ## See also
//!
//! `wrong-arguments`, `unknown-property`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::Location;

/// Nothing that can be called has this name.
pub(in crate::script) fn unknown_function(at: Location, name: &str, types: &str, near: Option<&str>) -> Diagnostic {
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !is_name {
        return Diagnostic::new(
            Code::UnknownFunction,
            at,
            format!("`{name}` means nothing between values of these types: {types}"),
        )
        .help("turn one into the other's type first, with `to_string`, `parse_int` or `parse_float`");
    }
    Diagnostic::new(Code::UnknownFunction, at, format!("no function is called `{name}`")).did_you_mean(near)
}
