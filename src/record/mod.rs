//! Record types: what a lead, an opportunity or a row of one's own consists of.
//! In come declarations, out come answers: which field, which option, which stage is there.
//! Knows neither files nor steps.

mod row;
mod update;

use std::collections::BTreeMap;
use std::fmt;

use crate::shape::{Value, words};
use crate::time::Date;

pub use row::{BadCell, BadColumn, Header};
pub use update::{RecordUpdate, Said};

/// The record types that exist without being declared. Source: the reference's default record types.
pub const BUILT_IN_TYPES: [&str; 4] = ["lead", "opportunity", "account", "contact"];

words! {
    /// A field's kind, where it is no set of options.
    FieldWord {
        /// Any text.
        Text "text",
        /// A number.
        Number "number",
        /// `true` or `false`.
        Boolean "boolean",
        /// A day.
        Date "date",
    }
}

/// What a field of a record may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text, a number, a truth value or a day.
    Plain(FieldWord),
    /// One of these options.
    Options(Vec<String>),
}

/// What names a record: its type and its id there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    /// The record type, like `lead`.
    pub record_type: String,
    /// The record's id in the system that it comes from: any text without control characters.
    pub id: String,
}

impl fmt::Display for RecordKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.record_type, self.id)
    }
}

/// A lead, an opportunity or a row of one's own, as the store knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What names it.
    pub key: RecordKey,
    /// What people call it.
    pub name: Option<String>,
    /// The person whose it is.
    pub owner: Option<String>,
    /// Whether it is still worked on: a qualified lead or a lost opportunity is closed.
    pub is_open: bool,
    /// Its other fields; one without a value is absent.
    pub fields: BTreeMap<String, Value>,
}

/// A declared record type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordType {
    /// Its fields; `None` where none were declared, and any name is taken as it is.
    pub fields: Option<BTreeMap<String, FieldKind>>,
    /// Its processes with their stages in order; `None` where none were declared.
    pub stages: Option<BTreeMap<String, Vec<String>>>,
}

/// Why a value does not fit a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// The field takes one of these options, and the value is none.
    NoOption(Vec<String>),
    /// The field takes a value of another kind.
    OtherKind(FieldWord),
}

impl FieldKind {
    /// Whether a value may be put into the field. `null` empties any field.
    ///
    /// # Errors
    /// [`Misfit`] says what the field takes instead.
    pub fn takes(&self, value: &Value) -> Result<(), Misfit> {
        match (self, value) {
            (_, Value::Null)
            | (FieldKind::Plain(FieldWord::Text), Value::Text(_))
            | (FieldKind::Plain(FieldWord::Number), Value::Whole(_) | Value::Number(_))
            | (FieldKind::Plain(FieldWord::Boolean), Value::Flag(_)) => Ok(()),
            (FieldKind::Plain(FieldWord::Date), Value::Text(text)) if text.parse::<Date>().is_ok() => Ok(()),
            (FieldKind::Plain(word), _) => Err(Misfit::OtherKind(*word)),
            (FieldKind::Options(options), value) => {
                let text = value.to_string();
                if options.contains(&text) { Ok(()) } else { Err(Misfit::NoOption(options.clone())) }
            }
        }
    }
}
