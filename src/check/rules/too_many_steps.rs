//! # too-many-steps
//!
//! The sequence has more activities than the limit, which is 40. Waits, conditions and commands do not count.
//!
//! ## Why
//!
//! Nobody is called or written to forty times and likes it, and nobody who works the sequence knows any more
//! where a record stands. Dynamics 365 Sales, our reference, counts 40 steps in a sequence at most. Parts
//! with a purpose of their own are better sequences of their own.
//!
//! ## Bad
//!
//! The limit is set low here, to keep the example short.
//!
//! ```yaml
//! # segue.yaml
//! limits: {activities: 2}
//!
//! # sequences/inbound-lead.yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - {id: call, type: phone_call, name: Call}
//! - {id: nudge, type: email, name: Send a reminder}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # segue.yaml
//! limits: {activities: 2}
//!
//! # sequences/inbound-lead.yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - {id: call, type: phone_call, name: Call}
//! - {id: go-on, type: advance_to, sequence: nurture-lead}
//!
//! # sequences/nurture-lead.yaml
//! - {id: nudge, type: email, name: Send a reminder}
//! ```
//!
//! ## Settings
//!
//! `activities` under `limits` in segue.yaml sets another limit. A sequence of more than 2,000 steps,
//! waits and conditions included, is not looked at any further.
//!
//! ## See also
//!
//! `too-deep`, `unknown-sequence`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::Sequence;
use crate::text::Source;

/// How many steps of any kind are looked at. What rules do with them can take time that grows with their square.
const MAX_STEPS: usize = 2_000;

/// A sequence of so many steps that no rule looks at them.
pub(in crate::check) fn more_steps_than_judged(source: &Source, sequence: &Sequence) -> Option<Diagnostic> {
    let first_above = sequence.steps.walk().nth(MAX_STEPS)?;
    let message = format!("the sequence has more than {MAX_STEPS} steps, and they are not checked");
    Some(
        Diagnostic::new(Code::TooManySteps, source.at(first_above.head), message)
            .help("move steps to sequences of their own and advance to them"),
    )
}

pub(super) fn too_many_steps(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let limit = scene.settings.limits.activities as usize;
    let mut activities = scene.steps().filter(|step| step.kind.is_activity());
    let Some(first_above) = activities.nth(limit) else { return Vec::new() };
    let count = limit + 1 + activities.count();
    let message = format!("the sequence has {count} activities; {limit} is the most, and this is one more");
    vec![
        Diagnostic::new(Code::TooManySteps, scene.at(first_above.head), message)
            .help("move the steps from here on to a sequence of their own and advance to it"),
    ]
}
