//! # quote-expression
//!
//! An expression that YAML reads as something else: it starts with `!`, `[`, `{` or a quote, holds a colon
//! before a blank or a `#` behind one, or stands in brackets with a sign that ends it there.
//!
//! ## Why
//!
//! YAML would hand on half of it, and half of a question is another question. `record.country == "a #b"`
//! without quotes ends before the `#`, and `!record.do_not_email` loses its `!`: the emails would go to
//! exactly those who asked for none.
//!
//! ## Bad
//!
//! ```yaml
//! - id: allowed
//!   type: condition
//!   when: !record.do_not_email
//!   then:
//!     - {id: intro, type: email, name: Introduce ourselves}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: allowed
//!   type: condition
//!   when: '!record.do_not_email'
//!   then:
//!     - {id: intro, type: email, name: Introduce ourselves}
//! ```
//!
//! ## See also
//!
//! `bad-expression`, `quote-text`, `tags-not-supported`

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::{Source, Span};
use crate::yaml::rules::quoted;

/// The expression at `span` must be quoted to reach us whole.
pub fn quote_expression(source: &Source, text: &str, span: Span) -> Diagnostic {
    let code = &text[span.range()];
    let quoted = quoted(code);
    Diagnostic::new(Code::QuoteExpression, source.at(span), format!("this expression must be quoted: {}", why(code)))
        .help(format!("write {quoted}"))
        .fix("quote the expression", Safety::Safe, span, quoted)
}

fn why(code: &str) -> String {
    match code.chars().next() {
        Some(sign @ ('!' | '[' | '{' | '&' | '*' | '%' | '@' | '`' | '|' | '>')) => {
            format!("YAML takes the `{sign}` at its start for its own")
        }
        Some('"' | '\'') => "YAML ends it at the second quote".to_owned(),
        _ if code.contains(": ") => "YAML takes the `: ` in it for a key's colon".to_owned(),
        _ if code.contains(" #") => "YAML takes the ` #` in it for a comment".to_owned(),
        _ => "YAML ends it at the first `,`, `[`, `]`, `{` or `}`".to_owned(),
    }
}
