//! # tags-not-supported
//!
//! A YAML tag (`!name`, `!!str`) stands before a value.
//!
//! ## Why
//!
//! A tag tells a YAML reader to take a value for something else than it looks like, and readers know
//! different tags. Here the place decides: where text is expected, `2026` and `true` are text without any
//! tag. Words that happen to start with `!` would be taken off the text and never be seen by a seller.
//!
//! ## Bad
//!
//! ```yaml
//! - id: renewal
//!   type: task
//!   name: !!str 2026 renewal
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: renewal
//!   type: task
//!   name: 2026 renewal
//! ```
//!
//! ## See also
//!
//! `quote-text`, `quote-expression`, `anchors-not-supported`

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
