//! # unclosed-quote
//!
//! A quote opens a text and nothing closes it. The finding stands where it opens.
//!
//! ## Why
//!
//! To YAML the text goes on to the next quote, however far below that is. A step's name would swallow the
//! keys and the steps behind it, and what a program then complains of is a line that is perfectly right.
//!
//! ## Bad
//!
//! ```yaml
//! - id: intro
//!   type: email
//!   name: "Introduce ourselves
//!   template: intro-lead
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: intro
//!   type: email
//!   name: "Introduce ourselves"
//!   template: intro-lead
//! ```
//!
//! ## See also
//!
//! `quote-text`, `unclosed-bracket`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// The quote at `at` is never closed; `line_end` is where its line ends.
pub(in crate::yaml) fn unclosed_quote(source: &Source, at: usize, line_end: usize) -> Diagnostic {
    let quote = if source.text().as_bytes()[at] == b'"' { '"' } else { '\'' };
    let problem = Diagnostic::new(
        Code::UnclosedQuote,
        source.at(Span::new(at, line_end.max(at + 1))),
        format!("the quote `{quote}` that opens here is not closed"),
    )
    .help(format!("close it with `{quote}` at the end of the text"));
    if quote == '\'' { problem.help("inside single quotes, write `\'\'` for an apostrophe") } else { problem }
}
