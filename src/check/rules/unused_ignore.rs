//! # unused-ignore
//!
//! A comment ignores a code, and nothing of that code is found where it stands.
//!
//! ## Why
//!
//! The mistake was mended and the comment stayed. It will silence the next one of its kind, which nobody has
//! agreed to; and whoever reads the file looks for a flaw that is not there.
//!
//! ## Bad
//!
//! ```yaml
//! # segue: ignore[trailing-wait] the renewal team counts two quiet days as part of it
//! - id: call
//!   type: phone_call
//!   name: Call back
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: call
//!   type: phone_call
//!   name: Call back
//! ```
//!
//! ## See also
//!
//! `ignore-without-reason`, `bad-ignore`

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::{FilePath, Span};

/// What goes when what is unused goes.
pub(in crate::check) struct Removal {
    /// Where the finding stands.
    pub at: Span,
    /// What is replaced.
    pub edit: Span,
    /// By what.
    pub text: String,
}

/// A comment silences nothing by these codes.
pub(in crate::check) fn unused_ignore(file: &FilePath, codes: &[&str], removal: Removal) -> Diagnostic {
    let names: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
    let title = if removal.text.is_empty() { "remove the comment".to_owned() } else { format!("leave out {}", names.join(", ")) };
    let message = format!("nothing is silenced here: no {} is found", names.join(" or "));
    Diagnostic::new(Code::UnusedIgnore, file.at(removal.at), message).help(title.clone()).fix(
        title,
        Safety::Safe,
        removal.edit,
        removal.text,
    )
}
