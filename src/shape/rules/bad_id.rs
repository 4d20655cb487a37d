//! # bad-id
//!
//! An id with other characters than `a-z`, `0-9` and single `-` between them, or longer than 100.

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::shape::{MAX_ID_LENGTH, nearest_id};
use crate::text::{Source, Span};

/// `text` is no id.
pub(in crate::shape) fn bad_id(source: &Source, span: Span, text: &str) -> Diagnostic {
    if text.len() > MAX_ID_LENGTH {
        let message = format!("this id has {} characters; {MAX_ID_LENGTH} is the most", text.chars().count());
        return Diagnostic::new(Code::BadId, source.at(span), message).help("choose a shorter one");
    }
    let problem = Diagnostic::new(Code::BadId, source.at(span), format!("`{text}` is no id"));
    let problem = problem.help("an id is made of `a-z` and `0-9`, with single `-` between words");
    match nearest_id(text) {
        Some(near) => problem.did_you_mean(Some(&near)).fix(format!("write `{near}`"), Safety::Guess, span, near),
        None => problem,
    }
}
