//! # bad-date
//!
//! A day or an instant that cannot be read.

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// `text` is no day.
pub(in crate::shape) fn bad_date(source: &Source, span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::BadDate, source.at(span), format!("`{text}` is no date"))
        .help("write year, month and day like `2026-12-24`")
}

/// `text` is no instant.
pub(in crate::shape) fn bad_instant(source: &Source, span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::BadDate, source.at(span), format!("`{text}` is no instant"))
        .help("write date, time and zone like `2026-12-24T09:00:00Z`")
}
