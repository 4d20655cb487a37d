//! # wrong-indentation
//!
//! A line is indented more or less than the lines that it belongs to.
//!
//! ## Why
//!
//! Indentation says what belongs to what: one blank more or less, and a key belongs to another step, or a
//! step to another branch, and records go a way that nobody meant. Where no line around starts at the same
//! column, it cannot be told which was meant.
//!
//! ## Bad
//!
//! ```yaml
//! - id: call
//!   type: phone_call
//!  name: Call back within the hour
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: call
//!   type: phone_call
//!   name: Call back within the hour
//! ```
//!
//! ## See also
//!
//! `tab-indentation`, `bad-yaml`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// `span` starts at a column at which nothing can stand; `neighbour` is a key or item it may belong beside, with its column from 1.
pub(in crate::yaml) fn wrong_indentation(source: &Source, span: Span, neighbour: Option<(Span, usize)>) -> Diagnostic {
    let column = source.place(span.start).column;
    let problem = Diagnostic::new(
        Code::WrongIndentation,
        source.at(span),
        format!("`{}` is indented wrongly: nothing around it starts at column {column}", source.slice(span)),
    );
    match neighbour {
        Some((place, wanted)) => problem
            .related(source.at(place), format!("`{}` starts at column {wanted}", source.slice(place)))
            .help(format!("indent it with {} spaces in all, as `{}` is", wanted - 1, source.slice(place))),
        None => problem.help("indent it like the lines it belongs to"),
    }
}
