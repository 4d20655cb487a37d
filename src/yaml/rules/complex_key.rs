//! # complex-key
//!
//! A key that is a list or a mapping.

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// The key at `span` is no text.
pub(in crate::yaml) fn complex_key(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::new(Code::ComplexKey, source.at(span), "a key must be plain text, not a list or a mapping")
        .help("write `key: value`; text that starts with `[` or `{` belongs in quotes")
}
