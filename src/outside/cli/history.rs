//! `segue history`: what was done, one operation with all its changes, or the versions of a sequence.

use std::io::{self, Write};
use std::ops::ControlFlow;

use serde_json::{Map, Value as Json, json};

use crate::operation::{Changes, Facts, FileChange, Refusal, Staging, unknown_operation};
use crate::outside::report::{
    self, Align, Terminal, change_of, event_json, event_words, json_document, json_line, line_counts, operation_json,
};
use crate::outside::store::{EventLine, OperationLine, Store, VersionLine, Wanted};
use crate::sequence::{SequenceId, State};
use crate::time::Instant;

use super::arguments::{Arguments, Format, History};
use super::desk::tell_refusal;
use super::long::{self, Look};
use super::open::{Beside, open};
use super::records::store;
use super::screen::Screen;
use super::{Exit, complain, unless_closed};

pub(super) fn run(arguments: &Arguments, command: &History, screen: &Screen) -> anyhow::Result<Exit> {
    let store = store(arguments)?;
    match (&command.sequence, command.operation) {
        (Some(sequence), _) => versions(arguments, store.as_ref(), sequence, command.format, screen),
        (None, Some(number)) => operation(store.as_ref(), number, command, screen),
        (None, None) => operations(store.as_ref(), command, screen),
    }
}

fn operations(store: Option<&Store>, command: &History, screen: &Screen) -> anyhow::Result<Exit> {
    let now = command.now.unwrap_or_else(Instant::now);
    let since = command.since.as_ref().map(|since| since.instant(now));
    let sequence = command.of.as_deref().map(SequenceId::parse);
    let columns = [
        ("NUMBER", Align::Right),
        ("WHEN", Align::Whole),
        ("ACTOR", Align::Left),
        ("FILES", Align::Right),
        ("RECORDS", Align::Right),
        ("WHAT", Align::Left),
        ("MESSAGE", Align::Left),
    ];
    let look = Look { key: "operations", columns: &columns, cells: &cells, json: &operation_json };
    let rows = long::print(screen, command.format, &look, |show| match (store, &sequence) {
        // What is no id names no sequence, and where nothing was written nothing was done.
        (None, _) | (_, Some(None)) => Ok(()),
        (Some(store), sequence) => {
            let sequence = sequence.as_ref().and_then(Option::as_ref);
            let wanted = Wanted { before: command.before, since, actor: command.by.as_deref(), sequence };
            store.each_operation(&wanted, command.limit, show)
        }
    })?;
    if rows == 0 && command.format == Format::Human {
        complain(none(store)?);
    }
    Ok(Exit::Fine)
}

fn none(store: Option<&Store>) -> anyhow::Result<&'static str> {
    let is_empty = store.map_or(Ok(true), |store| store.operations(None, 1).map(|operations| operations.is_empty()))?;
    Ok(if is_empty { "nothing was done yet: whatever changes something is noted here" } else { "no operation is like that" })
}

fn cells(line: &OperationLine) -> Vec<String> {
    let what = match line.undone_by {
        None => line.what.clone(),
        Some(number) => format!("{} (undone by {number})", line.what),
    };
    let counts = [line.number, line.files.cast_signed(), line.records.cast_signed()].map(|count| count.to_string());
    let [number, files, records] = counts;
    let message = line.message.clone().unwrap_or_else(|| "-".to_owned());
    vec![number, minute(line.at), line.actor.clone(), files, records, what, message]
}

/// The minute of an instant, in UTC.
fn minute(instant: Instant) -> String {
    instant.strftime("%Y-%m-%d %H:%M").to_string()
}

fn operation(store: Option<&Store>, number: i64, command: &History, screen: &Screen) -> anyhow::Result<Exit> {
    let Some(store) = store else { return Ok(refuse(&unknown_operation(number), screen)) };
    store.at_one_moment(|store| match store.operation(number)? {
        None => Ok(refuse(&unknown_operation(number), screen)),
        Some(line) => {
            let files = store.files_of(number)?;
            let print = |out: &mut dyn Write| match command.format {
                Format::Json => write_json(out, store, (&line, &files), command),
                Format::Human => write_words(out, store, (&line, &files), command, screen),
            };
            unless_closed(screen.print(print))?;
            Ok(Exit::Fine)
        }
    })?
}

fn refuse(refusal: &Refusal, screen: &Screen) -> Exit {
    tell_refusal(refusal, &|_| None, screen);
    Exit::Errors
}

fn write_words(
    out: &mut dyn Write,
    store: &Store,
    (line, files): (&OperationLine, &[FileChange]),
    command: &History,
    screen: &Screen,
) -> io::Result<()> {
    let mut rows = vec![
        ("operation", line.number.to_string()),
        ("what", line.what.clone()),
        ("actor", line.actor.clone()),
        ("when", line.at.to_string()),
    ];
    rows.extend(line.message.clone().map(|message| ("message", message)));
    rows.extend(line.undone_by.map(|number| ("undone by", number.to_string())));
    report::properties(out, &rows, screen.terminal())?;
    if !files.is_empty() || line.events > 0 {
        writeln!(out)?;
    }
    for file in files {
        let (added, removed) = line_counts(file);
        let lines = match change_of(file) {
            "edited" => format!(", {added} lines more and {removed} less").replace(" 1 lines", " 1 line"),
            _ => String::new(),
        };
        writeln!(out, "{}", report::clean(&format!("{} {}{lines}", change_of(file), file.path)))?;
    }
    each_event(store, line.number, |event| writeln!(out, "{}", report::clean(&event_words(event))))?;
    if command.diff && !files.is_empty() {
        writeln!(out)?;
        report::changes(out, &only(files), screen.terminal())?;
    }
    Ok(())
}

