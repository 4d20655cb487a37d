//! Stages that conditions ask for, beside those that the record type declares.

use std::collections::BTreeMap;

use crate::sequence::{Question, Stage};

use super::scene::Scene;

/// Each process a condition asks for, with the declared processes; nothing where none are declared.
pub(super) fn asked_stages<'a>(scene: &Scene<'a>) -> Vec<(&'a Stage, &'a BTreeMap<String, Vec<String>>)> {
    let Some(record_type) = &scene.sequence.record_type else { return Vec::new() };
    let Some(declared) = scene.settings.record_type(&record_type.value).and_then(|declared| declared.stages.as_ref()) else {
        return Vec::new();
    };
    let conditions = scene.steps().filter_map(|step| step.kind.as_condition());
    let asked = conditions.filter_map(|condition| match &condition.question {
        Question::Stage(stages) => Some(stages),
        Question::Results(_) | Question::When(_) | Question::Unreadable => None,
    });
    asked.flatten().map(|stage| (stage, declared)).collect()
}
