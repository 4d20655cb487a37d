//! The JSON Schema of a sequence file, for editors.
//! In comes the table, and what a workspace declares where that is wanted; out comes a schema.

use serde_json::{Map, Value as Json, json};

use crate::diagnostic::{Code, Severity};
use crate::record::{BUILT_IN_TYPES, FieldKind, FieldWord, RecordType};
use crate::settings::{Level, Settings};
use crate::shape::{DIALECT, Kind, STEPS, or_nothing, schema_of_key, schema_of_kind, schema_of_shape, spellings};

use super::model::{CALL_RESULTS, EmailResult, StepType};
use super::table::{QUESTIONS, SEQUENCE, STEP, step_shape};

/// What a workspace has, for an editor to offer and to check.
#[derive(Clone, Debug)]
pub struct Declared<'w> {
    /// What `segue.yaml` declares.
    pub settings: &'w Settings,
    /// The ids of all sequences.
    pub sequences: Vec<String>,
    /// The names of all message templates.
    pub templates: Vec<String>,
}

/// The schema of a sequence file. With what is declared, names that would be an error are one to the editor, and names of which
/// `segue validate` only warns are offered.
pub fn schema(declared: Option<&Declared<'_>>) -> Json {
    let mut schema = json!({ "$schema": DIALECT, "title": "A sequence of Segue" });
    let Json::Object(own) = schema_of_shape(&SEQUENCE) else { return schema };
    let Some(fields) = schema.as_object_mut() else { return schema };
    fields.extend(own);
    fields.insert("definitions".to_owned(), Json::Object(definitions()));
    if let Some(declared) = declared {
        narrow(&mut schema, declared);
    }
    schema
}

/// Lists of steps, a step of any type, and a step of each.
fn definitions() -> Map<String, Json> {
    let mut definitions = Map::new();
    definitions.insert(STEPS.to_owned(), or_nothing(json!({ "type": "array", "items": { "$ref": "#/definitions/step" } })));
    definitions.insert("step".to_owned(), any_step());
    for step_type in StepType::ALL {
        definitions.insert(step_type.word().to_owned(), step(*step_type));
    }
    definitions
}

/// A step, whose type decides which keys it has.
fn any_step() -> Json {
    let known = STEP.keys().filter(|key| matches!(key.name, "id" | "type"));
    let properties: Map<String, Json> = known.map(|key| (key.name.to_owned(), schema_of_key(key))).collect();
    let by_type = StepType::ALL.iter().map(
        |step_type| json!({ "if": is_of(step_type.word()), "then": { "$ref": format!("#/definitions/{}", step_type.word()) } }),
    );
    let snippets: Vec<Json> = StepType::ALL.iter().map(|step_type| snippet(*step_type)).collect();
    json!({
        "type": "object",
        "description": STEP.doc,
        "required": ["id", "type"],
        "properties": properties,
        "allOf": by_type.collect::<Vec<Json>>(),
        "defaultSnippets": snippets,
    })
}

fn is_of(step_type: &str) -> Json {
    json!({ "properties": { "type": { "const": step_type } }, "required": ["type"] })
}

/// What an editor writes for somebody who wants a step of a type: the keys that it needs, with examples to write over.
fn snippet(step_type: StepType) -> Json {
    let shape = step_shape(step_type);
    let needed = shape.keys().filter(|key| key.need == crate::shape::Need::Required);
    let body: Map<String, Json> = needed
        .enumerate()
        .map(|(index, key)| {
            let value = match key.name {
                "type" => step_type.word().to_owned(),
                _ => format!("${{{}:{}}}", index + 1, key.example),
            };
            (key.name.to_owned(), value.into())
        })
        .collect();
    json!({ "label": step_type.word(), "description": shape.doc, "body": body })
}

