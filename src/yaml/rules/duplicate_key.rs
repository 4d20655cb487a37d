//! # duplicate-key
//!
//! A key stands twice in one mapping.

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// `key` stands at `span` again; it was first at `first`.
pub(in crate::yaml) fn duplicate_key(source: &Source, key: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateKey, source.at(span), format!("the key `{key}` stands here a second time"))
        .related(source.at(first), "it stands here first, and this one is read")
        .help("keep one of the two")
}
