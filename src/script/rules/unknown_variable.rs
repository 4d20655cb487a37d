//! # unknown-variable
//!
//! A script uses a variable that was not declared above, or a function one of the script around it.
//!
//! ## Why
//!
//! A function sees its parameters and nothing else, so that it means the same wherever it is called from. A
//! closure `|step| ...` does see what stands around it.
//!
//! ## Bad
//!
//! ```rhai
//! const MARK = " (EMEA)";
//!
//! fn marked(subject) {
//!     subject + MARK
//! }
//!
//! print(marked("Hello"));
//! ```
//!
//! ## Good
//!
//! ```rhai
//! const MARK = " (EMEA)";
//!
//! fn marked(subject, mark) {
//!     subject + mark
//! }
//!
//! print(marked("Hello", MARK));
//! ```
//!
//! ## See also
//!
//! `script-syntax`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::Location;

/// Nothing is called so where it stands.
pub(in crate::script) fn unknown_variable(at: Location, name: &str, near: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(Code::UnknownVariable, at, format!("no variable is called `{name}` here"));
    match (near, name) {
        (Some(near), _) => finding.did_you_mean(Some(near)),
        (None, "null" | "nil" | "None" | "undefined") => finding.help("write `()` for nothing"),
        (None, "True" | "False") => finding.help(format!("write `{}`", name.to_lowercase())),
        (None, _) => finding.help(format!("declare it first: `let {name} = ...;`; text stands in double quotes")),
    }
}

/// It is a function, and is not called.
pub(in crate::script) fn of_function(at: Location, name: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownVariable, at, format!("`{name}` is a function, and no variable"))
        .help(format!("call it: `{name}(...)`"))
}

/// It is the parameter of a closure that is written as in another language.
pub(in crate::script) fn of_closure(at: Location, name: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownVariable, at, format!("no variable is called `{name}` here"))
        .help(format!("write a closure with bars: `|{name}| {{ ... }}`"))
}

/// The script declares it at its top, which functions do not see.
pub(in crate::script) fn of_script(at: Location, name: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownVariable, at, format!("a function does not see the script's own `{name}`"))
        .help(format!("hand it over as an argument; a `const` can also be written as `global::{name}`"))
}
