//! # bad-duration
//!
//! A duration cannot be read. Durations are days, hours and minutes in that order: `2d`, `1d 4h`, `30m`.
//!
//! ## Why
//!
//! How long a wait takes would be a guess, and a guess sends the reminder an hour after the first email or
//! not within the month. There are neither weeks nor months: a week is `7d`, and a month has no fixed length.
//! A duration of nothing is refused too, for a wait that does not wait is a step too many.
//!
//! ## Bad
//!
//! ```yaml
//! - id: breathe
//!   type: wait
//!   for: 2 days
//! - id: nudge
//!   type: email
//!   name: Send a reminder
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: breathe
//!   type: wait
//!   for: 2d
//! - id: nudge
//!   type: email
//!   name: Send a reminder
//! ```
//!
//! ## See also
//!
//! `wait-too-long`, `within-too-long`, `bad-date`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};
use crate::time;
use crate::yaml::{Scalar, offset_in_source};

/// The scalar at `span` is no duration.
pub(in crate::shape) fn bad_duration(source: &Source, span: Span, scalar: &Scalar<'_>, bad: &time::BadDuration) -> Diagnostic {
    let place = |offset| span.start as usize + offset_in_source(source.slice(span), scalar.style, &scalar.text, offset);
    let part = Span::new(place(bad.part.start), place(bad.part.end));
    let part = if part.start == part.end { span } else { part };
    Diagnostic::new(Code::BadDuration, source.at(part), format!("`{}` is no duration: {}", scalar.text, bad.reason)).help(HELP)
}

/// The duration at `span` is zero.
pub(in crate::shape) fn no_time(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadDuration, source.at(span), "a duration of nothing").help(HELP)
}

const HELP: &str = "write days, hours and minutes like `2d`, `1d 4h` or `30m`";
