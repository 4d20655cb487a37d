//! # trailing-wait
//!
//! Some way through the sequence ends in a wait, so that nothing happens after it. A branch that ends in a
//! wait is fine where steps follow the condition.
//!
//! ## Why
//!
//! The record would stay connected for days, take up a seller's list, and then be done without anybody having
//! done anything. Either a step was forgotten, or the wait is left over from one that was deleted. In
//! Dynamics 365 Sales, our reference, a wait cannot be the last step.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: call, type: phone_call, name: Call}
//! - {id: breathe, type: wait, for: 2d}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: call, type: phone_call, name: Call}
//! - {id: breathe, type: wait, for: 2d}
//! - {id: nudge, type: email, name: Send a reminder}
//! ```
//!
//! ## See also
//!
//! `wait-too-long`, `step-after-end`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn trailing_wait(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let waits = scene.ways.trailing_waits.iter();
    waits
        .map(|step| {
            let message = format!("nothing comes after the wait `{}`", step.label());
            Diagnostic::new(Code::TrailingWait, scene.at(step.head), message).help("delete it, or put a step behind it")
        })
        .collect()
}
