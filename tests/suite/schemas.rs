//! The schemas as they are printed, held so that every change of the table shows what it does to editors.

use segue::{sequence, settings, trial};
use serde_json::Value as Json;

use crate::data;

#[test]
fn the_schemas_are_as_they_were() {
    let mut failures = Vec::new();
    for (name, schema) in
        [("sequence", sequence::schema(None)), ("settings", settings::schema(None)), ("tests", trial::schema(None))]
    {
        let path = data::folder("tests/cases/schema").join(format!("{name}.json"));
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        let actual = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        failures.extend(data::settle(&path, &expected, &actual).err());
    }
    data::report(&failures);
}

/// Everything that an editor shows stands in the table: what a key means, and how it is written.
#[test]
fn every_key_is_told_of() {
    fn look(schema: &Json, path: &str, lacks: &mut Vec<String>) {
        match schema {
            Json::Object(fields) => {
                for (name, key) in fields.get("properties").and_then(Json::as_object).into_iter().flatten() {
                    let is_told = |part: &str| key.get(part).is_some();
                    // Only a constant stands in a condition, which nobody reads.
                    if key.get("const").is_none() && !(is_told("description") && is_told("markdownDescription")) {
                        lacks.push(format!("{path}/{name} has no description"));
                    }
                    let is_list_of_steps = matches!(name.as_str(), "steps" | "then" | "else");
                    if key.get("const").is_none() && !is_told("examples") && !is_list_of_steps {
                        lacks.push(format!("{path}/{name} has no example"));
                    }
                }
                fields.iter().for_each(|(name, value)| look(value, &format!("{path}/{name}"), lacks));
            }
            Json::Array(items) => items.iter().for_each(|item| look(item, path, lacks)),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }
    let mut lacks = Vec::new();
    look(&sequence::schema(None), "sequence", &mut lacks);
    look(&settings::schema(None), "settings", &mut lacks);
    look(&trial::schema(None), "tests", &mut lacks);
    assert!(lacks.is_empty(), "{}", lacks.join("\n"));
}

/// Judges documents by a schema as an editor does.
pub fn validator(schema: &Json) -> jsonschema::Validator {
    jsonschema::options().should_validate_formats(true).build(schema).unwrap_or_else(|error| panic!("this is no schema: {error}"))
}

/// A YAML text as an editor has it.
pub fn json_of(text: &str) -> Json {
    let value: serde_yaml::Value =
        serde_yaml::from_str(text.trim_start_matches('\u{feff}')).unwrap_or_else(|error| panic!("{error} in\n{text}"));
    json(&value)
}

fn json(value: &serde_yaml::Value) -> Json {
    match value {
        serde_yaml::Value::Mapping(entries) => {
            let name = |key: &serde_yaml::Value| match key {
                serde_yaml::Value::String(text) => text.clone(),
                other => serde_yaml::to_string(other).unwrap().trim().to_owned(),
            };
            Json::Object(entries.iter().map(|(key, value)| (name(key), json(value))).collect())
        }
        serde_yaml::Value::Sequence(items) => items.iter().map(json).collect(),
        single => serde_json::to_value(single).unwrap(),
    }
}
