//! # unreadable-file
//!
//! A file that the system does not let us read.

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{FilePath, Span};

/// The system gave `reason` for not letting us read the file.
pub fn unreadable_file(file: &FilePath, reason: &str) -> Diagnostic {
    Diagnostic::new(Code::UnreadableFile, file.at(Span::default()), format!("the file cannot be read: {reason}"))
}
