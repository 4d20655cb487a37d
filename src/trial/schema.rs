//! The JSON Schema of a file of tests, for editors.
//! In comes the table, and what a workspace declares where that is wanted; out comes a schema.

use serde_json::{Value as Json, json};

use crate::sequence::{CALL_RESULTS, Declared};
use crate::shape::{DIALECT, schema_of_shape};

use super::TESTS;
use super::table::{COMPANIONS, HAPPENINGS};

/// The schema of a file of tests. With what is declared, names of templates and of results are offered.
pub fn schema(declared: Option<&Declared<'_>>) -> Json {
    let mut schema = json!({ "$schema": DIALECT, "title": "Tests of a sequence of Segue" });
    if let (Some(fields), Json::Object(own)) = (schema.as_object_mut(), schema_of_shape(&TESTS)) {
        fields.extend(own);
    }
    let moment = &mut schema["properties"]["tests"]["items"]["properties"]["timeline"]["items"];
    one_thing_happens(moment);
    let expectation = &mut moment["properties"]["expect"];
    expectation["not"] = json!({ "required": ["step", "ended"] });
    if let Some(Declared { settings, templates, .. }) = declared {
        let templates: Vec<&str> = templates.iter().chain(&settings.templates).map(String::as_str).collect();
        if !templates.is_empty() {
            expectation["properties"]["sent"]["items"]["examples"] = json!(templates);
        }
        let results = CALL_RESULTS.into_iter().chain(settings.call_results.iter().map(String::as_str));
        moment["properties"]["result"]["examples"] = results.collect();
    }
    schema
}

/// At most one thing, and what says more of it not without it.
fn one_thing_happens(moment: &mut Json) {
    let pairs =
        HAPPENINGS.iter().enumerate().flat_map(|(index, one)| HAPPENINGS[index + 1..].iter().map(move |other| [one, other]));
    let together: Vec<Json> = pairs.map(|pair| json!({ "required": pair })).collect();
    moment["not"] = json!({ "anyOf": together });
    let companions = COMPANIONS.iter().map(|(key, needed)| ((*key).to_owned(), json!([needed])));
    moment["dependencies"] = Json::Object(companions.collect());
}
