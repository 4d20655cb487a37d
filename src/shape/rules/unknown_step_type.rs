//! # unknown-step-type
//!
//! A step of a type that does not exist.

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::{Source, Span};

/// `text` is none of `types`; `near` is the one that it resembles.
pub fn unknown_step_type(source: &Source, span: Span, text: &str, types: &[&str], near: Option<&str>) -> Diagnostic {
    let problem = Diagnostic::new(Code::UnknownStepType, source.at(span), format!("there is no step type `{text}`"));
    match near {
        Some(near) => problem.did_you_mean(Some(near)).fix(format!("write `{near}`"), Safety::Guess, span, near),
        None => {
            problem.help(format!("the types are {}", types.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")))
        }
    }
}
