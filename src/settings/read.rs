//! From the span tree to settings.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::record::{FieldKind, FieldWord, RecordType};
use crate::shape::{Fields, Reader, TableEntry, rules};
use crate::text::{Located, Source, suggest};
use crate::time::{BadHours, Calendar, Date, Hours, TimeZone, Weekday, time_zone, time_zone_names, weekday};
use crate::yaml::{Content, Node, Tree};

use super::table::{CALENDAR, MAX_NAME, OPTION_SET, PERSON, RECORD_TYPE, SETTINGS};
use super::{Level, Limits, NEWEST_FORMAT, Person, Role, Rule, Settings, UndeclaredActor};

/// Reads a settings file's tree. What cannot be read counts as not said.
pub fn read(source: &Source, tree: &Tree<'_>) -> (Settings, Vec<Diagnostic>) {
    let mut reader = Reader::new(source);
    let settings = match &tree.root {
        Some(root) if !root.is_empty() => read_root(&mut reader, root),
        Some(_) | None => Settings::default(),
    };
    let findings = reader.finish();
    // A newer format is a file that was not read; so is one that holds no mapping.
    let is_read = tree.root.as_ref().is_none_or(|root| root.is_empty() || root.as_mapping().is_some());
    let unread = |finding: &Diagnostic| matches!(finding.code, Code::UnsupportedFormat | Code::WrongType | Code::UnknownValue);
    let is_whole = tree.problems.is_empty() && is_read && !findings.iter().any(unread);
    (Settings { file: source.path().clone(), is_whole, ..settings }, findings)
}

fn read_root(reader: &mut Reader<'_>, root: &Node<'_>) -> Settings {
    if let Some(problem) = unsupported_format(reader.source(), root) {
        reader.report(problem);
        return Settings::default();
    }
    let Some(fields) = reader.fields(root, &SETTINGS) else { return Settings::default() };
    let defaults = Settings::default();
    fields.whole(reader, "format");
    let undeclared = fields.word(reader, "undeclared_actor").and_then(|word| UndeclaredActor::from_word(word.value));
    Settings {
        record_types: read_table(reader, &fields, "record_types", read_record_type),
        call_results: read_words(reader, &fields, "call_results"),
        people: read_table(reader, &fields, "people", read_person),
        undeclared_actor: undeclared.unwrap_or(defaults.undeclared_actor),
        calendars: read_table(reader, &fields, "calendars", read_calendar).unwrap_or_default(),
        calendar: fields.text(reader, "calendar"),
        skip_non_working_days: fields.flag(reader, "skip_non_working_days").is_some_and(|flag| flag.value),
        limits: fields.fields(reader, "limits").map(|limits| read_limits(reader, &limits)).unwrap_or_default(),
        rules: read_rules(reader, &fields),
        templates: read_words(reader, &fields, "templates"),
        store: fields.text(reader, "store"),
        file: defaults.file,
        is_whole: defaults.is_whole,
    }
}

/// A format above what we know is refused whole, before its unknown keys are complained of.
fn unsupported_format(source: &Source, root: &Node<'_>) -> Option<Diagnostic> {
    let value = &root.as_mapping()?.entry("format")?.value;
    let format: i64 = value.as_scalar()?.text.parse().ok()?;
    (format > NEWEST_FORMAT).then(|| rules::unsupported_format::unsupported_format(source, value.span, format, NEWEST_FORMAT))
}

fn read_words(reader: &mut Reader<'_>, fields: &Fields<'_, '_>, key: &str) -> Vec<String> {
    fields.texts(reader, key).unwrap_or_default().into_iter().map(|word| word.value).collect()
}

fn read_table<T>(
    reader: &mut Reader<'_>,
    fields: &Fields<'_, '_>,
    key: &str,
    read: fn(&mut Reader<'_>, &Node<'_>) -> T,
) -> Option<BTreeMap<String, T>> {
    let entries = fields.table(reader, key)?;
    Some(entries.into_iter().map(|entry| (entry.key.value, read(reader, entry.value))).collect())
}

