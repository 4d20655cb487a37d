//! *Did you mean*, with the fix that goes with it: the word as YAML wants it written.
//! In come a finding and a word that somebody declared, who may call things `on`, `2nd: big` or `#1`.

use crate::diagnostic::{Diagnostic, Safety};
use crate::text::Span;

use super::edit::text_on_one_line;

/// Adds *did you mean* and the fix to write that word for the value that stands at `span`.
#[must_use]
pub fn did_you_mean(problem: Diagnostic, word: &str, span: Span) -> Diagnostic {
    let written = text_on_one_line(word);
    problem.did_you_mean(Some(word)).fix(format!("write `{written}`"), Safety::Guess, span, written)
}

/// As [`did_you_mean`] where there is a near word; else the help.
#[must_use]
pub fn did_you_mean_or(problem: Diagnostic, near: Option<&str>, span: Span, otherwise: impl Into<String>) -> Diagnostic {
    match near {
        Some(word) => did_you_mean(problem, word, span),
        None => problem.help(otherwise),
    }
}
