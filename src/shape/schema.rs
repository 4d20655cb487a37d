//! Tables as JSON Schema, for editors.
//! In comes a table, out comes a schema that accepts what the reader takes, in draft 7, which all editors know.
//! Decides nothing: what stands in a schema stands in the table.

use serde_json::{Map, Value as Json, json};

use super::MAX_ID_LENGTH;
use super::table::{Key, Kind, Need, Shape, Word};

/// The dialect that schemas are written in.
pub const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// Keys of one's own.
const OWN_KEYS: &str = "^x-";

/// Words of `a-z` and `0-9` joined by single `-`.
const ID: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

/// Days, hours and minutes in that order, each once.
const DURATION: &str = "^ *(0*[0-9]{1,6}d( +0*[0-9]{1,7}h)?( +0*[0-9]{1,9}m)?|0*[0-9]{1,7}h( +0*[0-9]{1,9}m)?|0*[0-9]{1,9}m) *$";

/// As a duration, with a digit that is not 0.
const PAUSE: &str =
    "^(?=.*[1-9]) *(0*[0-9]{1,6}d( +0*[0-9]{1,7}h)?( +0*[0-9]{1,9}m)?|0*[0-9]{1,7}h( +0*[0-9]{1,9}m)?|0*[0-9]{1,9}m) *$";

const DATE: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

const INSTANT: &str =
    "^[0-9]{4}-?[0-9]{2}-?[0-9]{2}[Tt ][0-9]{2}(:?[0-9]{2}){0,2}([.,][0-9]+)?([Zz]|[+-][0-9]{2}(:?[0-9]{2}){0,2})";

/// The name under which a schema defines a list of steps.
pub const STEPS: &str = "steps";

/// A mapping as a schema.
pub fn schema_of_shape(shape: &'static Shape) -> Json {
    let properties: Map<String, Json> = shape.keys().map(|key| (key.name.to_owned(), schema_of_key(key))).collect();
    let required: Vec<&str> = shape.keys().filter(|key| key.need == Need::Required).map(|key| key.name).collect();
    let mut schema = json!({
        "type": "object",
        "description": shape.doc,
        "properties": properties,
        "patternProperties": { OWN_KEYS: {} },
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// What may stand behind a key, with what the table says of it.
pub fn schema_of_key(key: &'static Key) -> Json {
    let mut told = Map::new();
    told.insert("description".to_owned(), key.doc.into());
    let example = example(key);
    let mut markdown = key.doc.to_owned();
    if example.is_some() {
        markdown.push_str(&format!("\n\nExample: `{}: {}`", key.name, key.example));
    }
    if let Need::Default(default) = key.need {
        markdown.push_str(&format!("\n\nWithout it: `{default}`"));
    }
    told.insert("markdownDescription".to_owned(), markdown.into());
    match schema_of_kind(&key.kind) {
        Json::Object(schema) => told.extend(schema),
        other => drop(told.insert("allOf".to_owned(), json!([other]))),
    }
    if let Some(example) = example {
        told.entry("examples").or_insert_with(|| json!([example]));
    }
    if let Need::Default(default) = key.need {
        told.extend(value_of(default).map(|default| ("default".to_owned(), default)));
    }
    // Beside a reference nothing else is looked at in this dialect.
    if let Some(reference) = told.remove("$ref") {
        told.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
    }
    Json::Object(told)
}

/// The example of a key as a value; steps need more room than a line.
fn example(key: &Key) -> Option<Json> {
    (!matches!(key.kind, Kind::Steps)).then(|| value_of(key.example)).flatten()
}

/// A value as it would be written in a file.
fn value_of(text: &str) -> Option<Json> {
    serde_yaml::from_str(text).ok()
}

/// Any value of a kind.
pub fn schema_of_kind(kind: &'static Kind) -> Json {
    match kind {
        Kind::Text { longest } => {
            let mut schema = text();
            if *longest < usize::MAX {
                schema["maxLength"] = json!(longest);
            }
            schema
        }
        Kind::Expression => text(),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Whole { least, most } => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Duration => json!({ "type": "string", "pattern": DURATION }),
        Kind::Pause => json!({ "type": "string", "pattern": PAUSE }),
        Kind::Date => json!({ "type": "string", "pattern": DATE, "format": "date" }),
        Kind::Instant => json!({ "type": "string", "pattern": INSTANT }),
        // `12` and `true` are ids too: where text is expected, they are text.
        Kind::Id => {
            json!({ "type": ["string", "integer", "boolean"], "pattern": ID, "maxLength": MAX_ID_LENGTH, "minimum": 0 })
        }
        Kind::Word(words) => schema_of_words(words),
        Kind::WordOrInstant(words) => {
            json!({ "type": "string", "anyOf": [schema_of_words(words), { "pattern": INSTANT }] })
        }
        Kind::Value => json!({ "type": ["string", "number", "boolean", "null"] }),
        Kind::List(kind) => json!({ "type": "array", "items": schema_of_kind(kind) }),
        Kind::Mapping(shape) => schema_of_shape(shape),
        Kind::Table { value, .. } => json!({
            "type": "object",
            "patternProperties": { OWN_KEYS: {} },
            "additionalProperties": schema_of_kind(value),
        }),
        Kind::Either(kind, shape) => json!({ "anyOf": [schema_of_kind(kind), schema_of_shape(shape)] }),
        Kind::OrNothing(kind) => or_nothing(schema_of_kind(kind)),
        Kind::Steps => json!({ "$ref": format!("#/definitions/{STEPS}") }),
    }
}

/// Text that holds something. Kind is decided by the place: `012` and `true` are text here.
fn text() -> Json {
    json!({ "type": ["string", "number", "boolean"], "pattern": "\\S" })
}

/// One of some words, with what each means.
fn schema_of_words(words: &'static [Word]) -> Json {
    let names: Vec<&str> = words.iter().map(|word| word.name).collect();
    let docs: Vec<&str> = words.iter().map(|word| word.doc.trim()).collect();
    json!({ "type": "string", "enum": names, "enumDescriptions": docs, "markdownEnumDescriptions": docs })
}

/// A schema that accepts nothing at all as well.
pub fn or_nothing(mut schema: Json) -> Json {
    match schema["type"].take() {
        Json::String(one) => {
            schema["type"] = json!([one, "null"]);
            schema
        }
        Json::Array(mut several) => {
            several.push("null".into());
            schema["type"] = several.into();
            schema
        }
        _ => json!({ "anyOf": [schema, { "type": "null" }] }),
    }
}

/// The ways in which a name may be written: where text is expected, `12` and `true` are text.
pub fn spellings<'n>(names: impl Iterator<Item = &'n str>) -> Vec<Json> {
    names
        .flat_map(|name| {
            let read = value_of(name).filter(|value| value.is_number() || value.is_boolean());
            std::iter::once(Json::from(name)).chain(read)
        })
        .collect()
}