fn read_rules(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Vec<Rule> {
    let entries = fields.table(reader, "rules").unwrap_or_default();
    let rule = |entry: TableEntry<'_, '_>| {
        let level = reader.word(entry.value, Level::WORDS).and_then(|word| Level::from_word(word.value))?;
        Some(Rule { code: entry.key, level })
    };
    entries.into_iter().filter_map(rule).collect()
}

fn read_record_type(reader: &mut Reader<'_>, node: &Node<'_>) -> RecordType {
    if node.is_empty() {
        return RecordType::default();
    }
    let Some(fields) = reader.fields(node, &RECORD_TYPE) else { return RecordType::default() };
    RecordType {
        fields: read_table(reader, &fields, "fields", read_field),
        stages: read_table(reader, &fields, "stages", read_stages),
    }
}

fn read_field(reader: &mut Reader<'_>, node: &Node<'_>) -> FieldKind {
    if matches!(node.content, Content::Mapping(_)) {
        let fields = reader.fields(node, &OPTION_SET);
        return FieldKind::Options(fields.map(|fields| read_words(reader, &fields, "options")).unwrap_or_default());
    }
    let word = reader.word(node, FieldWord::WORDS).and_then(|word| FieldWord::from_word(word.value));
    FieldKind::Plain(word.unwrap_or(FieldWord::Text))
}

fn read_person(reader: &mut Reader<'_>, node: &Node<'_>) -> Person {
    let Some(fields) = reader.fields(node, &PERSON) else { return Person::default() };
    let roles = fields.texts(reader, "roles").unwrap_or_default();
    Person {
        roles: roles.iter().filter_map(|role| Role::from_word(&role.value)).collect(),
        calendar: fields.text(reader, "calendar"),
    }
}

fn read_limits(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Limits {
    let defaults = Limits::default();
    let mut whole = |key: &str, otherwise: u32| {
        fields.whole(reader, key).and_then(|number| u32::try_from(number.value).ok()).unwrap_or(otherwise)
    };
    Limits {
        active_sequences: whole("active_sequences", defaults.active_sequences),
        activities: whole("activities", defaults.activities),
        tags_per_level: whole("tags_per_level", defaults.tags_per_level),
        wait: fields.pause(reader, "wait").map_or(defaults.wait, |wait| wait.value),
    }
}

/// A calendar as declared; what is left out is a usual working week.
fn read_calendar(reader: &mut Reader<'_>, node: &Node<'_>) -> Calendar {
    let working_week = Calendar {
        days: vec![Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday],
        hours: Hours(8 * 60..17 * 60),
        ..Calendar::default()
    };
    let Some(fields) = reader.fields(node, &CALENDAR) else { return working_week };
    let zone = fields.text(reader, "time_zone").and_then(|name| read_zone(reader, &name));
    let days = fields.texts(reader, "days").map(|days| days.iter().filter_map(|day| weekday(&day.value)).collect());
    let hours = fields.text(reader, "hours").and_then(|text| read_hours(reader, &text));
    Calendar {
        zone: zone.unwrap_or(working_week.zone),
        days: days.unwrap_or(working_week.days),
        hours: hours.unwrap_or(working_week.hours),
        holidays: read_holidays(reader, &fields),
    }
}

fn read_zone(reader: &mut Reader<'_>, name: &Located<String>) -> Option<TimeZone> {
    let zone = time_zone(&name.value);
    if zone.is_none() && !reader.is_full(Code::UnknownValue) {
        let names: Vec<String> = time_zone_names().collect();
        let message = format!("there is no time zone `{}`", name.value);
        let problem = Diagnostic::new(Code::UnknownValue, reader.source().at(name.span), message)
            .did_you_mean(suggest(&name.value, names.iter().map(String::as_str)))
            .help("write an IANA name like `Europe/Madrid`");
        reader.report(problem);
    }
    zone
}

fn read_hours(reader: &mut Reader<'_>, text: &Located<String>) -> Option<Hours> {
    let bad = match Hours::parse(&text.value) {
        Ok(hours) => return Some(hours),
        Err(bad) => bad,
    };
    let message = match bad {
        BadHours::Form => format!("`{}` is no working hours", text.value),
        BadHours::Order => format!("`{}` ends before it starts", text.value),
    };
    let problem = Diagnostic::new(Code::BadDate, reader.source().at(text.span), message).help("write them like `08:00-17:00`");
    reader.report(problem);
    None
}

fn read_holidays(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> BTreeSet<Date> {
    let Some(node) = fields.node("holidays") else { return BTreeSet::new() };
    let Some(items) = reader.items(node, "a list") else { return BTreeSet::new() };
    items.nodes.iter().filter_map(|item| reader.date(item)).map(|date| date.value).collect()
}

fn read_stages(reader: &mut Reader<'_>, node: &Node<'_>) -> Vec<String> {
    let Some(items) = reader.items(node, "a list") else { return Vec::new() };
    items.nodes.iter().filter_map(|node| reader.text(node, MAX_NAME)).map(|text| text.value).collect()
}
