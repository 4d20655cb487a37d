//! # empty-condition
//!
//! A condition whose branches hold no step, so that it decides nothing.

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::StepKind;

pub(super) fn empty_condition(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let empty = scene.steps().filter(|step| match &step.kind {
        StepKind::Condition(condition) => {
            !condition.damaged && condition.then.list.is_empty() && condition.otherwise.list.is_empty()
        }
        _ => false,
    });
    empty
        .map(|step| {
            let message = format!("the condition `{}` decides nothing: neither branch holds a step", step.label());
            Diagnostic::new(Code::EmptyCondition, scene.at(step.head), message)
                .help("put steps into `then` or `else`, or delete it")
        })
        .collect()
}
