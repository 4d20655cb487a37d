//! Stages that conditions ask for, beside those that the record type declares.

use std::collections::BTreeMap;

use crate::sequence::{Question, Stage, StepKind};

use super::scene::Scene;

/// Each process a condition asks for, with the declared processes; nothing where none are declared.
pub(super) fn asked_stages<'a>(scene: &Scene<'a>) -> Vec<(&'a Stage, &'a BTreeMap<String, Vec<String>>)> {
    let Some(record_type) = &scene.sequence.record_type else { return Vec::new() };
    let Some(declared) = scene.settings.record_type(&record_type.value).and_then(|declared| declared.stages.as_ref()) else {
        return Vec::new();
    };
    let asked = scene.steps().filter_map(|step| match &step.kind {
        StepKind::Condition(condition) => match &condition.question {
            Question::Stage(stages) => Some(stages),
            Question::Results(_) | Question::When(_) | Question::Unreadable => None,
        },
        _ => None,
    });
    asked.flatten().map(|stage| (stage, declared)).collect()
}
