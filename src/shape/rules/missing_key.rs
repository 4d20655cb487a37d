//! # missing-key
//!
//! A key that must be there is not.
//!
//! ## Why
//!
//! Without it the step cannot be done: an automated email has nothing to send, a wait has no end, and a
//! condition on an email would wait for ever. A step without a name is an empty line in a seller's list of
//! work, one without an id loses its records' progress with the next edit.
//!
//! ## Bad
//!
//! ```yaml
//! - id: intro
//!   type: automated_email
//!   name: Introduce ourselves
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: intro
//!   type: automated_email
//!   name: Introduce ourselves
//!   template: intro-lead
//! ```
//!
//! ## See also
//!
//! `unknown-key`, `conflicting-keys`

use crate::diagnostic::{Code, Diagnostic};
use crate::shape::{Key, Need, Shape};
use crate::text::{Source, Span};

/// `key` is missing in the mapping whose first key is at `head`.
pub(in crate::shape) fn missing_key(source: &Source, head: Span, shape: &Shape, key: &Key) -> Diagnostic {
    missing(source, head, format!("{} needs the key `{}`", shape.what, key.name))
        .help(format!("add `{}: {}`", key.name, key.example))
}

/// Something is missing that no single key of a table stands for.
pub fn missing(source: &Source, head: Span, message: String) -> Diagnostic {
    Diagnostic::new(Code::MissingKey, source.at(head), message)
}

/// Nothing is written where `shape` is expected.
pub fn empty_file(source: &Source, shape: &Shape) -> Diagnostic {
    let needed: Vec<String> =
        shape.keys().filter(|key| key.need == Need::Required).map(|key| format!("`{}`", key.name)).collect();
    missing(source, Span::at(0), format!("the file is empty; {} belongs here", shape.what))
        .help(format!("write at least the keys {}", needed.join(", ")))
}
