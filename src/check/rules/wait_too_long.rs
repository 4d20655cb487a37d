//! # wait-too-long
//!
//! A wait is longer than the limit, which is 30 days.
//!
//! ## Why
//!
//! After a month of silence neither the seller nor the customer remembers the other, and most such waits are
//! a typing error. Dynamics 365 Sales, our reference, allows 30 days. For a longer pause, put something to do
//! between two waits, such as a look at what has changed.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: call, type: phone_call, name: Call}
//! - {id: rest, type: wait, for: 45d}
//! - {id: again, type: phone_call, name: Call again}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: call, type: phone_call, name: Call}
//! - {id: rest, type: wait, for: 30d}
//! - {id: look, type: task, name: Look whether another call is worth it}
//! - {id: rest-more, type: wait, for: 15d}
//! - {id: again, type: phone_call, name: Call again}
//! ```
//!
//! ## Settings
//!
//! `wait` under `limits` in segue.yaml sets another limit.
//!
//! ## See also
//!
//! `within-too-long`, `bad-duration`, `trailing-wait`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::StepKind;

pub(super) fn wait_too_long(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let limit = scene.settings.limits.wait;
    let waits = scene.steps().filter_map(|step| match &step.kind {
        StepKind::Wait(Some(duration)) => Some(duration),
        _ => None,
    });
    waits
        .filter(|duration| duration.value.total_minutes() > limit.total_minutes())
        .map(|duration| {
            let message = format!("a wait of {} is longer than {limit}, the most there is", duration.value);
            Diagnostic::new(Code::WaitTooLong, scene.at(duration.span), message)
                .help("shorten it, or put a step between two waits")
        })
        .collect()
}
