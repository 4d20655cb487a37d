//! # within-too-long
//!
//! A condition waits longer than 30 days for the results of an email.
//!
//! ## Why
//!
//! A record stands still while its condition waits. An email that was not opened in a month will not be, and
//! the `else` branch that was written for this case would start long after it could help. Dynamics 365 Sales,
//! our reference, names no limit here; we take the one of its waits.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: offer, type: email, name: Send the offer}
//! - id: answered
//!   type: condition
//!   any_of: [replied]
//!   within: 60d
//!   else:
//!     - {id: call, type: phone_call, name: Ask about the offer}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: offer, type: email, name: Send the offer}
//! - id: answered
//!   type: condition
//!   any_of: [replied]
//!   within: 5d
//!   else:
//!     - {id: call, type: phone_call, name: Ask about the offer}
//! ```
//!
//! ## See also
//!
//! `wait-too-long`, `bad-duration`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::time::Duration;

/// The longest that a condition may wait for results. Source: the reference names no limit; we take that of its waits.
const LONGEST: Duration = Duration::of_days(30);

pub(super) fn within_too_long(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let limits = scene.ways.questions.iter().filter_map(|asked| asked.criterion.within.as_ref());
    limits
        .filter(|within| within.value.total_minutes() > LONGEST.total_minutes())
        .map(|within| {
            let message = format!("waiting {} for results is longer than {LONGEST}, the most there is", within.value);
            Diagnostic::new(Code::WithinTooLong, scene.at(within.span), message).help("shorten it")
        })
        .collect()
}
