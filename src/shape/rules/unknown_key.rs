//! # unknown-key
//!
//! A key that nothing reads stands in the file. Keys that start with `x-` are your own, may stand anywhere
//! and are never looked at.
//!
//! ## Why
//!
//! The file says something that will not happen. With `templte` for `template`, the seller opens an empty
//! email where a written one was promised, and the step looks right to everybody who skims it.
//!
//! ## Bad
//!
//! ```yaml
//! - id: intro
//!   type: email
//!   name: Introduce ourselves
//!   templte: intro-lead
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: intro
//!   type: email
//!   name: Introduce ourselves
//!   template: intro-lead
//!   x-reviewed-by: bo.lind
//! ```
//!
//! ## See also
//!
//! `missing-key`, `unknown-value`, `unknown-step-type`

use crate::diagnostic::{Code, Diagnostic};
use crate::shape::Shape;
use crate::text::{Source, Span};

/// `key` is no key of `shape`; `near` is one that resembles it.
pub(in crate::shape) fn unknown_key(
    source: &Source,
    span: Span,
    key: &str,
    shape: &Shape,
    absent: &[&str],
    near: Option<&str>,
) -> Diagnostic {
    let problem = Diagnostic::new(Code::UnknownKey, source.at(span), format!("{} has no key `{key}`", shape.what));
    match near {
        Some(near) => problem.did_you_mean(Some(near)).fix_word(key, near, span),
        None if key.starts_with(is_odd_blank) => problem.help(
            "it starts with a blank of another kind, which is a letter to YAML: delete it, and indent the line with plain blanks",
        ),
        None => {
            let keys: Vec<String> = absent.iter().map(|key| format!("`{key}`")).collect();
            let problem = match keys.is_empty() {
                true => problem.help("delete it: all that can stand here does"),
                false => problem.help(format!("what else can stand here is {}", keys.join(", "))),
            };
            if stands_behind_comma(source, span) {
                return problem.help("if it belongs to the text before the comma, put all of that text in quotes");
            }
            problem.help("a key of your own starts with `x-`")
        }
    }
}

/// A blank that YAML takes for a letter, as web pages and chats have it.
fn is_odd_blank(letter: char) -> bool {
    letter.is_whitespace() && !letter.is_ascii()
}

/// `{name: Hi, there}`: a key without a colon, made by a comma in a text.
fn stands_behind_comma(source: &Source, span: Span) -> bool {
    let (before, behind) = (&source.text()[..span.start as usize], &source.text()[span.end as usize..]);
    before.trim_end().ends_with(',') && !behind.trim_start().starts_with(':')
}
