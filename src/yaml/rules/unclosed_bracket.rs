//! # unclosed-bracket
//!
//! A `[` or `{` opens a list or a mapping and nothing closes it. The finding stands where it opens.
//!
//! ## Why
//!
//! The lines below are read as if they belonged inside the bracket, so a list of tags takes in the steps of
//! the whole sequence. Where it was meant to end, only its writer knows.
//!
//! ## Bad
//!
//! ```yaml
//! tags: [inbound, region/emea
//! steps:
//!   - id: call
//!     type: phone_call
//!     name: Call back within the hour
//! ```
//!
//! ## Good
//!
//! ```yaml
//! tags: [inbound, region/emea]
//! steps:
//!   - id: call
//!     type: phone_call
//!     name: Call back within the hour
//! ```
//!
//! ## See also
//!
//! `unclosed-quote`, `bad-yaml`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};
use crate::yaml::scan;

/// The bracket at `at` is never closed; reading stumbled at `stumbled`.
pub(in crate::yaml) fn unclosed_bracket(source: &Source, at: usize, stumbled: usize) -> Diagnostic {
    let (open, close) = if source.text().as_bytes()[at] == b'[' { ('[', ']') } else { ('{', '}') };
    let problem = Diagnostic::new(
        Code::UnclosedBracket,
        source.at(Span::new(at, at + 1)),
        format!("the bracket `{open}` that opens here is not closed"),
    );
    let line = &source.text()[at..scan::line(source.text(), at).end as usize];
    let problem = match line.find(" #").is_some_and(|hash| line[hash..].contains(close)) {
        true => problem
            .help(format!("put the text that holds ` #` in quotes: to YAML a comment starts there, with the `{close}` in it")),
        false => problem.help(format!("close it with `{close}`")),
    };
    if stumbled < source.text().len() {
        problem.related(source.at(Span::at(stumbled)), "this cannot stand inside it")
    } else {
        problem
    }
}
