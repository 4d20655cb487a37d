//! # within-too-long
//!
//! A `within` of more than 30 days.

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
