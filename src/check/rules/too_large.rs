//! # too-large
//!
//! The file has more than 1 MiB, 50,000 keys and values, or 200,000 brackets, commas and other signs.
//!
//! ## Why
//!
//! Forty activities with the longest descriptions are less than a tenth of that. What is larger is an export,
//! a log or a list of records that came into the folder by mistake, and reading it would hold up everybody's
//! check for nothing. Dynamics 365 Sales, our reference, holds a definition of a million characters.
//!
//! ## Bad
//!
//! ```text
//! $ du -h sequences/*
//! 8.0K  sequences/inbound-lead.yaml
//! 14M   sequences/leads-export.yaml
//! ```
//!
//! ## Good
//!
//! ```text
//! $ du -h sequences/*
//! 8.0K  sequences/inbound-lead.yaml
//! ```
//!
//! ## See also
//!
//! `too-many-steps`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{FilePath, MAX_FILE_BYTES, Span};

/// The file has `bytes` bytes.
pub fn too_large(file: &FilePath, bytes: u64) -> Diagnostic {
    let message = format!("the file has {bytes} bytes and is not read; {MAX_FILE_BYTES} is the most");
    Diagnostic::new(Code::TooLarge, file.at(Span::default()), message)
        .help("split it: a sequence of its own for a part, and `advance_to` between them")
}
