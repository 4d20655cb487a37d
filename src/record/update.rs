//! What somebody says about a record: all of it, or a part that leaves the rest as it was.

use std::collections::BTreeMap;

use crate::shape::Value;

use super::{Record, RecordKey};

/// What an import says about a record.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordUpdate {
    /// What names it.
    pub key: RecordKey,
    /// What people call it.
    pub name: Said<String>,
    /// The person whose it is.
    pub owner: Said<String>,
    /// Whether it is still worked on; where nothing is said, a new record is.
    pub is_open: Option<bool>,
    /// Fields by name. `null` empties one, and what is not named stays as it was.
    pub fields: BTreeMap<String, Value>,
}

/// Whether something was said, and what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Said<T> {
    /// Nothing: what was there stays.
    #[default]
    Nothing,
    /// That there is no value.
    Empty,
    /// The value.
    Value(T),
}

impl RecordUpdate {
    /// The record as it is afterwards.
    pub fn apply(self, before: Option<Record>) -> Record {
        let fresh = || Record { key: self.key.clone(), name: None, owner: None, is_open: true, fields: BTreeMap::new() };
        let mut record = before.unwrap_or_else(fresh);
        self.name.put(&mut record.name);
        self.owner.put(&mut record.owner);
        record.is_open = self.is_open.unwrap_or(record.is_open);
        for (name, value) in self.fields {
            match value {
                Value::Null => record.fields.remove(&name),
                Value::Flag(_) | Value::Whole(_) | Value::Number(_) | Value::Text(_) => record.fields.insert(name, value),
            };
        }
        record
    }
}

impl<T> Said<T> {
    fn put(self, place: &mut Option<T>) {
        match self {
            Said::Nothing => {}
            Said::Empty => *place = None,
            Said::Value(value) => *place = Some(value),
        }
    }
}

impl From<Record> for RecordUpdate {
    /// Says all of it but the fields that are absent, which nobody knows the names of.
    fn from(record: Record) -> Self {
        let said = |value: Option<String>| value.map_or(Said::Empty, Said::Value);
        let Record { key, name, owner, is_open, fields } = record;
        Self { key, name: said(name), owner: said(owner), is_open: Some(is_open), fields }
    }
}
