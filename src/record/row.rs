//! Records as rows of a table or as objects: cells become values of the kinds that their fields have.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::shape::Value;
use crate::text::suggest;
use crate::time::Date;

use super::{FieldKind, FieldWord, Misfit, RecordKey, RecordType, RecordUpdate, Said};

/// Columns that speak of the record itself, declared or not.
const OF_EVERY_RECORD: [&str; 3] = ["id", "name", "owner"];
/// Columns that say whether it is still worked on, unless fields of these names are declared.
const OPEN_OR_CLOSED: [&str; 2] = ["open", "closed"];

/// What the columns of a table mean for records of one type.
#[derive(Clone, Debug)]
pub struct Header<'t> {
    record_type: String,
    declared: Option<&'t BTreeMap<String, FieldKind>>,
    columns: Vec<Column<'t>>,
}

/// What a column means.
#[derive(Clone, Debug, PartialEq)]
enum Column<'t> {
    Id,
    Name,
    Owner,
    Open,
    Closed,
    Field(String, Option<&'t FieldKind>),
}

/// Why a column cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadColumn {
    /// No column is called `id`.
    NoId {
        /// The column that is called so but for its letters.
        near: Option<String>,
    },
    /// A column has no name.
    NoName {
        /// Which one, from 1.
        place: usize,
    },
    /// The record type declares its fields, and this is none.
    Unknown {
        /// The column's name.
        name: String,
        /// The record type.
        record_type: String,
        /// The field that was probably meant.
        suggestion: Option<String>,
    },
    /// Two columns mean the same.
    Twice {
        /// The name of the second.
        name: String,
    },
}

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadCell {
    /// The column's name.
    pub column: String,
    /// What stands there, and what should.
    pub problem: String,
}

impl fmt::Display for BadColumn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadColumn::NoId { near: None } => formatter.write_str("no column is called `id`, which names each record"),
            BadColumn::NoId { near: Some(near) } => {
                write!(formatter, "no column is called `id`, which names each record; write `{near}` in small letters")
            }
            BadColumn::NoName { place } => write!(formatter, "column {place} has no name"),
            BadColumn::Unknown { name, record_type, suggestion: Some(near) } => {
                write!(formatter, "a record of type `{record_type}` has no field `{name}`; did you mean `{near}`?")
            }
            BadColumn::Unknown { name, record_type, suggestion: None } => write!(
                formatter,
                "a record of type `{record_type}` has no field `{name}`; declare it under `record_types.{record_type}.fields` \
                 in segue.yaml, or leave the column out"
            ),
            BadColumn::Twice { name } => write!(formatter, "column `{name}` says again what another column says"),
        }
    }
}

