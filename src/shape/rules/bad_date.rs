//! # bad-date
//!
//! A day, an instant or working hours cannot be read.
//!
//! ## Why
//!
//! `03/04/2026` is a day in March to one office and in April to the next. A holiday on the wrong day has
//! sellers' steps fall due when nobody is there, and an A/B test ends a month off. So days are written year
//! first, and instants with their zone.
//!
//! ## Bad
//!
//! ```yaml
//! # segue.yaml
//! calendars:
//!   madrid:
//!     time_zone: Europe/Madrid
//!     holidays: [25.12.2026]
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # segue.yaml
//! calendars:
//!   madrid:
//!     time_zone: Europe/Madrid
//!     hours: 08:00-17:00
//!     holidays: [2026-12-25]
//! ```
//!
//! ## See also
//!
//! `bad-duration`, `unknown-calendar`

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
