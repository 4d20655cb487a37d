//! # unknown-value
//!
//! A word stands where only certain other words may stand.
//!
//! ## Why
//!
//! The program would have to fall back on something, and that is not what the file says. With `assign_to:
//! conector`, the steps would go to each record's owner, and the seller who connected the records would wait
//! for work that others have.
//!
//! ## Bad
//!
//! ```yaml
//! assign_to: conector
//! ```
//!
//! ## Good
//!
//! ```yaml
//! assign_to: connector
//! ```
//!
//! ## See also
//!
//! `unknown-step-type`, `unknown-result`, `unknown-option`

use crate::diagnostic::{Code, Diagnostic};
use crate::shape::Word;
use crate::text::{Source, Span};

/// `text` is none of `words`; `near` is the one that it resembles.
pub(in crate::shape) fn unknown_value(source: &Source, span: Span, text: &str, words: &[Word], near: Option<&str>) -> Diagnostic {
    let names: Vec<String> = words.iter().map(|word| format!("`{}`", word.name)).collect();
    let problem = Diagnostic::new(Code::UnknownValue, source.at(span), format!("`{text}` cannot stand here"));
    match near {
        Some(near) => problem.did_you_mean(Some(near)).fix_word(text, near, span),
        None if names.len() == 1 => problem.help(format!("only {} can", names[0])),
        None => problem.help(format!("write one of {}", names.join(", "))),
    }
}
