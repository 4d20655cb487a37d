//! # missing-key
//!
//! A key that must be there is not.

use crate::diagnostic::{Code, Diagnostic};
use crate::shape::{Key, Shape};
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
