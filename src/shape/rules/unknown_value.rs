//! # unknown-value
//!
//! A word where only certain words may stand.

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::shape::Word;
use crate::text::{Source, Span};

/// `text` is none of `words`; `near` is the one that it resembles.
pub(in crate::shape) fn unknown_value(source: &Source, span: Span, text: &str, words: &[Word], near: Option<&str>) -> Diagnostic {
    let names: Vec<String> = words.iter().map(|word| format!("`{}`", word.name)).collect();
    let problem = Diagnostic::new(Code::UnknownValue, source.at(span), format!("`{text}` cannot stand here"));
    match near {
        Some(near) => problem.did_you_mean(Some(near)).fix(format!("write `{near}`"), Safety::Guess, span, near),
        None if names.len() == 1 => problem.help(format!("only {} can", names[0])),
        None => problem.help(format!("write one of {}", names.join(", "))),
    }
}
