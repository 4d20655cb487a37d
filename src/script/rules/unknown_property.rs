//! # unknown-property
//!
//! A script reads a property or a key that is not there.
//!
//! ## Why
//!
//! A misspelt name would otherwise read as nothing and pass on as such: a comparison with it is false for
//! every record, and nobody sees why.
//!
//! ## Bad
//!
//! ```rhai
//! let lead = #{ email: "ana@example.com" };
//! print(lead.emial);
//! ```
//!
//! ## Good
//!
//! ```rhai
//! let lead = #{ email: "ana@example.com" };
//! print(lead.email);
//! ```
//!
//! ## See also
//!
//! `unknown-function`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::Location;

/// A value of that type has no such property.
pub(in crate::script) fn unknown_property(at: Location, name: &str, of: &str, near: Option<&str>) -> Diagnostic {
    Diagnostic::new(Code::UnknownProperty, at, format!("a value of type {of} has no property `{name}`"))
        .did_you_mean(if ["length", "size", "count"].contains(&name) { Some("len") } else { near })
}

/// A map has no such key.
pub(in crate::script) fn of_map(at: Location, name: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownProperty, at, format!("the map has no key `{name}`"))
        .help(format!("ask first where it may be missing: `if \"{name}\" in map`"))
}
