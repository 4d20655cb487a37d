//! # bad-expression
//!
//! A `when` is no expression over the record: it cannot be compiled, names something else, changes something,
//! or calls what an expression does not have.
//!
//! ## Why
//!
//! The condition could not decide, and every record that reaches it would stop there with an error, the first
//! of them perhaps weeks after the edit. Expressions are written in Rhai and see one thing, the `record`:
//! `==` compares, `&&` and `||` join, texts stand in double quotes, and a few functions such as `contains`,
//! `starts_with` and `to_lower` ask more. Statements, loops and assignments have no place here: a condition
//! looks at the record, and a step of its own, `update_field`, changes it.
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

use rhai::{LexError, ParseError, ParseErrorType};

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::expression::RECORD;
use crate::expression::functions::FUNCTIONS;
use crate::expression::place::Places;
use crate::expression::term::Refused;
use crate::text::{Source, Span, suggest};

/// Rhai refuses the expression.
pub(in crate::expression) fn bad_expression(source: &Source, places: &Places<'_>, error: &ParseError) -> Diagnostic {
    let span = places.span(places.token(error.position()));
    let at = source.at(span);
    match error.err_type() {
        ParseErrorType::UnexpectedEOF => {
            Diagnostic::new(Code::BadExpression, at, "the expression ends here, and something must follow")
                .help("complete it, or delete what stands at its end")
        }
        ParseErrorType::VariableUndefined(name) => unknown_name(source, span, name),
        other => match source.slice(span) {
            word if STATEMENTS.contains(&word) => refused(source, span, Refused::Statement),
            operator if ASSIGNMENTS.contains(&operator) => {
                let message = format!("`{operator}` changes something, and a condition only asks");
                let help = "compare with `==`, or change the field with a step of type `update_field`";
                Diagnostic::new(Code::BadExpression, at, message).help(help)
            }
            token => {
                let said = match other {
                    ParseErrorType::BadInput(LexError::ImproperSymbol(symbol, _)) => format!("unexpected `{symbol}`"),
                    other => in_our_words(&other.to_string()),
                };
                let message = format!("this is no expression: {said}");
                hint(token).into_iter().fold(Diagnostic::new(Code::BadExpression, at, message), Diagnostic::help)
            }
        },
    }
}

/// The record stands alone, where one of its fields should.
pub(in crate::expression) fn whole_record(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadExpression, source.at(span), "the record as a whole says nothing: name one of its fields")
        .help("write `record.country`, or another field")
}

/// A part that belongs into a script.
pub(in crate::expression) fn refused(source: &Source, span: Span, refused: Refused) -> Diagnostic {
    let message = match refused {
        Refused::Object => "an object has no place in an expression",
        Refused::Statement => "a statement has no place here: a `when` is one expression over the record",
        Refused::Name => "this means nothing here: an expression sees the record only",
    };
    Diagnostic::new(Code::BadExpression, source.at(span), message).help(ONE_EXPRESSION)
}

/// A function that would change something is called.
pub(in crate::expression) fn changing_call(source: &Source, span: Span, name: &str, instead: Option<&str>) -> Diagnostic {
    let message = format!("`{name}` changes what it is called on, and a condition only asks");
    let problem = Diagnostic::new(Code::BadExpression, source.at(span), message);
    match instead {
        Some(instead) => problem.help(format!("write `{instead}`, which gives back a new value")),
        None => problem.help("leave it out, or change the field with a step of type `update_field`"),
    }
}

/// A function is called that expressions do not have.
pub(in crate::expression) fn unknown_function(source: &Source, span: Span, name: &str) -> Diagnostic {
    let problem = Diagnostic::new(Code::BadExpression, source.at(span), format!("an expression has no function `{name}`"));
    let mut names: Vec<&str> = FUNCTIONS.iter().map(|function| function.name).collect();
    names.dedup();
    let near = suggest(name, names.iter().copied());
    match near {
        Some(near) => problem.did_you_mean(Some(near)).fix(format!("write `{near}`"), Safety::Guess, span, near),
        None => problem.help(format!("it has `{}`", names.join("`, `"))),
    }
}

/// A function is called with more or fewer values than it takes.
pub(in crate::expression) fn wrong_count(source: &Source, span: Span, name: &str, takes: &[usize], given: usize) -> Diagnostic {
    let takes: Vec<String> = takes.iter().map(usize::to_string).collect();
    let verb = if given == 1 { "is" } else { "are" };
    let message = format!("`{name}` works on {} values, and here {verb} {given}", takes.join(" or "));
    Diagnostic::new(Code::BadExpression, source.at(span), message).help("what stands before the dot counts as the first")
}

/// A value that is no record is asked for something of its own.
pub(in crate::expression) fn no_property(source: &Source, span: Span, subject: &str, name: &str) -> Diagnostic {
    let message = format!("{subject} is a single value, and has no `{name}`");
    Diagnostic::new(Code::BadExpression, source.at(span), message)
        .help("compare the field itself, as in `record.country == \"DE\"`")
}

const ONE_EXPRESSION: &str = "write one question about the record, like `record.employees > 500 && record.country == \"DE\"`";

/// Words and signs with which statements and functions start.
const STATEMENTS: [&str; 21] = [
    "let", "const", "if", "else", "switch", "while", "until", "for", "loop", "do", "break", "continue", "return", "throw", "try",
    "fn", "import", "export", "{", ";", "|",
];

const ASSIGNMENTS: [&str; 9] = ["+=", "-=", "*=", "/=", "%=", "**=", "|=", "&=", "^="];

/// What somebody who wrote this, as in other languages, should write in Rhai.
fn hint(token: &str) -> Option<&'static str> {
    match token {
        "=" => Some("write `==` to compare"),
        "and" => Some("write `&&` for and"),
        "or" => Some("write `||` for or"),
        "not" => Some("write `!` for not"),
        "is" => Some("write `==` for is, `!=` for is not"),
        "<>" | "!==" => Some("write `!=` for is not"),
        "===" => Some("write `==` to compare"),
        "?" => Some("leave out `? ... : ...`: the two branches of the condition are `then` and `else`"),
        token if token.starts_with('\'') => Some("write text in double quotes, like \"DE\""),
        token if token.starts_with(['\u{2018}', '\u{201c}', '\u{201d}', '\u{201e}', '\u{ab}']) => {
            Some("write text in straight quotes, like \"DE\"")
        }
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