impl fmt::Display for BadCell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`: {}", self.column, self.problem)
    }
}

impl<'t> Header<'t> {
    /// Takes the names of a table's columns. `declared` is what settings say of the record type.
    ///
    /// # Errors
    /// All columns that cannot be taken.
    pub fn read<'n>(
        record_type: &str,
        declared: Option<&'t RecordType>,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<Self, Vec<BadColumn>> {
        let mut header = Self::of(record_type, declared);
        let (mut problems, mut seen, mut near) = (Vec::new(), BTreeSet::new(), None);
        for (index, name) in names.into_iter().map(str::trim).enumerate() {
            if name.eq_ignore_ascii_case("id") {
                near.get_or_insert_with(|| name.to_owned());
            }
            match header.column(name) {
                _ if name.is_empty() => problems.push(BadColumn::NoName { place: index + 1 }),
                Err(problem) => problems.push(problem),
                Ok(column) => {
                    // `open` and `closed` say the same thing.
                    let says = if column == Column::Closed { "open" } else { name };
                    if !seen.insert(says.to_owned()) {
                        problems.push(BadColumn::Twice { name: name.to_owned() });
                    }
                    header.columns.push(column);
                }
            }
        }
        if !seen.contains("id") {
            problems.insert(0, BadColumn::NoId { near });
        }
        if problems.is_empty() { Ok(header) } else { Err(problems) }
    }

    /// What is known without columns, for objects that each bring their own.
    pub fn of(record_type: &str, declared: Option<&'t RecordType>) -> Self {
        let declared = declared.and_then(|declared| declared.fields.as_ref());
        Self { record_type: record_type.to_owned(), declared, columns: Vec::new() }
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// What a row says about its record: one cell for each column, in their order. An empty cell says that there is no value.
    ///
    /// # Errors
    /// All cells that do not fit their columns.
    pub fn row<'c>(&self, cells: impl IntoIterator<Item = &'c str>) -> Result<RecordUpdate, Vec<BadCell>> {
        let cells = cells.into_iter().map(|cell| Said::of(Cell::Text(cell), !cell.trim().is_empty()));
        self.update(self.columns.iter().zip(cells))
    }

    /// What an object says about its record. A name that is missing says nothing, `null` that there is no value.
    ///
    /// # Errors
    /// All values that do not fit their names.
    pub fn object(&self, object: &serde_json::Map<String, serde_json::Value>) -> Result<RecordUpdate, Vec<BadCell>> {
        let column = |name: &String| match self.column(name) {
            Ok(column) => Ok(column),
            Err(problem) => Err(BadCell { column: name.clone(), problem: problem.to_string() }),
        };
        let columns: Vec<_> = object.keys().map(column).collect();
        if columns.iter().any(Result::is_err) {
            return Err(columns.into_iter().filter_map(Result::err).collect());
        }
        let columns: Vec<Column<'_>> = columns.into_iter().flatten().collect();
        let cells = object.values().map(|value| Said::of(Cell::Json(value), !value.is_null()));
        self.update(columns.iter().zip(cells))
    }

    fn column(&self, name: &str) -> Result<Column<'t>, BadColumn> {
        let kind = self.declared.and_then(|declared| declared.get(name));
        match name {
            "id" => Ok(Column::Id),
            "name" => Ok(Column::Name),
            "owner" => Ok(Column::Owner),
            "open" if kind.is_none() => Ok(Column::Open),
            "closed" if kind.is_none() => Ok(Column::Closed),
            _ if kind.is_some() || self.declared.is_none() => Ok(Column::Field(name.to_owned(), kind)),
            _ => Err(self.unknown(name)),
        }
    }

    fn unknown(&self, name: &str) -> BadColumn {
        let fields = self.declared.into_iter().flat_map(BTreeMap::keys).map(String::as_str);
        let suggestion = suggest(name, fields.chain(OF_EVERY_RECORD).chain(OPEN_OR_CLOSED)).map(str::to_owned);
        BadColumn::Unknown { name: name.to_owned(), record_type: self.record_type.clone(), suggestion }
    }

    fn update<'c, 'a>(&self, cells: impl Iterator<Item = (&'a Column<'t>, Said<Cell<'c>>)>) -> Result<RecordUpdate, Vec<BadCell>>
    where
        't: 'a,
    {
        let key = RecordKey { record_type: self.record_type.clone(), id: String::new() };
        let mut update = RecordUpdate { key, name: Said::Nothing, owner: Said::Nothing, is_open: None, fields: BTreeMap::new() };
        let mut problems = Vec::new();
        for (column, cell) in cells {
            if let Err(problem) = column.put(cell, &mut update) {
                problems.push(BadCell { column: column.name().to_owned(), problem });
            }
        }
        if update.key.id.is_empty() && !problems.iter().any(|problem| problem.column == "id") {
            problems.insert(0, BadCell { column: "id".to_owned(), problem: "the record has no id".to_owned() });
        }
        if problems.is_empty() { Ok(update) } else { Err(problems) }
    }
}

/// One value of a row, as it was written.
#[derive(Clone, Copy, Debug)]
enum Cell<'c> {
    Text(&'c str),
    Json(&'c serde_json::Value),
}

impl<T> Said<T> {
    fn of(value: T, has_value: bool) -> Self {
        if has_value { Said::Value(value) } else { Said::Empty }
    }
}

impl Column<'_> {
    fn name(&self) -> &str {
        match self {
            Column::Id => "id",
            Column::Name => "name",
            Column::Owner => "owner",
            Column::Open => "open",
            Column::Closed => "closed",
            Column::Field(name, _) => name,
        }
    }

    fn put(&self, cell: Said<Cell<'_>>, update: &mut RecordUpdate) -> Result<(), String> {
        let cell = match cell {
            Said::Nothing => return Ok(()),
            Said::Empty => None,
            Said::Value(cell) => Some(cell),
        };
        match self {
            Column::Id => update.key.id = cell.map(Cell::id).transpose()?.unwrap_or_default(),
            Column::Name => update.name = cell.map(Cell::label).transpose()?.map_or(Said::Empty, Said::Value),
            Column::Owner => update.owner = cell.map(Cell::label).transpose()?.map_or(Said::Empty, Said::Value),
            Column::Open => update.is_open = cell.map(Cell::flag).transpose()?,
            Column::Closed => update.is_open = cell.map(Cell::flag).transpose()?.map(|is_closed| !is_closed),
            Column::Field(name, kind) => {
                let value = cell.map(|cell| cell.value(*kind)).transpose()?.unwrap_or(Value::Null);
                update.fields.insert(name.clone(), value);
            }
        }
        Ok(())
    }
}

impl Cell<'_> {
    fn id(self) -> Result<String, String> {
        let id = self.label()?;
        if id.contains(char::is_control) { Err("an id holds no control characters".to_owned()) } else { Ok(id) }
    }

    /// Text that names something: the blanks around it are nobody's.
    fn label(self) -> Result<String, String> {
        match self {
            Cell::Text(text) => Ok(text.trim().to_owned()),
            Cell::Json(serde_json::Value::String(text)) => Ok(text.trim().to_owned()),
            Cell::Json(serde_json::Value::Number(number)) => Ok(number.to_string()),
            Cell::Json(value) => Err(format!("{} is no text", shown(&value.to_string()))),
        }
    }

    fn flag(self) -> Result<bool, String> {
        match self {
            Cell::Text(text) => flag(text).ok_or_else(|| format!("{} is neither `true` nor `false`", shown(text))),
            Cell::Json(serde_json::Value::Bool(flag)) => Ok(*flag),
            Cell::Json(value) => Err(format!("{} is neither `true` nor `false`", shown(&value.to_string()))),
        }
    }

    fn value(self, kind: Option<&FieldKind>) -> Result<Value, String> {
        match self {
            Cell::Text(text) => from_text(text, kind),
            Cell::Json(value) => {
                let value = from_json(value)?;
                match kind.map_or(Ok(()), |kind| kind.takes(&value)) {
                    Ok(()) => Ok(value),
                    Err(misfit) => Err(words(&misfit, &value.to_string())),
                }
            }
        }
    }
}

/// The value of a cell of a table, where everything is text. Undeclared, it stays so: nobody knows whether `0049` is a number.
fn from_text(text: &str, kind: Option<&FieldKind>) -> Result<Value, String> {
    let word = text.trim();
    let misfit = |word: FieldWord| words(&Misfit::OtherKind(word), text);
    match kind {
        None | Some(FieldKind::Plain(FieldWord::Text)) => Ok(Value::Text(text.to_owned())),
        Some(FieldKind::Plain(FieldWord::Number)) => number(word).ok_or_else(|| misfit(FieldWord::Number)),
        Some(FieldKind::Plain(FieldWord::Boolean)) => flag(word).map(Value::Flag).ok_or_else(|| misfit(FieldWord::Boolean)),
        Some(FieldKind::Plain(FieldWord::Date)) => match word.parse::<Date>() {
            Ok(date) => Ok(Value::Text(date.to_string())),
            Err(_) => Err(misfit(FieldWord::Date)),
        },
        Some(kind @ FieldKind::Options(_)) => {
            let value = Value::Text(word.to_owned());
            kind.takes(&value).map(|()| value).map_err(|misfit| words(&misfit, text))
        }
    }
}

fn from_json(value: &serde_json::Value) -> Result<Value, String> {
    match value {
        serde_json::Value::Null => Ok(Value::Null),
        serde_json::Value::Bool(flag) => Ok(Value::Flag(*flag)),
        serde_json::Value::String(text) => Ok(Value::Text(text.clone())),
        serde_json::Value::Number(number) => {
            let value = number.as_i64().map(Value::Whole).or_else(|| number.as_f64().map(Value::Number));
            value.ok_or_else(|| format!("{} is no number that can be kept", shown(&number.to_string())))
        }
        serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
            Err("a field holds a single value, no list and no object".to_owned())
        }
    }
}

fn number(text: &str) -> Option<Value> {
    let is_written_out = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    if let Ok(number) = text.parse() {
        return Some(Value::Whole(number));
    }
    // What Rust also reads, like `inf` and `nan`, is no number of a table.
    text.parse().ok().filter(|number: &f64| is_written_out && number.is_finite()).map(Value::Number)
}

/// `true` and `false`, as spreadsheets write them too.
fn flag(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

fn words(misfit: &Misfit, text: &str) -> String {
    let text_shown = shown(text);
    match misfit {
        Misfit::NoOption(options) => match suggest(text, options.iter().map(String::as_str)) {
            Some(near) => format!("{text_shown} is no option; did you mean `{near}`?"),
            None => format!("{text_shown} is no option; write one of `{}`", options.join("`, `")),
        },
        Misfit::OtherKind(FieldWord::Text) => format!("{text_shown} is no text"),
        Misfit::OtherKind(FieldWord::Number) => format!("{text_shown} is no number; write it like `1200` or `0.5`"),
        Misfit::OtherKind(FieldWord::Boolean) => format!("{text_shown} is neither `true` nor `false`"),
        Misfit::OtherKind(FieldWord::Date) => format!("{text_shown} is no day; write it like `2026-12-24`"),
    }
}

/// What was written, cut where it is long.
fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let text = text.trim().replace(['\r', '\n'], " ");
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("`{}...`", &text[..end]),
        None => format!("`{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead() -> RecordType {
        let plain = |word| FieldKind::Plain(word);
        let fields = [
            ("name", plain(FieldWord::Text)),
            ("phone", plain(FieldWord::Text)),
            ("employees", plain(FieldWord::Number)),
            ("enterprise", plain(FieldWord::Boolean)),
            ("met", plain(FieldWord::Date)),
            ("rating", FieldKind::Options(["cold", "warm", "hot"].map(str::to_owned).to_vec())),
        ];
        let fields = fields.map(|(name, kind)| (name.to_owned(), kind)).into();
        RecordType { fields: Some(fields), stages: None }
    }

    fn row(names: &[&str], cells: &[&str]) -> Result<RecordUpdate, Vec<String>> {
        let declared = lead();
        let header = Header::read("lead", Some(&declared), names.iter().copied()).expect("a good header");
        header.row(cells.iter().copied()).map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    fn bad_columns(names: &[&str]) -> Vec<String> {
        let problems = Header::read("lead", Some(&lead()), names.iter().copied()).expect_err("a bad header");
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn cells_get_the_kinds_of_their_fields() {
        let names = [" id ", "name", "owner", "closed", "phone", "employees", "enterprise", "met", "rating"];
        let update = row(&names, &[" 7 ", "Ana ", "", "FALSE", "0049", " 40", "Yes", "2026-12-24", "warm "]).expect("good");
        let field = |name: &str| update.fields[name].clone();
        assert_eq!((update.key.id.as_str(), &update.name, &update.owner), ("7", &Said::Value("Ana".into()), &Said::Empty));
        assert_eq!(update.is_open, Some(true));
        assert_eq!([field("phone"), field("employees")], [Value::Text("0049".into()), Value::Whole(40)]);
        assert_eq!([field("enterprise"), field("rating")], [Value::Flag(true), Value::Text("warm".into())]);
        let update = row(&["id", "rating", "employees"], &["7", " ", "-1.5e3"]).expect("good");
        assert_eq!(update.fields.into_values().collect::<Vec<_>>(), [Value::Number(-1500.0), Value::Null]);
        assert_eq!((update.name, update.is_open), (Said::Nothing, None));
    }

    #[test]
    fn every_bad_cell_is_told_with_what_would_be_good() {
        let names = ["id", "employees", "enterprise", "met", "rating", "open"];
        let problems = row(&names, &["", "inf", "maybe", "24.12.2026", "Warm", "?"]).expect_err("bad");
        let expected = [
            "`id`: the record has no id",
            "`employees`: `inf` is no number; write it like `1200` or `0.5`",
            "`enterprise`: `maybe` is neither `true` nor `false`",
            "`met`: `24.12.2026` is no day; write it like `2026-12-24`",
            "`rating`: `Warm` is no option; did you mean `warm`?",
            "`open`: `?` is neither `true` nor `false`",
        ];
        assert_eq!(problems, expected);
        assert_eq!(
            row(&["id", "rating"], &["1", "mild"]),
            Err(vec!["`rating`: `mild` is no option; write one of `cold`, `warm`, `hot`".to_owned()])
        );
        assert_eq!(row(&["id"], &["a\u{7}b"]), Err(vec!["`id`: an id holds no control characters".to_owned()]));
    }

    #[test]
    fn every_bad_column_is_told_once() {
        let problems = bad_columns(&["name", "ratng", "", "shoe", "name", "open", "closed"]);
        let expected = [
            "no column is called `id`, which names each record",
            "a record of type `lead` has no field `ratng`; did you mean `rating`?",
            "column 3 has no name",
            "a record of type `lead` has no field `shoe`; declare it under `record_types.lead.fields` in segue.yaml, or leave \
             the column out",
            "column `name` says again what another column says",
            "column `closed` says again what another column says",
        ];
        assert_eq!(problems, expected);
    }

    #[test]
    fn undeclared_fields_are_taken_as_they_are() {
        let header = Header::read("ticket", None, ["id", "size"]).expect("any column");
        let update = header.row(["1", " 42 "]).expect("any cell");
        assert_eq!(update.fields["size"], Value::Text(" 42 ".into()));
        let object = serde_json::from_str(r#"{"id": 7, "size": 42, "ratio": 0.5, "none": null}"#).expect("JSON");
        let update = Header::of("ticket", None).object(&object).expect("any value");
        let values: Vec<Value> = update.fields.into_values().collect();
        assert_eq!((update.key.id.as_str(), values), ("7", vec![Value::Null, Value::Number(0.5), Value::Whole(42)]));
    }

    #[test]
    fn objects_are_held_to_what_is_declared() {
        let declared = lead();
        let header = Header::of("lead", Some(&declared));
        let object = serde_json::from_str(r#"{"employees": "40", "met": "2026-12-24", "rating": ["warm"]}"#).expect("JSON");
        let problems = header.object(&object).expect_err("bad");
        let expected = [
            "`id`: the record has no id",
            "`employees`: `40` is no number; write it like `1200` or `0.5`",
            "`rating`: a field holds a single value, no list and no object",
        ];
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
        let object = serde_json::from_str(r#"{"id": "1", "raating": "warm"}"#).expect("JSON");
        let problems = header.object(&object).expect_err("bad");
        assert!(problems[0].problem.contains("did you mean `rating`?"), "{problems:?}");
    }
}
