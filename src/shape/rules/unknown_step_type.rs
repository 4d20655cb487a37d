//! # unknown-step-type
//!
//! A step is of a type that does not exist.
//!
//! ## Why
//!
//! Nobody knows what to do at this step, neither the system nor a seller, and records that reach it would
//! stay there. What is asked for otherwise, a meeting or a gift, is a `task` whose name says so.
//!
//! ## Bad
//!
//! ```yaml
//! - id: call
//!   type: call
//!   name: Call back within the hour
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: call
//!   type: phone_call
//!   name: Call back within the hour
//! - id: gift
//!   type: task
//!   name: Send the welcome gift
//! ```
//!
//! ## See also
//!
//! `unknown-key`, `unknown-value`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// `text` is none of `types`; `near` is the one that it resembles.
pub fn unknown_step_type(source: &Source, span: Span, text: &str, types: &[&str], near: Option<&str>) -> Diagnostic {
    let problem = Diagnostic::new(Code::UnknownStepType, source.at(span), format!("there is no step type `{text}`"));
    match near {
        Some(near) => problem.did_you_mean(Some(near)).fix_word(text, near, span),
        None => {
            problem.help(format!("the types are {}", types.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")))
        }
    }
}
