//! # empty-sequence
//!
//! A sequence without a step.

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn empty_sequence(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let steps = &scene.sequence.steps;
    // Where the key itself is missing, that is the finding.
    let Some(key) = steps.key.filter(|_| steps.list.is_empty() && !steps.damaged) else { return Vec::new() };
    let at = scene.at(key);
    vec![Diagnostic::new(Code::EmptySequence, at, "the sequence has no step").help("add a first step under `steps`")]
}
