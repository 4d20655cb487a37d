//! A sequence for programs: what its file says, under the file's own keys.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};

use crate::sequence::{
    AbTest, AssignTo, Condition, Criterion, EndOfTest, Mode, Question, Sequence, State, Step, StepKind, Steps, Variant,
};
use crate::text::Located;

use super::json::json_document;

/// What the store knows of a sequence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Its published state and its newest version; `None` where nothing of it is published.
    pub published: Option<(State, u32)>,
    /// How many connections stand at a step, by its id, whatever version they run on.
    pub standing: BTreeMap<String, u64>,
}

/// Writes the sequence as one JSON object. Keys are only ever added within a major format version.
///
/// # Errors
/// What the writer says.
pub fn sequence_json(out: &mut dyn Write, sequence: &Sequence, problems: usize, known: Option<&Known>) -> io::Result<()> {
    let texts = |texts: &[Located<String>]| texts.iter().map(|text| text.value.clone()).collect::<Vec<_>>();
    let mut document = json!({
        "format_version": "1.0",
        "id": sequence.id.as_str(),
        "file": sequence.file.as_str(),
        "name": text(&sequence.name),
        "description": text(&sequence.description),
        "record_type": text(&sequence.record_type),
        "owner": text(&sequence.owner),
        "state": sequence.state.value.word(),
        "version": sequence.version.as_ref().map(|version| version.value),
        "tags": texts(&sequence.tags),
        "exit_on": sequence.exit_on.iter().map(|criterion| criterion.value.word()).collect::<Vec<_>>(),
        "skip_non_working_days": sequence.skip_non_working_days.as_ref().map(|flag| flag.value),
        "assign_to": assignee(sequence.assigned_to()),
        "problems": problems,
        "steps": steps(&sequence.steps),
    });
    if let (Some(known), Json::Object(keys)) = (known, &mut document) {
        keys.insert("published_state".to_owned(), json!(known.published.map(|(state, _)| state.word())));
        keys.insert("published_version".to_owned(), json!(known.published.map(|(_, number)| number)));
        keys.insert("connected".to_owned(), json!(known.standing.values().sum::<u64>()));
        keys.insert("standing".to_owned(), json!(known.standing));
    }
    json_document(out, &document)
}

fn text(text: &Option<Located<String>>) -> Option<&str> {
    text.as_ref().map(|text| text.value.as_str())
}

fn assignee(assign_to: &AssignTo) -> Json {
    match assign_to {
        AssignTo::RecordOwner => json!("record_owner"),
        AssignTo::Connector => json!("connector"),
        AssignTo::OwnerTeam => json!("owner_team"),
        AssignTo::Field(field) => json!({"field": field.value}),
    }
}

fn steps(steps: &Steps) -> Json {
    steps.list.iter().map(step).collect()
}

fn step(step: &Step) -> Json {
    let mut keys = Map::new();
    put(&mut keys, "id", text(&step.id));
    put(&mut keys, "type", step.step_type.map(|step_type| step_type.word()));
    put(&mut keys, "name", text(&step.name));
    put(&mut keys, "description", text(&step.description));
    put(&mut keys, "renamed_from", text(&step.renamed_from));
    match &step.kind {
        StepKind::Activity(activity) => put(&mut keys, "template", text(&activity.template)),
        StepKind::Wait(duration) => put(&mut keys, "for", duration.as_ref().map(|duration| duration.value.to_string())),
        StepKind::AbTest(test) => ab_test(&mut keys, test),
        StepKind::Condition(asked) => condition(&mut keys, asked),
        StepKind::AdvanceTo(sequence) => put(&mut keys, "sequence", text(sequence)),
        StepKind::UpdateField { field, value: new } => {
            put(&mut keys, "field", text(field));
            put(&mut keys, "value", new.as_ref().map(|new| Json::from(&new.value)));
        }
        StepKind::End(outcome) => put(&mut keys, "outcome", text(outcome)),
        StepKind::Unreadable => {}
    }
    Json::Object(keys)
}

fn put(keys: &mut Map<String, Json>, key: &str, value: Option<impl Into<Json>>) {
    if let Some(value) = value {
        keys.insert(key.to_owned(), value.into());
    }
}

fn ab_test(keys: &mut Map<String, Json>, test: &AbTest) {
    let variant = |variant: &Variant| json!({"name": text(&variant.name), "template": text(&variant.template)});
    put(keys, "a", test.a.as_ref().map(variant));
    put(keys, "b", test.b.as_ref().map(variant));
    put(keys, "split", Some(test.split));
    put(keys, "metric", test.metric.map(|metric| metric.word()));
    let end = test.ends.map(|end| match end {
        EndOfTest::WhenSignificant => "when_significant".to_owned(),
        EndOfTest::At(instant) => instant.to_string(),
    });
    put(keys, "ends", end);
    put(keys, "default", test.default.map(|version| version.word()));
}

fn condition(keys: &mut Map<String, Json>, condition: &Condition) {
    match &condition.question {
        Question::Results(criterion) => results(keys, criterion),
        Question::When(when) => put(keys, "when", Some(when.text.value.as_str())),
        Question::Stage(stages) => {
            let names = |names: &[Located<String>]| names.iter().map(|name| json!(name.value)).collect::<Json>();
            let stages = stages.iter().map(|stage| (stage.process.value.clone(), names(&stage.stages)));
            put(keys, "stage", Some(Json::Object(stages.collect())));
        }
        Question::Unreadable => {}
    }
    put(keys, "then", Some(steps(&condition.then)));
    put(keys, "else", Some(steps(&condition.otherwise)));
}

fn results(keys: &mut Map<String, Json>, criterion: &Criterion) {
    let mode = match criterion.mode {
        Mode::Any => "any_of",
        Mode::All => "all_of",
    };
    put(keys, mode, Some(criterion.results.iter().map(|result| json!(result.value)).collect::<Json>()));
    put(keys, "of", text(&criterion.of));
    put(keys, "within", criterion.within.as_ref().map(|within| within.value.to_string()));
    put(keys, "at_once", criterion.at_once.as_ref().map(|at_once| at_once.value));
}