/// A step of one type.
fn step(step_type: StepType) -> Json {
    let mut schema = schema_of_shape(step_shape(step_type));
    match step_type {
        StepType::Condition => one_question(&mut schema),
        StepType::Email
        | StepType::AutomatedEmail
        | StepType::Text
        | StepType::AutomatedText
        | StepType::PhoneCall
        | StepType::Task
        | StepType::LinkedinResearch
        | StepType::LinkedinIntroduction
        | StepType::LinkedinConnect
        | StepType::LinkedinInmail
        | StepType::Wait
        | StepType::AbTest
        | StepType::AdvanceTo
        | StepType::UpdateField
        | StepType::End => {}
    }
    schema
}

/// A condition asks one thing, and what belongs to results goes with no other question.
fn one_question(schema: &mut Json) {
    let asked = QUESTIONS.iter().map(|key| json!({ "required": [key] }));
    schema["oneOf"] = asked.collect();
    let of_results =
        json!({ "not": { "anyOf": [{ "required": ["of"] }, { "required": ["within"] }, { "required": ["at_once"] }] } });
    schema["dependencies"] = json!({ "when": of_results, "stage": of_results });
    for key in ["any_of", "all_of"] {
        schema["properties"][key]["minItems"] = json!(1);
        let results = EmailResult::ALL.iter().map(|result| result.word()).chain(CALL_RESULTS);
        schema["properties"][key]["items"]["examples"] = results.collect();
    }
    // At least one key that is not the person's own.
    schema["properties"]["stage"]["not"] = json!({ "propertyNames": { "pattern": "^x-" } });
}

/// Names are checked where the workspace declares them.
fn narrow(schema: &mut Json, declared: &Declared<'_>) {
    let Declared { settings, sequences, templates } = declared;
    let known = |code: Code| Known::by(settings, code);
    let sequences = sequences.iter().map(String::as_str);
    known(Code::UnknownSequence).name(&mut schema["definitions"]["advance_to"]["properties"]["sequence"], sequences);
    let templates: Vec<&str> = templates.iter().chain(&settings.templates).map(String::as_str).collect();
    if !templates.is_empty() {
        name_templates(&mut schema["definitions"], known(Code::UnknownTemplate), &templates);
    }
    if let Some(people) = &settings.people {
        known(Code::UnknownOwner).name(&mut schema["properties"]["owner"], people.keys().map(String::as_str));
    }
    let results = EmailResult::ALL.iter().map(|result| result.word()).chain(CALL_RESULTS);
    let results: Vec<&str> = results.chain(settings.call_results.iter().map(String::as_str)).collect();
    for key in ["any_of", "all_of"] {
        let items = &mut schema["definitions"]["condition"]["properties"][key]["items"];
        known(Code::UnknownResult).name(items, results.iter().copied());
    }
    let Some(types) = &settings.record_types else { return };
    let names = BUILT_IN_TYPES.into_iter().chain(types.keys().map(String::as_str));
    known(Code::UnknownRecordType).name(&mut schema["properties"]["record_type"], names);
    let mut by_type = Vec::new();
    for (index, (name, record_type)) in types.iter().enumerate() {
        let own = format!("steps-of-type-{}", index + 1);
        schema["definitions"][&own] = steps_of(record_type, &own, settings);
        let mut then = json!({ "steps": { "$ref": format!("#/definitions/{own}") } });
        if let Some(fields) = &record_type.fields {
            let mut field = json!({});
            known(Code::UnknownField).name(&mut field, fields.keys().map(String::as_str));
            then["assign_to"] = json!({ "properties": { "field": field } });
        }
        by_type.push(json!({
            "if": {
                "properties": { "record_type": { "enum": spellings(std::iter::once(name.as_str())) } },
                "required": ["record_type"],
            },
            "then": { "properties": then },
        }));
    }
    if !by_type.is_empty() {
        schema["allOf"] = by_type.into();
    }
}

/// What is known of names of a kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Another name is an error.
    All,
    /// Another name may be right, or is worth a warning at most.
    Some,
}

