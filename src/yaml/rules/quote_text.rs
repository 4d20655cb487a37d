//! # quote-text
//!
//! A text that YAML reads as something else: it starts with a sign of YAML's own, or holds `: `.

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
