//! # anchors-not-supported
//!
//! An anchor (`&name`), an alias (`*name`) or a merge key (`<<`) stands in the file.
//!
//! ## Why
//!
//! What a step does would no longer stand where the step stands, and a change further up would change steps
//! that nobody looked at. So every step says all of itself: it is read without searching, and a diff shows
//! every step that is different.
//!
//! ## Bad
//!
//! ```yaml
//! - id: intro
//!   type: email
//!   name: Introduce ourselves
//!   template: &first intro-lead
//! - id: again
//!   type: text
//!   name: Write once more
//!   template: *first
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: intro
//!   type: email
//!   name: Introduce ourselves
//!   template: intro-lead
//! - id: again
//!   type: text
//!   name: Write once more
//!   template: intro-lead
//! ```
//!
//! ## See also
//!
//! `tags-not-supported`, `quote-text`

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::{Source, Span};
use crate::yaml::rules::quoted;

/// An anchor stands at `span`.
pub(in crate::yaml) fn anchor(source: &Source, span: Span) -> Diagnostic {
    problem(source, span, format!("`{}` is an anchor; sequences have none", source.slice(span)))
        .help("delete it, and write the value out wherever it is used")
        .help("if it is meant as text, put it in quotes")
}

/// An alias stands at `span`.
pub(in crate::yaml) fn alias(source: &Source, span: Span) -> Diagnostic {
    problem(source, span, format!("`{}` is an alias; sequences have none", source.slice(span)))
        .help("write the value out here")
        .help("if it is meant as text, put it in quotes")
}

/// `*text` that names no anchor is text, most likely all of `value`.
pub(in crate::yaml) fn alias_of_nothing(source: &Source, span: Span, value: Span) -> Diagnostic {
    let quoted = quoted(source.slice(value));
    problem(source, span, format!("`{}` is an alias to YAML, and names nothing", source.slice(span)))
        .help(format!("write {quoted} if it is text"))
        .fix("quote the text", Safety::Guess, value, quoted)
}

/// A merge key stands at `span`.
pub(in crate::yaml) fn merge_key(source: &Source, span: Span) -> Diagnostic {
    problem(source, span, "`<<` merges another mapping into this one; sequences have no merging".to_owned())
        .help("write the keys out here")
}

fn problem(source: &Source, span: Span, message: String) -> Diagnostic {
    Diagnostic::new(Code::AnchorsNotSupported, source.at(span), message)
}
