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

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::{Source, Span};
use crate::time::{self, Duration};
use crate::yaml::{Scalar, offset_in_source};

/// The scalar at `span` is no duration.
pub(in crate::shape) fn bad_duration(source: &Source, span: Span, scalar: &Scalar<'_>, bad: &time::BadDuration) -> Diagnostic {
    let problem =
        |at| Diagnostic::new(Code::BadDuration, source.at(at), format!("`{}` is no duration: {}", scalar.text, bad.reason));
    if let Some(guess) = Duration::guess(&scalar.text) {
        let near = guess.to_string();
        // An `M` may be months.
        let safety = if scalar.text.contains('M') { Safety::Guess } else { Safety::Safe };
        return problem(span).did_you_mean(Some(&near)).fix(format!("write `{near}`"), safety, span, near);
    }
    let place = |offset| span.start as usize + offset_in_source(source.slice(span), scalar.style, &scalar.text, offset);
    let part = Span::new(place(bad.part.start), place(bad.part.end));
    problem(if part.start == part.end { span } else { part }).help(HELP)
}

/// The pause at `span` is no time at all.
pub fn no_time(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadDuration, source.at(span), "a pause of no time at all").help(HELP)
}

const HELP: &str = "write days, hours and minutes like `2d`, `1d 4h` or `30m`";
