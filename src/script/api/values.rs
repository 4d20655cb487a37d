//! Values of scripts as values of files, and back.

use rhai::{Array, Dynamic, ImmutableString, Map};

use crate::diagnostic::Code;
use crate::operation::Refusal;
use crate::shape;
use crate::yaml::edit::{Mapping, Number, Value};

use super::desk::Told;
use super::listing::List;
use super::node::{Part, Step, Steps};

/// How deep a value may be nested; a file takes no more.
const MAX_DEPTH: usize = 60;

/// A script's value as it would stand in a file. Handles of steps and of parts of them give what they stand for.
pub(super) fn to_file(value: &Dynamic) -> Told<Value> {
    to_file_at(value, 0)
}

fn to_file_at(value: &Dynamic, depth: usize) -> Told<Value> {
    if depth > MAX_DEPTH {
        return Err(Refusal::new(Code::TooDeep, "the value is nested too deep for a file").into());
    }
    if value.is_unit() {
        return Ok(Value::Null);
    }
    if let Ok(flag) = value.as_bool() {
        return Ok(Value::Bool(flag));
    }
    if let Ok(number) = value.as_int() {
        return Ok(Value::Number(number.into()));
    }
    if let Ok(number) = value.as_float() {
        return Ok(Value::Number(Number::from(number)));
    }
    if let Ok(letter) = value.as_char() {
        return Ok(Value::String(letter.to_string()));
    }
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return Ok(Value::String(text.to_string()));
    }
    if let Some(items) = value.read_lock::<Array>() {
        return items.iter().map(|item| to_file_at(item, depth + 1)).collect::<Told<Vec<_>>>().map(Value::Sequence);
    }
    if let Some(items) = value.read_lock::<List>() {
        return items.0.iter().map(|item| to_file_at(item, depth + 1)).collect::<Told<Vec<_>>>().map(Value::Sequence);
    }
    if let Some(map) = value.read_lock::<Map>() {
        let entry =
            |(key, value): (&rhai::Identifier, &Dynamic)| Ok((Value::String(key.to_string()), to_file_at(value, depth + 1)?));
        return map.iter().map(entry).collect::<Told<Mapping>>().map(Value::Mapping);
    }
    if let Some(step) = value.read_lock::<Step>() {
        return step.0.value();
    }
    if let Some(part) = value.read_lock::<Part>() {
        return part.0.value();
    }
    if let Some(steps) = value.read_lock::<Steps>() {
        return steps.value();
    }
    let what = value.type_name().rsplit("::").next().unwrap_or_default().to_owned();
    Err(Refusal::new(Code::WrongType, format!("a value of type {what} cannot stand in a file")).into())
}

/// A single value of a file; lists and mappings become handles elsewhere.
pub(super) fn to_script(value: &Value) -> Dynamic {
    match value {
        Value::Null | Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => Dynamic::UNIT,
        Value::Bool(flag) => (*flag).into(),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64().unwrap_or(f64::MAX).into(),
        },
        Value::String(text) => text.as_str().into(),
    }
}

/// A field's value.
pub(super) fn of_field(value: &shape::Value) -> Dynamic {
    match value {
        shape::Value::Null => Dynamic::UNIT,
        shape::Value::Flag(flag) => (*flag).into(),
        shape::Value::Whole(number) => (*number).into(),
        shape::Value::Number(number) => (*number).into(),
        shape::Value::Text(text) => text.as_str().into(),
    }
}

/// A text, or nothing.
pub(super) fn or_unit(text: Option<&str>) -> Dynamic {
    text.map_or(Dynamic::UNIT, Into::into)
}

/// One text or several, as `tag` and `activate` take them.
pub(super) fn one_or_more(value: &Dynamic, what: &str) -> Told<Vec<String>> {
    let wrong = || Refusal::new(Code::WrongType, format!("{what} is a text, or a list of texts"));
    let items = match to_file(value)? {
        Value::String(text) => return Ok(vec![text]),
        Value::Sequence(items) => items,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Mapping(_) | Value::Tagged(_) => return Err(wrong().into()),
    };
    items.into_iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(|| wrong().into())).collect()
}
