//! # unreachable-step
//!
//! No way through the sequence reaches a step: both branches of the condition before it end or leave.
//!
//! ## Why
//!
//! The step is written, reviewed and counted, and no record will ever see it. Most often one of the branches
//! was meant to go on: without its `end` it would.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: call, type: phone_call, name: Call}
//! - id: large
//!   type: condition
//!   when: record.employees > 500
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//!     - {id: won, type: end, outcome: meeting}
//!   else:
//!     - {id: lost, type: end, outcome: too small}
//! - {id: nudge, type: email, name: Send a reminder}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: call, type: phone_call, name: Call}
//! - id: large
//!   type: condition
//!   when: record.employees > 500
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//!   else:
//!     - {id: lost, type: end, outcome: too small}
//! - {id: nudge, type: email, name: Send a reminder}
//! ```
//!
//! ## See also
//!
//! `step-after-end`, `advance-not-last`, `empty-condition`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn unreachable_step(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let steps = scene.ways.unreachable.iter();
    steps
        .map(|step| {
            let message = format!("no way leads to `{}`: both branches of the condition before it end or leave", step.label());
            Diagnostic::new(Code::UnreachableStep, scene.at(step.head), message)
                .help("delete it, or let one of the branches go on")
        })
        .collect()
}
