//! What was done, in words and as JSON: operations, and the changes that each made.

use serde_json::{Value as Json, json};

use crate::lifecycle::Verb;
use crate::operation::{FileChange, RESTORE};
use crate::outside::store::{EventKind, EventLine, OperationLine};
use crate::record::RecordKey;
use crate::sequence::{SequenceId, State};

/// An operation as JSON, with how much it changed.
pub fn operation_json(line: &OperationLine) -> Json {
    json!({
        "number": line.number,
        "at": line.at.to_string(),
        "actor": line.actor,
        "what": line.what,
        "message": line.message,
        "files": line.files,
        "records": line.records,
        "changes": line.events,
        "undone_by": line.undone_by,
    })
}

/// What an operation did to a file.
pub fn change_of(file: &FileChange) -> &'static str {
    match (&file.before, &file.after) {
        (None, Some(_)) => "created",
        (Some(_), Some(_)) => "edited",
        (_, None) => "deleted",
    }
}

/// A change in words.
pub fn event_words(event: &EventLine) -> String {
    let sequence = event.sequence.as_ref().map_or_else(String::new, |sequence| format!("`{sequence}`"));
    let record = event.record.as_ref().map_or_else(String::new, name);
    let at = event.step.as_ref().map_or_else(String::new, |step| format!(" at `{step}`"));
    let version = event.version.map_or_else(String::new, |version| format!("version {version}"));
    let word = event.word.as_deref().unwrap_or_default();
    let behind =
        event.detail.as_deref().filter(|detail| !detail.is_empty()).map_or_else(String::new, |detail| format!(": {detail}"));
    match event.kind {
        EventKind::Published => format!("published {version} of {sequence}{behind}"),
        EventKind::Served => match event.before {
            Some(before) if before.word() != word => format!("{sequence} became {word}, and was {before}"),
            Some(_) | None => format!("{sequence} became {word}"),
        },
        EventKind::Deleted => match event.before {
            Some(before) => format!("deleted {sequence}, which was {before}"),
            None => format!("deleted {sequence}"),
        },
        EventKind::Renamed => format!("renamed `{}` to `{word}`", event.detail.as_deref().unwrap_or_default()),
        EventKind::Noted => format!("{} {sequence}{behind}", past(word)),
        EventKind::Connected => format!("connected {record} to {version} of {sequence}{at}"),
        EventKind::Ended => format!("ended the way of {record} through {version} of {sequence}{at}: {word}"),
        EventKind::Resumed => format!("{record} goes on in {version} of {sequence}{at}"),
        EventKind::Undeleted => format!("{sequence} is there again, inactive"),
        EventKind::Undid => match event.undoes {
            Some(number) => format!("undid operation {number}"),
            None => "undid an operation".to_owned(),
        },
        EventKind::Purged => format!("nothing is kept of what was done to `{}`", event.detail.as_deref().unwrap_or_default()),
        EventKind::RecordAdded => format!("took in {record}"),
        EventKind::RecordChanged => format!("changed {record}"),
        EventKind::RecordClosed => format!("closed {record}"),
        EventKind::RecordReopened => format!("opened {record} again"),
    }
}

fn name(record: &RecordKey) -> String {
    format!("{} `{}`", record.record_type, record.id)
}

/// What was done by a verb. Others than those of the table are told as they are noted.
fn past(word: &str) -> &str {
    match Verb::from_word(word) {
        None if word == "undo" => "brought back",
        None if word == RESTORE => "restored",
        None => word,
        Some(Verb::New) => "created",
        Some(Verb::Clone) => "cloned",
        Some(Verb::Edit) => "edited",
        Some(Verb::ChangeRecordType) => "gave another record type to",
        Some(Verb::Assign) => "assigned",
        Some(Verb::Tag) => "tagged",
        Some(Verb::Untag) => "untagged",
        Some(Verb::Rename) => "renamed",
        Some(Verb::Activate) => "activated",
        Some(Verb::Revise) => "began a revision of",
        Some(Verb::Discard) => "threw the revision away of",
        Some(Verb::Deactivate) => "deactivated",
        Some(Verb::Connect) => "connected to",
        Some(Verb::Disconnect) => "disconnected from",
        Some(Verb::Delete) => "deleted",
    }
}

/// A change as JSON: what its kind speaks of, and nothing that would be `null`.
pub fn event_json(event: &EventLine) -> Json {
    let all = json!({
        "kind": event.kind.word(),
        "record_type": event.record.as_ref().map(|record| &record.record_type),
        "record": event.record.as_ref().map(|record| &record.id),
        "sequence": event.sequence.as_ref().map(SequenceId::as_str),
        "version": event.version,
        "run": event.run,
        "step": event.step,
        "word": event.word,
        "before": event.before.map(State::word),
        "detail": event.detail,
        "undoes": event.undoes,
    });
    match all {
        Json::Object(keys) => Json::Object(keys.into_iter().filter(|(_, value)| !value.is_null()).collect()),
        other => other,
    }
}
