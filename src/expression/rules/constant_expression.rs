//! # constant-expression
//!
//! An expression, or a part of one, has the same answer for every record.
//!
//! ## Why
//!
//! Every record takes the same branch, and what stands in the other is done for nobody. Mostly two
//! comparisons of one field were joined the wrong way: no country is `"DE"` and `"FR"` at once, and every
//! country is either not the one or not the other. Only what can be proven is told, whatever the fields hold.
//!
//! ## Bad
//!
//! ```yaml
//! - id: nearby
//!   type: condition
//!   when: record.country == "DE" && record.country == "FR"
//!   else:
//!     - {id: text, type: text, name: Ask for a time zone that suits}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: nearby
//!   type: condition
//!   when: record.country in ["DE", "FR"]
//!   else:
//!     - {id: text, type: text, name: Ask for a time zone that suits}
//! ```
//!
//! ## See also
//!
//! `unreachable-step`, `mismatched-kinds`, `bad-expression`

use crate::diagnostic::{Code, Diagnostic};
use crate::expression::Answer;
use crate::expression::truth::Because;
use crate::text::{Source, Span};

/// How much of an expression says the same of every record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expression) enum Share {
    All,
    Part,
}

/// All or part of an expression says the same of every record.
pub(in crate::expression) fn constant_expression(
    source: &Source,
    span: Span,
    share: Share,
    answer: Answer,
    because: Because,
) -> Diagnostic {
    let message = match (share, answer) {
        (Share::All, Answer::Always) => "this is true of every record, so that `else` is never taken",
        (Share::All, Answer::Never) => "this is true of no record, so that `then` is never taken",
        (Share::Part, Answer::Always) => "this part is true of every record, and decides nothing",
        (Share::Part, Answer::Never) => "this part is true of no record, and decides nothing",
    };
    let help = match because {
        Because::Excluded => "the parts exclude each other: write `||` if one of them is enough",
        Because::Exhausted => "one of the parts always holds: write `&&` if all of them must",
        Because::NothingAsked => "ask about a field of the record, or leave the question out",
        Because::Otherwise => "compare the field with something else, or leave the question out",
    };
    Diagnostic::new(Code::ConstantExpression, source.at(span), message).help(help)
}
