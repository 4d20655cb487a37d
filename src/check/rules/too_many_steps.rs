//! # too-many-steps
//!
//! The sequence has more activities than the limit, which is 40; waits, conditions and commands do not count.
//! Or some way through it has more than 400 steps of any kind.
//!
//! ## Why
//!
//! Nobody is called or written to forty times and likes it, and nobody who works the sequence knows any more
//! where a record stands. Dynamics 365 Sales, our reference, counts 40 steps in a sequence at most, and 400
//! on its longest way. Parts with a purpose of their own are better sequences of their own.
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
//! `activities` under `limits` in segue.yaml sets another limit. A sequence of more than 2,000 steps, waits
//! and conditions included, is not looked at any further.
//!
//! ## See also
//!
//! `too-deep`, `unknown-sequence`

use crate::check::scene::Scene;
use crate::check::ways::MAX_STEPS_OF_WAY;
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
    too_many_activities(scene).into_iter().chain(too_long_a_way(scene)).collect()
}

fn too_long_a_way(scene: &Scene<'_>) -> Option<Diagnostic> {
    let beyond = scene.ways.beyond?;
    let message = format!("some way here has more than {MAX_STEPS_OF_WAY} steps, which is the most");
    Some(
        Diagnostic::new(Code::TooManySteps, scene.at(beyond.head), message)
            .help("move the steps from here on to a sequence of their own and advance to it"),
    )
}

fn too_many_activities(scene: &Scene<'_>) -> Option<Diagnostic> {
    let limit = scene.settings.limits.activities as usize;
    let mut activities = scene.steps().filter(|step| step.kind.is_activity());
    let first_above = activities.nth(limit)?;
    let count = limit + 1 + activities.count();
    let message = format!("the sequence has {count} activities; {limit} is the most, and this is one more");
    Some(
        Diagnostic::new(Code::TooManySteps, scene.at(first_above.head), message)
            .help("move the steps from here on to a sequence of their own and advance to it"),
    )
}
