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

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::{Source, Span};
use crate::time::Date;

/// `text` is no day.
pub(in crate::shape) fn bad_date(source: &Source, span: Span, text: &str) -> Diagnostic {
    let problem = Diagnostic::new(Code::BadDate, source.at(span), format!("`{text}` is no date"));
    match padded(text) {
        Some(date) => problem.did_you_mean(Some(&date)).fix(format!("write `{date}`"), Safety::Safe, span, date),
        None => problem.help("write year, month and day like `2026-12-24`"),
    }
}

/// `2026-1-5` as `2026-01-05`, where that is a day.
fn padded(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let is_number = |part: &&&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let is_date = year.len() == 4 && parts.iter().filter(is_number).count() == 3 && month.len() <= 2 && day.len() <= 2;
    let date = format!("{year}-{month:0>2}-{day:0>2}");
    (is_date && date.parse::<Date>().is_ok()).then_some(date)
}

/// `text` is no instant.
pub(in crate::shape) fn bad_instant(source: &Source, span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::BadDate, source.at(span), format!("`{text}` is no instant"))
        .help("write date, time and zone like `2026-12-24T09:00:00Z`")
}
