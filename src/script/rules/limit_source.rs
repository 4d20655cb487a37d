//! # limit-source
//!
//! A script is larger than 256 KiB.
//!
//! ## Why
//!
//! Scripts of a few kilobytes clone and edit a whole library. One that is a hundred times as long holds
//! data, and reads as such.
//!
//! ## Bad
//!
//! ```text
//! let leads = ["ana@example.com", "ben@example.com", ... ten thousand more ];
//! ```
//!
//! ## Good
//!
//! ```text
//! for lead in records("lead") { ... }
//! ```

use crate::diagnostic::{Code, Diagnostic};
use crate::sandbox::Refusal;
use crate::text::{Source, Span};

/// The script's file is larger than a script may be.
pub(in crate::script) fn limit_source(source: &Source, most: usize) -> Diagnostic {
    let refusal = refusal(source, most);
    let finding = Diagnostic::new(Code::LimitSource, source.at(Span::at(0)), refusal.message);
    refusal.help.into_iter().fold(finding, Diagnostic::help)
}

/// The same for a module.
pub(in crate::script) fn refusal(source: &Source, most: usize) -> Refusal {
    let message = format!("{} has {} bytes, and a script has at most {most}", source.path(), source.text().len());
    Refusal::new(Code::LimitSource.name(), message).help("move data into a CSV file, and functions into modules")
}
