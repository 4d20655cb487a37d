//! Whether a value fits its key, by the table of keys: so that a mistake is told at the line that makes it.
//! Comes before the edited file is read; what is not found here is found there.

use crate::diagnostic::Code;
use crate::operation::Refusal;
use crate::sequence::{STEP, StepType, step_shape};
use crate::shape::{Key, Kind, Need, Shape, Word, is_id, nearest_id};
use crate::text::suggest;
use crate::time::Duration;
use crate::yaml::edit::{Mapping, Value};

type Fitted = Result<Value, Refusal>;

/// The value as it belongs there, its keys in their order.
pub(super) fn fitted(kind: &'static Kind, value: Value, what: &str) -> Fitted {
    match kind {
        Kind::Text { longest } => text(value, what).and_then(|text| at_most(text, *longest, what)),
        Kind::Flag => match value {
            Value::Bool(_) => Ok(value),
            other => Err(wrong_type(what, "`true` or `false`", &other)),
        },
        Kind::Whole { least, most } => match value.as_i64() {
            Some(number) if (*least..=*most).contains(&number) => Ok(value),
            Some(number) => {
                let message = format!("{what} is {number}; it must be from {least} to {most}");
                Err(Refusal::new(Code::OutOfRange, message))
            }
            None => Err(wrong_type(what, "a whole number", &value)),
        },
        Kind::Duration | Kind::Pause => text(value, what).and_then(|text| match Duration::parse(&text) {
            Ok(_) => Ok(Value::String(text)),
            Err(bad) => {
                let message = format!("{what}: `{text}` is no duration: {}", bad.reason);
                Err(Refusal::new(Code::BadDuration, message).help("a duration is like `2d` or `1d 4h`"))
            }
        }),
        Kind::Id => text(value, what).and_then(|text| match is_id(&text) {
            true => Ok(Value::String(text)),
            false => {
                let refusal = Refusal::new(Code::BadId, format!("{what}: `{text}` is no id"));
                Err(did_you_mean(refusal, nearest_id(&text).as_deref()))
            }
        }),
        Kind::Word(words) => text(value, what).and_then(|text| word(words, text, what)),
        // An instant or a date is told from the words where the file is read.
        Kind::WordOrInstant(_) | Kind::Date | Kind::Instant | Kind::Expression => text(value, what).map(Value::String),
        Kind::Value => match value {
            Value::Sequence(_) | Value::Mapping(_) => Err(wrong_type(what, "a single value", &value)),
            single => Ok(single),
        },
        Kind::List(of) => match value {
            Value::Sequence(items) => {
                let items = items.into_iter().map(|item| fitted(of, item, &format!("an item of {what}")));
                items.collect::<Result<_, _>>().map(Value::Sequence)
            }
            other => Err(wrong_type(what, "a list", &other)),
        },
        Kind::Mapping(shape) => mapping(shape, value, what),
        Kind::Table { value: of, .. } => match value {
            Value::Mapping(entries) => {
                let entry = |(key, value)| Ok((key, fitted(of, value, &format!("a value of {what}"))?));
                entries.into_iter().map(entry).collect::<Result<_, _>>().map(Value::Mapping)
            }
            other => Err(wrong_type(what, "a map", &other)),
        },
        Kind::Either(single, shape) => match value {
            Value::Mapping(_) => mapping(shape, value, what),
            other => fitted(single, other, what),
        },
        Kind::OrNothing(_) if value.is_null() => Ok(value),
        Kind::OrNothing(kind) => fitted(kind, value, what),
        Kind::Steps => match value {
            Value::Sequence(items) => items.into_iter().map(step).collect::<Result<_, _>>().map(Value::Sequence),
            other => Err(wrong_type(what, "a list of steps", &other)),
        },
    }
}

