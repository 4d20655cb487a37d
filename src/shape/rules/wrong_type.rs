//! # wrong-type
//!
//! A value is of the wrong kind: text where a list belongs, `yes` where `true` belongs, nothing where
//! something must be.
//!
//! ## Why
//!
//! A value of another kind would have to be guessed at. Is `tags: inbound, emea` one label or two? Is `"no"`
//! a word or an answer? Programs guess differently, and then one of them shows the sequence under a label
//! that the other does not know.
//!
//! ## Bad
//!
//! ```yaml
//! tags: inbound
//! skip_non_working_days: yes
//! ```
//!
//! ## Good
//!
//! ```yaml
//! tags: [inbound]
//! skip_non_working_days: true
//! ```
//!
//! ## See also
//!
//! `unknown-value`, `ambiguous-scalar`

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::{Source, Span};
use crate::yaml::{Node, Style};

/// `node` is not `wanted`.
pub(in crate::shape) fn wrong_type(source: &Source, node: &Node<'_>, wanted: &str) -> Diagnostic {
    let at = source.at(node.span);
    if node.is_empty() {
        return Diagnostic::new(Code::WrongType, at, format!("{wanted} belongs here, and nothing is written"));
    }
    let problem = Diagnostic::new(Code::WrongType, at, format!("{wanted} belongs here, not {}", node.describe()));
    if wanted.starts_with("a list") && node.as_mapping().is_some() {
        return problem.help("start each item of the list with `- `");
    }
    if wanted == "a list" && node.as_scalar().is_some() {
        let text = source.slice(node.span);
        let list = format!("[{text}]");
        // With a comma or a blank in it, it may be several.
        let is_one = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '.'));
        let safety = if is_one { Safety::Safe } else { Safety::Guess };
        return problem.help(format!("write `{list}`")).fix("make it a list", safety, node.span, list);
    }
    match node.as_scalar() {
        Some(scalar) if wanted == "a whole number" && scalar.style != Style::Plain && is_whole(&scalar.text) => {
            problem.help("leave out the quotes").fix("leave out the quotes", Safety::Safe, node.span, &*scalar.text)
        }
        Some(_) | None => problem,
    }
}

/// Whether a text is a number as it would be written without quotes.
fn is_whole(text: &str) -> bool {
    text.parse::<i64>().is_ok_and(|number| number.to_string() == text)
}

/// The text at `span` has no letter.
pub(in crate::shape) fn empty_text(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::new(Code::WrongType, source.at(span), "text belongs here, and this is empty")
}

/// The text at `span` is neither `true` nor `false`.
pub(in crate::shape) fn not_a_flag(source: &Source, span: Span, text: &str) -> Diagnostic {
    let problem = Diagnostic::new(Code::WrongType, source.at(span), format!("`true` or `false` belongs here, not `{text}`"));
    let meant = match text.to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" | "true" | "1" => "true",
        "no" | "n" | "off" | "false" | "0" => "false",
        _ => return problem,
    };
    problem.help(format!("write `{meant}`")).fix(format!("write `{meant}`"), Safety::Safe, span, meant)
}
