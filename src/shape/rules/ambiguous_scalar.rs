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
use crate::time::Date;
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
    // A day or a time of day can be nothing but text; all else might have been meant as what it looks like.
    let safety = if is_day_or_time(text) { Safety::Safe } else { Safety::Guess };
    problem.help(format!("write {quoted} for the text")).fix("quote the text", safety, span, quoted)
}

/// `2026-12-24`, `2026-12-24T09:00:00Z`, `12:30`
fn is_day_or_time(text: &str) -> bool {
    let is_time = |text: &str| {
        let parts: Vec<&str> = text.split(':').collect();
        matches!(parts.len(), 2 | 3) && parts.iter().all(|part| part.len() == 2 && part.chars().all(|c| c.is_ascii_digit()))
    };
    let is_day = text.get(..10).is_some_and(|day| day.parse::<Date>().is_ok());
    is_day || is_time(text)
}

/// A value must stand at `span`, and nothing does.
pub(in crate::shape) fn nothing(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::new(Code::AmbiguousScalar, source.at(span), "a value belongs here, and nothing is written")
        .help("write `null` for no value, or '' for empty text")
}
