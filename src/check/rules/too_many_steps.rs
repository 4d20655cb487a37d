//! # too-many-steps
//!
//! More activities than the limit, 40 unless `limits.activities` in segue.yaml says otherwise. Waits, conditions and commands do not count.

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

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