/// A whole step.
pub(super) fn step(value: Value) -> Fitted {
    let Value::Mapping(entries) = &value else { return Err(wrong_type("a step", "a map", &value)) };
    let id = entries.get("id").and_then(Value::as_str).map(str::to_owned);
    let what = id.map_or_else(|| "a step".to_owned(), |id| format!("the step `{id}`"));
    let Some(word) = entries.get("type").and_then(Value::as_str) else {
        let key = STEP.keys().find(|key| key.name == "type");
        return Err(missing(&what, key.map_or("type", |key| key.name), "email"));
    };
    let Some(step_type) = StepType::from_word(word) else {
        let refusal = Refusal::new(Code::UnknownStepType, format!("{what}: no type of step is called `{word}`"));
        return Err(did_you_mean(refusal, suggest(word, StepType::WORDS.iter().map(|word| word.name))));
    };
    mapping(step_shape(step_type), value, &what)
}

fn mapping(shape: &'static Shape, value: Value, what: &str) -> Fitted {
    let Value::Mapping(mut entries) = value else { return Err(wrong_type(what, "a map", &value)) };
    if let Some(unknown) = entries.keys().filter_map(Value::as_str).find(|name| shape.keys().all(|key| key.name != *name)) {
        return Err(unknown_key(shape, unknown));
    }
    let mut ordered = Mapping::new();
    for key in shape.keys() {
        match entries.shift_remove(key.name) {
            // What is nothing is not written, where nothing is no value of its own.
            None | Some(Value::Null) if key.need == Need::Required && !takes_nothing(key) => {
                return Err(missing(what, key.name, key.example));
            }
            None => {}
            Some(Value::Null) if !takes_nothing(key) => {}
            Some(value) => {
                let value = fitted(&key.kind, value, &format!("`{}` of {what}", key.name))?;
                ordered.insert(key.name.into(), value);
            }
        }
    }
    Ok(Value::Mapping(ordered))
}

/// Whether `()` is a value of its own there: a field is emptied by it.
pub(super) fn takes_nothing(key: &Key) -> bool {
    matches!(key.kind, Kind::Value)
}

/// The refusal for a key that a mapping does not have.
pub(super) fn unknown_key(shape: &Shape, name: &str) -> Refusal {
    let refusal = Refusal::new(Code::UnknownKey, format!("{} has no key `{name}`", shape.what));
    match suggest(name, shape.keys().map(|key| key.name)) {
        Some(near) => refusal.help(format!("did you mean `{near}`?")),
        None => {
            let names: Vec<&str> = shape.keys().map(|key| key.name).collect();
            refusal.help(format!("it has {}", names.join(", ")))
        }
    }
}

/// The refusal for a function that is asked for as if it were a key.
pub(super) fn function_for_key(name: &str) -> Refusal {
    Refusal::new(Code::UnknownKey, format!("`{name}` is a function of a sequence, and no key"))
        .help(format!("call it: `.{name}()`"))
}

fn missing(what: &str, key: &str, example: &str) -> Refusal {
    Refusal::new(Code::MissingKey, format!("{what} has no `{key}`")).help(format!("add it: `{key}: \"{example}\"`"))
}

fn text(value: Value, what: &str) -> Result<String, Refusal> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(wrong_type(what, "text", &other)),
    }
}

fn at_most(text: String, longest: usize, what: &str) -> Fitted {
    let length = text.chars().count();
    if length <= longest {
        return Ok(Value::String(text));
    }
    Err(Refusal::new(Code::TooLong, format!("{what} has {length} characters; it may have {longest}")))
}

fn word(words: &'static [Word], text: String, what: &str) -> Fitted {
    if words.iter().any(|word| word.name == text) {
        return Ok(Value::String(text));
    }
    let names: Vec<&str> = words.iter().map(|word| word.name).collect();
    let refusal = Refusal::new(Code::UnknownValue, format!("{what} cannot be `{text}`"));
    Err(match suggest(&text, names.iter().copied()) {
        Some(near) => refusal.help(format!("did you mean `{near}`?")),
        None => refusal.help(format!("it is one of {}", names.join(", "))),
    })
}

fn did_you_mean(refusal: Refusal, near: Option<&str>) -> Refusal {
    match near {
        Some(near) => refusal.help(format!("did you mean `{near}`?")),
        None => refusal,
    }
}

fn wrong_type(what: &str, takes: &str, value: &Value) -> Refusal {
    let is = match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Sequence(_) => "a list",
        Value::Mapping(_) | Value::Tagged(_) => "a map",
    };
    Refusal::new(Code::WrongType, format!("{what} takes {takes}, and this is {is}"))
}
