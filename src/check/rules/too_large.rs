//! # too-large
//!
//! A file of more than 1 MiB.

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{FilePath, MAX_FILE_BYTES, Span};

/// The file has `bytes` bytes.
pub fn too_large(file: &FilePath, bytes: u64) -> Diagnostic {
    let message = format!("the file has {bytes} bytes and is not read; {MAX_FILE_BYTES} is the most");
    Diagnostic::new(Code::TooLarge, file.at(Span::default()), message)
        .help("split it: a sequence of its own for a part, and `advance_to` between them")
}
