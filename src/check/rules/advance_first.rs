//! # advance-first
//!
//! The sequence starts by advancing to another one.

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::StepKind;

pub(super) fn advance_first(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let first = scene.sequence.steps.list.first().filter(|_| !scene.sequence.steps.damaged);
    let advance = first.filter(|step| matches!(step.kind, StepKind::AdvanceTo(_)));
    advance
        .map(|step| {
            let message = format!("the sequence leaves for another at its first step, `{}`", step.label());
            Diagnostic::new(Code::AdvanceFirst, scene.at(step.head), message)
                .help("connect records to the other sequence instead, or put a step before it")
        })
        .into_iter()
        .collect()
}
