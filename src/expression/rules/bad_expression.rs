//! # bad-expression
//!
//! A `when` is no expression: it cannot be compiled, or it names something other than the record.
//!
//! ## Why
//!
//! The condition could not decide, and every record that reaches it would stop there with an error, the first
//! of them perhaps weeks after the edit. Expressions are written in Rhai and see one thing, the `record`:
//! `==` compares, `&&` and `||` join, and texts stand in double quotes.
//!
//! ## Bad
//!
//! ```yaml
//! - id: german
//!   type: condition
//!   when: record.country = "DE"
//!   then:
//!     - {id: intro, type: email, name: Introduce ourselves in German}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: german
//!   type: condition
//!   when: record.country == "DE" && record.employees > 500
//!   then:
//!     - {id: intro, type: email, name: Introduce ourselves in German}
//! ```
//!
//! ## See also
//!
//! `quote-expression`, `unknown-field`

use rhai::{ParseError, ParseErrorType};

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::expression::RECORD;
use crate::expression::place::Places;
use crate::text::{Source, Span, suggest};

/// Rhai refuses the expression.
pub(in crate::expression) fn bad_expression(source: &Source, places: &Places<'_>, error: &ParseError) -> Diagnostic {
    let span = places.token(error.position());
    let at = source.at(span);
    match error.err_type() {
        ParseErrorType::UnexpectedEOF => {
            Diagnostic::new(Code::BadExpression, at, "the expression ends here, and something must follow")
                .help("complete it, or delete what stands at its end")
        }
        ParseErrorType::VariableUndefined(name) => unknown_name(source, span, name),
        other => {
            let message = format!("this is no expression: {}", in_our_words(&other.to_string()));
            hint(source.slice(span)).into_iter().fold(Diagnostic::new(Code::BadExpression, at, message), Diagnostic::help)
        }
    }
}

/// What somebody who wrote this, as in other languages, should write in Rhai.
fn hint(token: &str) -> Option<&'static str> {
    match token {
        "=" => Some("write `==` to compare"),
        "and" => Some("write `&&` for and"),
        "or" => Some("write `||` for or"),
        "not" => Some("write `!` for not"),
        "is" => Some("write `==` for is, `!=` for is not"),
        "<>" => Some("write `!=` for is not"),
        token if token.starts_with('\'') => Some("write text in double quotes, like \"DE\""),
        _ => None,
    }
}

fn unknown_name(source: &Source, span: Span, name: &str) -> Diagnostic {
    let problem = Diagnostic::new(
        Code::BadExpression,
        source.at(span),
        format!("`{name}` means nothing here: an expression sees the record only"),
    );
    if suggest(name, [RECORD]).is_some() {
        return problem.did_you_mean(Some(RECORD)).fix(format!("write `{RECORD}`"), Safety::Guess, span, RECORD);
    }
    if let Some(hint) = hint(name) {
        return problem.help(hint);
    }
    let field = format!("{RECORD}.{name}");
    problem.help(format!("write `{field}` for the record's field, or \"{name}\" for the text")).fix(
        format!("write `{field}`"),
        Safety::Guess,
        span,
        field,
    )
}

/// Rhai's sentence as a clause: lower case at its start, no full stop.
fn in_our_words(message: &str) -> String {
    let message = message.trim_end_matches('.').replace('\'', "`");
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
