//! # conflicting-keys
//!
//! Two keys that exclude each other.

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// The key at `span` cannot stand beside the one at `other`.
pub fn conflicting_keys(source: &Source, span: Span, other: Span) -> Diagnostic {
    let (key, beside) = (source.slice(span), source.slice(other));
    Diagnostic::new(Code::ConflictingKeys, source.at(span), format!("`{key}` cannot stand beside `{beside}`"))
        .related(source.at(other), format!("`{beside}` stands here"))
}
