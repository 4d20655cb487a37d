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

/// The text at `span` must be quoted, because `why`. Where it has quotes already, what was meant is a guess.
pub(in crate::yaml) fn quote_text(source: &Source, text: &str, span: Span, why: &str) -> Diagnostic {
    let written = &text[span.range()];
    let has_quotes = written.starts_with(['"', '\'']);
    let safety = if has_quotes { Safety::Guess } else { Safety::Safe };
    let meant = if has_quotes { inside_quotes(written) } else { written };
    let quoted = quoted(meant);
    Diagnostic::new(Code::QuoteText, source.at(span), format!("this text must be quoted: {why}"))
        .help(format!("write {quoted}"))
        .fix("quote the text", safety, span, quoted)
}

/// `'it's fine'` means what stands between its outer quotes; `"Hello" there` means all of it.
fn inside_quotes(written: &str) -> &str {
    let quote = &written[..1];
    let inside = written.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inside.unwrap_or(written)
}
