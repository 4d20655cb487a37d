//! # quote-text
//!
//! A text that YAML reads as something else: it starts with a sign of YAML's own, holds a colon before a
//! blank, or goes on behind its closing quote or bracket.
//!
//! ## Why
//!
//! Subjects and notes for sellers are full of such signs: `Re: your trial`, `@ana`, `[urgent] Call`. YAML
//! makes a key, a list or an error of them, and the rest of the line is lost. In quotes they are what they
//! look like.
//!
//! ## Bad
//!
//! ```yaml
//! - id: budget
//!   type: task
//!   name: Follow up: ask for the budget
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: budget
//!   type: task
//!   name: 'Follow up: ask for the budget'
//! ```
//!
//! ## See also
//!
//! `quote-expression`, `bad-yaml`

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::{Source, Span};
use crate::yaml::rules::quoted;

/// The text at `span` must be quoted, because `why`.
pub(in crate::yaml) fn quote_text(source: &Source, text: &str, span: Span, why: &str) -> Diagnostic {
    let quoted = quoted(&text[span.range()]);
    Diagnostic::new(Code::QuoteText, source.at(span), format!("this text must be quoted: {why}"))
        .help(format!("write {quoted}"))
        .fix("quote the text", Safety::Safe, span, quoted)
}
