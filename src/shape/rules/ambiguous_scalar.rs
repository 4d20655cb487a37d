//! # ambiguous-scalar
//!
//! A value that YAML readers disagree about: to one it is a number, a date, a truth value or nothing, to the
//! next it is text. `true`, `false`, `null` and numbers as in JSON are clear, everything else that looks like
//! one is not.
//!
//! ## Why
//!
//! Where any value may stand, it goes into the record as it is read. `yes` is the word to one reader and true
//! to another, `012` is ten or twelve, and `NO` is Norway or a refusal. The record would get whichever the
//! last tool believed.
//!
//! ## Bad
//!
//! ```yaml
//! - id: subscribe
//!   type: update_field
//!   field: newsletter
//!   value: yes
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: subscribe
//!   type: update_field
//!   field: newsletter
//!   value: true
//! - id: channel
//!   type: update_field
//!   field: preferred_channel
//!   value: 'no'
//! ```
//!
//! ## See also
//!
//! `wrong-type`, `unknown-option`

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::{Source, Span};
use crate::yaml::rules::quoted;

/// Any value may stand at `span`, and `text` may be several.
pub(in crate::shape) fn ambiguous_scalar(source: &Source, span: Span, text: &str) -> Diagnostic {
    let problem = Diagnostic::new(Code::AmbiguousScalar, source.at(span), format!("`{text}` is not text to every YAML reader"));
    let problem = match text.to_ascii_lowercase().as_str() {
        "~" | "null" => problem.help("write `null` for no value"),
        "true" | "yes" | "on" => problem.help("write `true` for the truth value"),
        "false" | "no" | "off" => problem.help("write `false` for the truth value"),
        _ => problem,
    };
    let quoted = quoted(text);
    problem.help(format!("write {quoted} for the text")).fix("quote the text", Safety::Guess, span, quoted)
}

/// A value must stand at `span`, and nothing does.
pub(in crate::shape) fn nothing(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::new(Code::AmbiguousScalar, source.at(span), "a value belongs here, and nothing is written")
        .help("write `null` for no value, or '' for empty text")
}
