//! # duplicate-step-id
//!
//! Two steps of one sequence with the same id.

use std::collections::HashMap;

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn duplicate_step_id(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let mut first_by_id = HashMap::new();
    let mut findings = Vec::new();
    for id in scene.steps().filter_map(|step| step.id.as_ref()) {
        match first_by_id.get(&id.value) {
            None => drop(first_by_id.insert(&id.value, id.span)),
            Some(first) => findings.push(
                Diagnostic::new(Code::DuplicateStepId, scene.at(id.span), format!("a second step is called `{}`", id.value))
                    .related(scene.at(*first), format!("the first `{}` is here", id.value))
                    .help("give it an id of its own: progress, versions and diffs hang on ids"),
            ),
        }
    }
    findings
}
