//! # tags-not-supported
//!
//! A YAML tag (`!name`, `!!str`).

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// A tag stands at `span`.
pub(in crate::yaml) fn tag(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::TagsNotSupported,
        source.at(span),
        format!("`{}` is a YAML tag; sequences have none", source.slice(span)),
    )
    .help("delete it")
    .help("if it is meant as text, put the whole value in quotes")
}
