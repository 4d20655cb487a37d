//! Whether an edited text says what it should: two readers that share no code are asked.

use serde_yaml::{Number, Value};

use crate::yaml::{Content, Entry, Node, Scalar, Style};

use super::change::{Operation, apply, is_same};
use super::error::EditError;

/// The value of a tree, as our own reader has it: JSON numbers, `true`, `false`, `null` and nothing at all are what they look
/// like, everything else is text.
pub(in crate::yaml) fn lowered(node: Option<&Node<'_>>) -> Value {
    let Some(node) = node else { return Value::Null };
    match &node.content {
        Content::Unreadable => Value::Null,
        Content::Scalar(scalar) => lowered_scalar(scalar),
        Content::List(list) => Value::Sequence(list.items.iter().map(|item| lowered(Some(item))).collect()),
        Content::Mapping(mapping) => {
            let entries = mapping.entries.iter().map(|entry| (Value::String(entry.key.to_string()), lowered(Some(&entry.value))));
            Value::Mapping(entries.collect())
        }
    }
}

fn lowered_scalar(scalar: &Scalar<'_>) -> Value {
    let text: &str = &scalar.text;
    if scalar.style != Style::Plain {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return None;
    }
    let number: serde_json::Number = serde_json::from_str(text).ok()?;
    let whole = number.as_i64().map(Number::from).or_else(|| number.as_u64().map(Number::from));
    whole.or_else(|| number.as_f64().map(Number::from))
}

/// What libyaml reads. Only texts that our own reader took come here: it has no gates of its own.
pub(in crate::yaml) fn theirs(text: &str) -> Result<Value, String> {
    serde_yaml::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| error.to_string())
}

/// What libyaml reads in a text before and after an edit.
pub(super) type Theirs = [Result<Value, String>; 2];

/// Does our part of a verification, and has libyaml read both texts meanwhile.
pub(super) fn beside<T>(ours: impl FnOnce() -> T, texts: [&str; 2]) -> (T, Theirs) {
    let mut read = [const { None }; 2];
    let ours = rayon::in_place_scope(|scope| {
        for (text, read) in texts.into_iter().zip(&mut read) {
            scope.spawn(move |_| *read = Some(theirs(text)));
        }
        ours()
    });
    (ours, read.map(|read| read.expect("a scope ends when all that it began is done")))
}

/// Whether a tree says a value, as [`lowered`] would have it.
pub(super) fn says(node: Option<&Node<'_>>, value: &Value) -> bool {
    let Some(node) = node else { return value.is_null() };
    match (&node.content, value) {
        (Content::Unreadable, value) => value.is_null(),
        (Content::Scalar(scalar), Value::String(text)) if scalar.style != Style::Plain => *scalar.text == **text,
        (Content::Scalar(scalar), value) => is_same(&lowered_scalar(scalar), value),
        (Content::List(list), Value::Sequence(items)) => {
            list.items.len() == items.len() && list.items.iter().zip(items).all(|(item, value)| says(Some(item), value))
        }
        (Content::Mapping(mapping), Value::Mapping(values)) => {
            let says = |(entry, (key, value)): (&Entry<'_>, (&Value, &Value))| {
                key.as_str() == Some(&*entry.key) && says(Some(&entry.value), value)
            };
            mapping.entries.len() == values.len() && mapping.entries.iter().zip(values).all(says)
        }
        (Content::List(_) | Content::Mapping(_), _) => false,
    }
}

fn is_alike(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Sequence(ours), Value::Sequence(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| is_alike(ours, theirs))
        }
        (Value::Mapping(ours), Value::Mapping(theirs)) => {
            let is_alike =
                |(ours, theirs): ((&Value, &Value), (&Value, &Value))| is_alike(ours.0, theirs.0) && is_alike(ours.1, theirs.1);
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(is_alike)
        }
        (Value::String(ours), Value::String(theirs)) => ours == theirs,
        (ours, theirs) => is_single(ours) && is_single(theirs),
    }
}

fn is_single(value: &Value) -> bool {
    !matches!(value, Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_))
}

/// What libyaml reads in a text, where it is the same as we do, but for what kind a plain text is.
pub(in crate::yaml) fn read_by_libyaml(text: &str, ours: &Value) -> Result<Value, EditError> {
    agreed(ours, theirs(text))
}

fn agreed(ours: &Value, theirs: Result<Value, String>) -> Result<Value, EditError> {
    let theirs = theirs.map_err(EditError::Disputed)?;
    if is_alike(ours, &theirs) { Ok(theirs) } else { Err(EditError::Disputed("libyaml reads another value".to_owned())) }
}

/// Whether libyaml reads after an edit what the operations make of what it read before; and before, the same as we do, but for
/// what kind a plain text is.
pub(super) fn is_read_by_libyaml(ours: &Value, operations: &[Operation], [before, after]: Theirs) -> Result<(), EditError> {
    let mut wanted = agreed(ours, before)?;
    operations.iter().for_each(|operation| apply(&mut wanted, operation.clone()));
    match after {
        Ok(found) if is_same(&wanted, &found) => Ok(()),
        Ok(_) => Err(EditError::Unverified("libyaml reads something else".to_owned())),
        Err(error) => Err(EditError::Unverified(format!("libyaml does not take it: {error}"))),
    }
}

/// Whether every comment is still there or was told to be gone.
pub(super) fn keeps_comments(before: &[String], after: &[String], removed: &[String]) -> Result<(), EditError> {
    let mut left: Vec<&String> = after.iter().chain(removed).collect();
    left.sort();
    let mut wanted: Vec<&String> = before.iter().collect();
    wanted.sort();
    let mut left = left.into_iter();
    for comment in wanted {
        if !left.any(|other| other == comment) {
            return Err(EditError::Unverified(format!("the comment `{comment}` is lost")));
        }
    }
    Ok(())
}
