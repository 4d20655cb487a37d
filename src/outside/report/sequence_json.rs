//! A sequence for programs: what its file or a version says, under the file's own keys.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};

use crate::outside::store::VersionLine;
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

/// What a sequence is shown as: its file, or a version.
#[derive(Clone, Copy, Debug)]
pub enum Portrait<'a> {
    /// The file as it stands.
    File {
        /// How many findings there are about it.
        problems: usize,
        /// What the store knows of the sequence, where there is one.
        known: Option<&'a Known>,
    },
    /// A published version.
    Version {
        /// What is known of it beside its text.
        line: &'a VersionLine,
        /// How many connections on it stand at a step, by its id.
        standing: &'a BTreeMap<String, u64>,
    },
}

/// Writes the sequence as one JSON object. Keys are only ever added within a major format version.
///
/// # Errors
/// What the writer says.
pub fn sequence_json(out: &mut dyn Write, sequence: &Sequence, portrait: &Portrait<'_>) -> io::Result<()> {
    let texts = |texts: &[Located<String>]| texts.iter().map(|text| text.value.clone()).collect::<Vec<_>>();
    let mut document = Map::new();
    let mut put = |key: &str, value: Json| drop(document.insert(key.to_owned(), value));
    put("format_version", json!("1.0"));
    put("id", json!(sequence.id.as_str()));
    if let Portrait::File { .. } = portrait {
        put("file", json!(sequence.file.as_str()));
    }
    put("name", json!(text(&sequence.name)));
    put("description", json!(text(&sequence.description)));
    put("record_type", json!(text(&sequence.record_type)));
    put("owner", json!(text(&sequence.owner)));
    match portrait {
        Portrait::File { .. } => {
            put("state", json!(sequence.state.value.word()));
            put("version", json!(sequence.version.as_ref().map(|version| version.value)));
            put("message", json!(text(&sequence.message)));
        }
        Portrait::Version { line, .. } => {
            put("version", json!(line.number));
            put("message", json!(line.message));
            put("actor", json!(line.actor));
            put("at", json!(line.at.to_string()));
        }
    }
    put("tags", json!(texts(&sequence.tags)));
    put("exit_on", sequence.exit_on.iter().map(|criterion| json!(criterion.value.word())).collect());
    put(
        "skip_non_working_days",
        match portrait {
            Portrait::File { .. } => json!(sequence.skip_non_working_days.as_ref().map(|flag| flag.value)),
            Portrait::Version { line, .. } => json!(line.skip_non_working_days),
        },
    );
    put("assign_to", assignee(sequence.assigned_to()));
    if let Portrait::File { problems, .. } = portrait {
        let source = sequence.cloned_from.as_ref();
        put("cloned_from", json!(source.map(|from| json!({"sequence": text(&from.sequence), "version": from.version}))));
        put("formerly", json!(texts(&sequence.formerly)));
        put("problems", json!(problems));
    }
    put("steps", steps(&sequence.steps));
    match portrait {
        Portrait::File { known: None, .. } => {}
        Portrait::File { known: Some(known), .. } => {
            put("published_state", json!(known.published.map(|(state, _)| state.word())));
            put("published_version", json!(known.published.map(|(_, number)| number)));
            put("connected", json!(known.standing.values().sum::<u64>()));
            put("standing", json!(known.standing));
        }
        Portrait::Version { line, standing } => {
            put("connected", json!(line.running));
            put("connections", json!(line.connections));
            put("standing", json!(standing));
        }
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
