//! How values stand in columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use crate::operation::Since;
use crate::progress::EndReason;
use crate::sequence::{SequenceId, State};
use crate::shape::Value;
use crate::text::Digest;
use crate::time::Instant;

use super::journal::EventKind;

/// A value as it stands in a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stored<T>(pub T);

/// A word or a value that no version of ours writes.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no {1}")]
struct Strange(String, &'static str);

fn strange(found: impl Into<String>, what: &'static str) -> FromSqlError {
    FromSqlError::Other(Box::new(Strange(found.into(), what)))
}

impl FromSql for Stored<Instant> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let microseconds = value.as_i64()?;
        let instant = Instant::from_microsecond(microseconds);
        instant.map(Stored).map_err(|_| strange(microseconds.to_string(), "instant"))
    }
}

impl ToSql for Stored<Instant> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_microsecond().into())
    }
}

impl FromSql for Stored<Digest> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Digest::from_bytes(value.as_blob()?).map(Stored).ok_or_else(|| strange("a blob", "digest"))
    }
}

impl ToSql for Stored<Digest> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.0.as_bytes())))
    }
}

impl FromSql for Stored<SequenceId> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        SequenceId::parse(text).map(Stored).ok_or_else(|| strange(text, "id of a sequence"))
    }
}

impl FromSql for Stored<State> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        State::from_word(word).map(Stored).ok_or_else(|| strange(word, "state"))
    }
}

impl FromSql for Stored<EndReason> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        EndReason::from_word(word).map(Stored).ok_or_else(|| strange(word, "reason for an end"))
    }
}

impl FromSql for Stored<Since> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let since = match value.as_str()? {
            "nothing" => Since::Nothing,
            "back" => Since::Back,
            "anew" => Since::Anew,
            "ended_again" => Since::EndedAgain,
            "closed" => Since::Closed,
            other => return Err(strange(other, "word for what became of a way")),
        };
        Ok(Stored(since))
    }
}

impl FromSql for Stored<EventKind> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        EventKind::from_word(word).map(Stored).ok_or_else(|| strange(word, "kind of event"))
    }
}

impl FromSql for Stored<BTreeMap<String, Value>> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        let fields: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(text).map_err(|_| strange(text, "set of fields"))?;
        let fields = fields.into_iter().map(|(name, value)| Some((name, from_json(value)?))).collect::<Option<_>>();
        fields.map(Stored).ok_or_else(|| strange(text, "set of fields"))
    }
}

impl FromSql for Stored<Arc<str>> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Stored(value.as_str()?.into()))
    }
}

/// How many.
impl FromSql for Stored<u64> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let count = value.as_i64()?;
        u64::try_from(count).map(Stored).map_err(|_| FromSqlError::OutOfRange(count))
    }
}

/// A record's fields as the text of their column. The same fields always give the same text.
pub(super) fn fields_text(fields: &BTreeMap<String, Value>) -> String {
    let with_value = fields.iter().filter(|(_, value)| has_value(value));
    let object: serde_json::Map<_, _> = with_value.map(|(name, value)| (name.clone(), serde_json::Value::from(value))).collect();
    serde_json::Value::Object(object).to_string()
}

fn has_value(value: &Value) -> bool {
    match value {
        Value::Null => false,
        // What no file can say is no value: JSON has no words for it.
        Value::Number(number) => number.is_finite(),
        Value::Flag(_) | Value::Whole(_) | Value::Text(_) => true,
    }
}

fn from_json(value: serde_json::Value) -> Option<Value> {
    match value {
        serde_json::Value::Bool(flag) => Some(Value::Flag(flag)),
        serde_json::Value::Number(number) => number.as_i64().map(Value::Whole).or_else(|| number.as_f64().map(Value::Number)),
        serde_json::Value::String(text) => Some(Value::Text(text)),
        serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => None,
    }
}
