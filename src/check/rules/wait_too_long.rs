//! # wait-too-long
//!
//! A wait longer than the limit, 30 days unless `limits.wait` in segue.yaml says otherwise.

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::StepKind;

pub(super) fn wait_too_long(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let limit = scene.settings.limits.wait;
    let waits = scene.steps().filter_map(|step| match &step.kind {
        StepKind::Wait(Some(duration)) => Some(duration),
        _ => None,
    });
    waits
        .filter(|duration| duration.value.total_minutes() > limit.total_minutes())
        .map(|duration| {
            let message = format!("a wait of {} is longer than {limit}, the most there is", duration.value);
            Diagnostic::new(Code::WaitTooLong, scene.at(duration.span), message)
                .help("shorten it, or put a step between two waits")
        })
        .collect()
}
