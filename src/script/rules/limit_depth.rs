//! # limit-depth
//!
//! Calls, expressions or variables are piled up higher than a script may: 32 open calls, 64 levels of an
//! expression, half of that inside a function, 256 variables and 32 modules.
//!
//! ## Why
//!
//! Every level takes a piece of the machine's own stack, and where that ends a program has no last word.
//!
//! ## Bad
//!
//! ```rhai
//! fn parent(tag) {
//!     parent(tag)
//! }
//!
//! parent("region/emea");
//! ```
//!
//! ## Good
//!
//! ```rhai
//! fn parent(tag) {
//!     tag.split("/")[0]
//! }
//!
//! parent("region/emea");
//! ```
//!
//! ## See also
//!
//! `limit-operations`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::Location;

/// Functions call functions without an end.
pub(in crate::script) fn calls(at: Location) -> Diagnostic {
    Diagnostic::new(Code::LimitDepth, at, "more than 32 calls are open at once")
        .help("look for a function that calls itself for ever, or write a loop")
}

/// An expression in an expression in an expression.
pub(in crate::script) fn expression(at: Location) -> Diagnostic {
    Diagnostic::new(Code::LimitDepth, at, "the script is nested too deep here")
        .help("name a part of it with `let`, or move it into a function")
}

/// Too many variables at once.
pub(in crate::script) fn variables(at: Location) -> Diagnostic {
    Diagnostic::new(Code::LimitDepth, at, "more than 256 variables exist at once").help("keep them in an array or a map")
}

/// Too many modules in one run.
pub(in crate::script) fn modules(at: Location) -> Diagnostic {
    Diagnostic::new(Code::LimitDepth, at, "more than 32 modules are imported in one run").help("import only what is used")
}