impl Known {
    /// As findings of a code count in the workspace. What seems to be undeclared in settings that could not be read whole may
    /// have been declared.
    fn by(settings: &Settings, code: Code) -> Self {
        let is_error = match settings.level(code) {
            None => code.severity() == Severity::Error,
            Some(Level::Error) => true,
            Some(Level::Warning | Level::Off) => false,
        };
        if is_error && settings.is_whole { Known::All } else { Known::Some }
    }

    /// Allows these names and no others, or offers them.
    fn name<'n>(self, schema: &mut Json, names: impl Iterator<Item = &'n str>) {
        let Some(fields) = schema.as_object_mut() else { return };
        fields.remove("examples");
        match self {
            Known::All => fields.insert("enum".to_owned(), spellings(names).into()),
            Known::Some => fields.insert("examples".to_owned(), names.collect()),
        };
    }
}

/// Wherever a template is named.
fn name_templates(schema: &mut Json, known: Known, templates: &[&str]) {
    match schema {
        Json::Object(fields) => {
            if let Some(template) = fields.get_mut("template").filter(|template| template["type"].is_array()) {
                known.name(template, templates.iter().copied());
            }
            fields.values_mut().for_each(|value| name_templates(value, known, templates));
        }
        Json::Array(items) => items.iter_mut().for_each(|item| name_templates(item, known, templates)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// What steps may say of records of a type, in every branch.
fn steps_of(record_type: &RecordType, own: &str, settings: &Settings) -> Json {
    let mut rules = Vec::new();
    if let Some(fields) = &record_type.fields {
        let mut field = json!({});
        Known::by(settings, Code::UnknownField).name(&mut field, fields.keys().map(String::as_str));
        let mut then = json!({ "properties": { "field": field } });
        if Known::by(settings, Code::UnknownOption) == Known::All && !fields.is_empty() {
            let values = fields.iter().map(|(name, kind)| {
                let names = spellings(std::iter::once(name.as_str()));
                json!({
                    "if": { "properties": { "field": { "enum": names } }, "required": ["field"] },
                    "then": { "properties": { "value": value_of_field(kind) } },
                })
            });
            then["allOf"] = values.collect();
        }
        rules.push(json!({ "if": is_of(StepType::UpdateField.word()), "then": then }));
    }
    let branches = json!({ "$ref": format!("#/definitions/{own}") });
    let mut of_condition = json!({ "then": branches, "else": branches });
    if let Some(processes) = &record_type.stages {
        let of_process = |(process, stages): (&String, &Vec<String>)| {
            let mut stage = json!({});
            Known::by(settings, Code::UnknownStage).name(&mut stage, stages.iter().map(String::as_str));
            (process.clone(), json!({ "items": stage }))
        };
        let stages: Map<String, Json> = processes.iter().map(of_process).collect();
        of_condition["stage"] = json!({ "properties": stages, "patternProperties": { "^x-": {} } });
        if Known::by(settings, Code::UnknownProcess) == Known::All {
            of_condition["stage"]["additionalProperties"] = false.into();
        }
    }
    rules.push(json!({ "if": is_of(StepType::Condition.word()), "then": { "properties": of_condition } }));
    json!({ "items": { "allOf": rules } })
}

/// What a field may be given; `null` empties any.
fn value_of_field(kind: &FieldKind) -> Json {
    match kind {
        FieldKind::Plain(FieldWord::Text) => json!({ "type": ["string", "null"] }),
        FieldKind::Plain(FieldWord::Number) => json!({ "type": ["number", "null"] }),
        FieldKind::Plain(FieldWord::Boolean) => json!({ "type": ["boolean", "null"] }),
        FieldKind::Plain(FieldWord::Date) => {
            static DATE: Kind = Kind::Date;
            or_nothing(schema_of_kind(&DATE))
        }
        FieldKind::Options(options) => {
            let mut values = spellings(options.iter().map(String::as_str));
            values.push(Json::Null);
            json!({ "enum": values })
        }
    }
}
