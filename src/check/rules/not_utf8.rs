//! # not-utf8
//!
//! A file that is not UTF-8.

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{FilePath, Span};

/// The byte at `offset` is no part of any UTF-8 character.
pub fn not_utf8(file: &FilePath, offset: usize, byte: u8) -> Diagnostic {
    Diagnostic::new(Code::NotUtf8, file.at(Span::at(offset)), format!("the byte 0x{byte:02X} here is not UTF-8"))
        .help("save the file as UTF-8")
}