fn write_json(
    out: &mut dyn Write,
    store: &Store,
    (line, files): (&OperationLine, &[FileChange]),
    command: &History,
) -> io::Result<()> {
    let file_json = |file: &FileChange| -> io::Result<Json> {
        let (added, removed) = line_counts(file);
        let mut object = Map::from_iter([
            ("path".to_owned(), json!(file.path.as_str())),
            ("change".to_owned(), json!(change_of(file))),
            ("added".to_owned(), json!(added)),
            ("removed".to_owned(), json!(removed)),
        ]);
        if command.diff {
            let mut text = Vec::new();
            report::changes(&mut text, &only(std::slice::from_ref(file)), Terminal::PLAIN)?;
            object.insert("diff".to_owned(), json!(String::from_utf8_lossy(&text)));
        }
        Ok(Json::Object(object))
    };
    let mut head = Map::from_iter([("format_version".to_owned(), json!("1.0"))]);
    if let Json::Object(keys) = operation_json(line) {
        head.extend(keys);
    }
    head.insert("files".to_owned(), Json::Array(files.iter().map(file_json).collect::<io::Result<_>>()?));
    head.remove("changes");
    // The changes may be millions: they are written one by one behind the rest.
    let mut text = Vec::new();
    json_line(&mut text, &head)?;
    let end = text.iter().rposition(|byte| *byte == b'}').unwrap_or(text.len());
    out.write_all(&text[..end])?;
    writeln!(out, ", \"changes\": [")?;
    let mut is_first = true;
    each_event(store, line.number, |event| {
        if !std::mem::take(&mut is_first) {
            write!(out, ",")?;
        }
        json_line(out, &event_json(event))
    })?;
    writeln!(out, "]}}")
}

fn only(files: &[FileChange]) -> Changes {
    Changes { files: files.to_vec(), rows: Vec::new() }
}

fn each_event(store: &Store, operation: i64, mut show: impl FnMut(&EventLine) -> io::Result<()>) -> io::Result<()> {
    let mut result = Ok(());
    let visited = store.each_event(operation, |event| {
        result = show(&event);
        if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    visited.map_err(io::Error::other)?;
    result
}

/// The versions of a sequence, the newest first, also of one that was deleted.
fn versions(
    arguments: &Arguments,
    store: Option<&Store>,
    argument: &str,
    format: Format,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let id = SequenceId::parse(argument);
    if let (Some(store), Some(id)) = (store, &id) {
        let (mut lines, published) = store.at_one_moment(|store| (store.version_lines(id), store.published(id)))?;
        let state = published?.map(|published| published.state);
        if let Ok(lines) = &mut lines {
            lines.reverse();
        }
        match lines? {
            lines if lines.is_empty() => {}
            lines => {
                print_versions(id, &lines, state, format, screen)?;
                return Ok(Exit::Fine);
            }
        }
    }
    let workspace = open(arguments, Beside::default())?.workspace;
    if let Some(id) = id.filter(|id| workspace.summaries().any(|summary| summary.id == *id)) {
        match format {
            Format::Json => screen.print(|out| json_document(out, &versions_json(&id, &[], None)))?,
            Format::Human => complain(&format!("nothing of `{id}` was published yet; `segue activate {id}` does that")),
        }
        return Ok(Exit::Fine);
    }
    Ok(refuse(&Staging::new(workspace.into_base(), Instant::now()).unknown(argument), screen))
}

fn print_versions(
    id: &SequenceId,
    lines: &[VersionLine],
    state: Option<State>,
    format: Format,
    screen: &Screen,
) -> anyhow::Result<()> {
    if format == Format::Json {
        screen.print(|out| json_document(out, &versions_json(id, lines, state)))?;
        return Ok(());
    }
    let mut table = report::Table::new(&[
        ("VERSION", Align::Right),
        ("WHEN", Align::Whole),
        ("ACTOR", Align::Left),
        ("RUNNING", Align::Right),
        ("EVER", Align::Right),
        ("SERVES", Align::Whole),
        ("MESSAGE", Align::Left),
    ]);
    for (index, line) in lines.iter().enumerate() {
        table.row([
            line.number.to_string(),
            minute(line.at),
            line.actor.clone(),
            line.running.to_string(),
            line.connections.to_string(),
            if serves(index, state) { "yes" } else { "-" }.to_owned(),
            line.message.clone().unwrap_or_else(|| "-".to_owned()),
        ]);
    }
    unless_closed(screen.print(|out| table.write(out, screen.layout())))?;
    if state.is_none() {
        complain(&format!("`{id}` was deleted; its versions and its history stay"));
    }
    Ok(())
}

/// Whether records are connected to a version now: to the newest, of a sequence that serves.
fn serves(index: usize, state: Option<State>) -> bool {
    let is_live = match state {
        Some(State::Active | State::Revision) => true,
        Some(State::Inactive) | None => false,
    };
    index == 0 && is_live
}

fn versions_json(id: &SequenceId, lines: &[VersionLine], state: Option<State>) -> Json {
    let version = |(index, line): (usize, &VersionLine)| {
        json!({
            "number": line.number,
            "message": line.message,
            "actor": line.actor,
            "at": line.at.to_string(),
            "running": line.running,
            "connections": line.connections,
            "serves": serves(index, state),
            "meaning": line.meaning.to_string(),
        })
    };
    json!({
        "format_version": "1.0",
        "sequence": id.as_str(),
        "state": state.map(State::word),
        "versions": lines.iter().enumerate().map(version).collect::<Vec<_>>(),
    })
}
