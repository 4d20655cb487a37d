//! `segue connections`

use std::ops::ControlFlow;

use serde_json::{Value as Json, json};

use crate::operation::Staging;
use crate::outside::disk;
use crate::outside::report::Align;
use crate::outside::store::{ConnectionLine, Store, StoreError, Which};
use crate::progress::Connection;
use crate::record::Record;
use crate::sequence::SequenceId;
use crate::time::Instant;

use super::arguments::{Arguments, Connections, Format};
use super::desk::tell_refusal;
use super::long::{self, Look};
use super::open::{Beside, open, sequence_named, start};
use super::records::{called, store, unknown};
use super::screen::Screen;
use super::{Exit, complain};

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

pub(super) fn run(arguments: &Arguments, command: &Connections, screen: &Screen) -> anyhow::Result<Exit> {
    let store = store(arguments)?;
    let records = match &command.record {
        None => None,
        Some(id) => {
            let records = called(store.as_ref(), id, command.record_type.as_deref())?;
            if records.is_empty() {
                tell_refusal(&unknown(id, command.record_type.as_deref()), &|_| None, screen);
                return Ok(Exit::Errors);
            }
            Some(records)
        }
    };
    let sequence = match &command.sequence {
        None => None,
        Some(id) => match published(arguments, store.as_ref(), id, screen)? {
            Ok(sequence) => Some(sequence),
            Err(exit) => return Ok(exit),
        },
    };
    match (store, sequence, records) {
        (Some(store), Some(sequence), None) => in_sequence(&store, &sequence, command, screen)?,
        (Some(store), sequence, Some(records)) => of_records(&store, &records, sequence.as_ref(), command, screen)?,
        // Where nothing was written yet, nobody is connected.
        (None, _, _) | (Some(_), None, None) => {}
    }
    Ok(Exit::Fine)
}

/// A sequence that something was ever published of.
fn published(
    arguments: &Arguments,
    store: Option<&Store>,
    argument: &str,
    screen: &Screen,
) -> anyhow::Result<Result<SequenceId, Exit>> {
    let start = start(arguments)?;
    let id = sequence_named(&disk::find_root(&start)?, &start, argument);
    if let (Some(store), Some(id)) = (store, &id)
        && !store.version_lines(id)?.is_empty()
    {
        return Ok(Ok(id.clone()));
    }
    let workspace = open(arguments, Beside::default())?.workspace;
    if let Some(id) = id.filter(|id| workspace.summaries().any(|summary| summary.id == *id)) {
        complain(&format!("nobody is connected to `{id}`: nothing of it was published, `segue activate {id}` does that"));
        return Ok(Err(Exit::Fine));
    }
    let refusal = Staging::new(workspace.into_base(), Instant::now()).unknown(argument);
    tell_refusal(&refusal, &|_| None, screen);
    Ok(Err(Exit::Errors))
}

fn in_sequence(store: &Store, sequence: &SequenceId, command: &Connections, screen: &Screen) -> anyhow::Result<()> {
    let now = command.now.unwrap_or_else(Instant::now);
    let mut columns = vec![("RECORD", Align::Whole), ("NAME", Align::Left)];
    columns.extend(PROGRESS);
    columns.extend(command.all.then_some(("ENDED", Align::Left)));
    let cells = |line: &ConnectionLine| {
        let mut cells = vec![line.connection.record.id.clone(), or_dash(line.record_name.as_deref())];
        cells.extend(progress(line, now));
        cells.extend(command.all.then(|| ended(&line.connection)));
        cells
    };
    let json = |line: &ConnectionLine| connection_json(line, now);
    let look = Look { key: "connections", columns: &columns, cells: &cells, json: &json };
    let which = if command.all { Which::All } else { Which::Running };
    let rows = long::print(screen, command.format, &look, |show| store.each_connection(sequence, which, show))?;
    if rows == 0 && command.format == Format::Human {
        complain(&match which {
            Which::Running => format!("nobody is connected to `{sequence}` now; `--all` shows who was"),
            Which::All => format!("nobody was ever connected to `{sequence}`"),
        });
    }
    Ok(())
}

