//! The JSON Schema of `segue.yaml`, for editors.

use serde_json::{Value as Json, json};

use crate::shape::{DIALECT, or_nothing, schema_of_shape};

use super::{SETTINGS, Settings};

/// The schema of the settings file, which may be empty. With settings, the names of their calendars are offered.
pub fn schema(known: Option<&Settings>) -> Json {
    let mut schema = json!({ "$schema": DIALECT, "title": "The settings of a Segue workspace" });
    if let (Some(fields), Json::Object(own)) = (schema.as_object_mut(), or_nothing(schema_of_shape(&SETTINGS))) {
        fields.extend(own);
    }
    if let Some(settings) = known.filter(|settings| !settings.calendars.is_empty()) {
        let calendars: Json = settings.calendars.keys().map(String::as_str).collect();
        schema["properties"]["people"]["additionalProperties"]["properties"]["calendar"]["examples"] = calendars.clone();
        schema["properties"]["calendar"]["examples"] = calendars;
    }
    schema
}
