//! # not-utf8
//!
//! The file is not encoded as UTF-8. The finding stands at the first byte that is not.
//!
//! ## Why
//!
//! A file that was saved as Latin-1 or UTF-16 says something else to every program that opens it. `Grüezi`
//! becomes `GrÃ¼ezi` or `Gr?ezi`, and that is what the seller reads in the step and the customer in the
//! email. So nothing of the file is read until it is saved as UTF-8.
//!
//! ## Bad
//!
//! ```text
//! $ file sequences/inbound-lead.yaml
//! sequences/inbound-lead.yaml: ISO-8859 text
//! ```
//!
//! ## Good
//!
//! ```text
//! $ iconv -f latin1 -t utf-8 inbound-lead.yaml > sequences/inbound-lead.yaml
//! $ file sequences/inbound-lead.yaml
//! sequences/inbound-lead.yaml: Unicode text, UTF-8 text
//! ```
//!
//! ## See also
//!
//! `control-character`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{FilePath, Span};

/// The byte at `offset` is no part of any UTF-8 character.
pub fn not_utf8(file: &FilePath, offset: usize, byte: u8) -> Diagnostic {
    Diagnostic::new(Code::NotUtf8, file.at(Span::at(offset)), format!("the byte 0x{byte:02X} here is not UTF-8"))
        .help("save the file as UTF-8")
}
