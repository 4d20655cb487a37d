//! # bad-id
//!
//! An id holds other characters than `a-z`, `0-9` and single `-` between them, or is longer than 100.
//!
//! ## Why
//!
//! Ids are typed on command lines, stand in links and are names of files, on systems that treat capitals,
//! blanks and accents differently. They name the step or the sequence for life, so they are kept to what
//! works everywhere. What sellers read is the `name`, where everything is allowed.
//!
//! ## Bad
//!
//! ```yaml
//! - id: First Call
//!   type: phone_call
//!   name: First Call
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: first-call
//!   type: phone_call
//!   name: First Call
//! ```
//!
//! ## See also
//!
//! `duplicate-step-id`, `ignored-file`

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
