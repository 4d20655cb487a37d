//! # unreadable-file
//!
//! The system does not let Segue read the file.
//!
//! ## Why
//!
//! Nobody knows what stands in it. The sequence may be in order or broken, and whatever refers to it is left
//! without an answer. Most often the file belongs to another account, or a share or a synchronised folder is
//! not there at the moment.
//!
//! ## Bad
//!
//! ```text
//! $ ls -l sequences/inbound-lead.yaml
//! -rw------- 1 root root 812 Mar  3 09:12 sequences/inbound-lead.yaml
//! ```
//!
//! ## Good
//!
//! ```text
//! $ ls -l sequences/inbound-lead.yaml
//! -rw-r--r-- 1 ana sales 812 Mar  3 09:12 sequences/inbound-lead.yaml
//! ```
//!
//! ## See also
//!
//! `ignored-file`, `not-utf8`, `too-large`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{FilePath, Span};

/// The system gave `reason` for not letting us read the file.
pub fn unreadable_file(file: &FilePath, reason: &str) -> Diagnostic {
    Diagnostic::new(Code::UnreadableFile, file.at(Span::default()), format!("the file cannot be read: {reason}"))
}
