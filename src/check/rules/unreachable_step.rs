//! # unreachable-step
//!
//! A step that no way through the sequence reaches: every branch before it ends or leaves.

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