fn of_records(
    store: &Store,
    records: &[Record],
    sequence: Option<&SequenceId>,
    command: &Connections,
    screen: &Screen,
) -> anyhow::Result<()> {
    let now = command.now.unwrap_or_else(Instant::now);
    let is_shown = |line: &ConnectionLine| {
        (command.all || line.connection.ended.is_none()) && sequence.is_none_or(|id| line.connection.sequence == *id)
    };
    let each = |show: &mut dyn FnMut(ConnectionLine) -> ControlFlow<()>| -> Result<(), StoreError> {
        for record in records {
            for line in store.connections_of(&record.key)?.into_iter().filter(is_shown) {
                if show(line).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    };
    let mut columns = vec![("TYPE", Align::Whole), ("SEQUENCE", Align::Whole)];
    columns.extend(PROGRESS);
    columns.extend(command.all.then_some(("ENDED", Align::Left)));
    let cells = |line: &ConnectionLine| {
        let mut cells = vec![line.connection.record.record_type.clone(), line.connection.sequence.to_string()];
        cells.extend(progress(line, now));
        cells.extend(command.all.then(|| ended(&line.connection)));
        cells
    };
    let json = |line: &ConnectionLine| connection_json(line, now);
    let look = Look { key: "connections", columns: &columns, cells: &cells, json: &json };
    let rows = long::print(screen, command.format, &look, each)?;
    if rows == 0 && command.format == Format::Human {
        let id = command.record.as_deref().unwrap_or_default();
        let place = sequence.map_or_else(|| "to any sequence".to_owned(), |sequence| format!("to `{sequence}`"));
        complain(&match command.all {
            true => format!("`{id}` was never connected {place}"),
            false => format!("`{id}` is not connected {place} now; `--all` shows whether it was"),
        });
    }
    Ok(())
}

/// The columns that say where a record stands.
const PROGRESS: [(&str, Align); 5] = [
    ("STEP", Align::Whole),
    ("VERSION", Align::Right),
    ("CONNECTED", Align::Whole),
    ("DAYS", Align::Right),
    ("OWNER", Align::Left),
];

fn progress(line: &ConnectionLine, now: Instant) -> [String; 5] {
    let Connection { step, version, connected_at, .. } = &line.connection;
    let days = days(&line.connection, now).to_string();
    [step.clone(), version.to_string(), day(*connected_at), days, or_dash(line.record_owner.as_deref())]
}

fn or_dash(text: Option<&str>) -> String {
    text.unwrap_or("-").to_owned()
}

/// How many whole days it has been at its step, or was when it ended.
pub(super) fn days(connection: &Connection, now: Instant) -> i64 {
    let until = connection.ended.map_or(now, |(at, _)| at);
    (until.duration_since(connection.entered_at).as_secs() / SECONDS_OF_A_DAY).max(0)
}

/// The day of an instant, in UTC.
pub(super) fn day(instant: Instant) -> String {
    instant.strftime("%Y-%m-%d").to_string()
}

/// When and why it ended; `-` while it runs.
pub(super) fn ended(connection: &Connection) -> String {
    match &connection.ended {
        Some((at, reason)) => format!("{} {reason}", day(*at)),
        None => "-".to_owned(),
    }
}

/// A connection for programs.
pub(super) fn connection_json(line: &ConnectionLine, now: Instant) -> Json {
    let ConnectionLine { connection, record_name, record_owner, due, error } = line;
    json!({
        "record_type": connection.record.record_type,
        "record": connection.record.id,
        "record_name": record_name,
        "record_owner": record_owner,
        "sequence": connection.sequence.as_str(),
        "version": connection.version,
        "run": connection.run,
        "step": connection.step,
        "connected_at": connection.connected_at.to_string(),
        "connected_by": connection.connected_by,
        "entered_at": connection.entered_at.to_string(),
        "days_in_step": days(connection, now),
        "due": due.map(|due| due.to_string()),
        "error": error,
        "ended_at": connection.ended.map(|(at, _)| at.to_string()),
        "end_reason": connection.ended.map(|(_, reason)| reason.word()),
    })
}
