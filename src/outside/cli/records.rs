//! `segue records list` and `segue records show`

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::diagnostic::Code;
use crate::operation::Refusal;
use crate::outside::disk;
use crate::outside::report::{self, Align, Table, json_document};
use crate::outside::store::{ConnectionLine, Store};
use crate::record::Record;
use crate::text::suggest;
use crate::time::Instant;

use super::arguments::{Arguments, Format, ListRecords, ShowRecord};
use super::connections::{connection_json, day, days, ended};
use super::desk::{store_path, tell_refusal};
use super::long::{self, Look};
use super::open::start;
use super::screen::Screen;
use super::{Exit, complain};

const NO_RECORDS: &str = "no records yet: `segue records import FILE --type lead` takes some in";

/// How many records of a type there are.
#[derive(Serialize)]
struct Count {
    record_type: String,
    open: u64,
    closed: u64,
}

#[derive(Serialize)]
struct Counts {
    format_version: &'static str,
    record_types: Vec<Count>,
}

/// The store of the workspace around the start, if there is one.
pub(super) fn store(arguments: &Arguments) -> anyhow::Result<Option<Store>> {
    let root = disk::find_root(&start(arguments)?)?;
    Ok(Store::open(&store_path(&root)?)?)
}

pub(super) fn list(arguments: &Arguments, command: &ListRecords, screen: &Screen) -> anyhow::Result<Exit> {
    let store = store(arguments)?;
    match &command.record_type {
        None => counts(store.as_ref(), command.format, screen)?,
        Some(record_type) => of_type(store.as_ref(), record_type, command.format, screen)?,
    }
    Ok(Exit::Fine)
}

fn counts(store: Option<&Store>, format: Format, screen: &Screen) -> anyhow::Result<()> {
    let counts = store.map_or(Ok(Vec::new()), Store::record_counts)?;
    match format {
        Format::Json => {
            let count = |count: crate::outside::store::RecordCount| Count {
                record_type: count.record_type,
                open: count.open,
                closed: count.closed,
            };
            let counts = Counts { format_version: "1.0", record_types: counts.into_iter().map(count).collect() };
            screen.print(|out| json_document(out, &counts))?;
        }
        Format::Human if counts.is_empty() => complain(NO_RECORDS),
        Format::Human => {
            let mut table = Table::new(&[("TYPE", Align::Whole), ("OPEN", Align::Right), ("CLOSED", Align::Right)]);
            for count in counts {
                table.row([count.record_type, count.open.to_string(), count.closed.to_string()]);
            }
            screen.print(|out| table.write(out, screen.layout()))?;
        }
    }
    Ok(())
}

fn of_type(store: Option<&Store>, record_type: &str, format: Format, screen: &Screen) -> anyhow::Result<()> {
    let columns = [("ID", Align::Whole), ("NAME", Align::Left), ("OWNER", Align::Left), ("STATE", Align::Whole)];
    let or_dash = |text: &Option<String>| text.as_deref().unwrap_or("-").to_owned();
    let cells =
        |record: &Record| vec![record.key.id.clone(), or_dash(&record.name), or_dash(&record.owner), state(record).to_owned()];
    let look = Look { key: "records", columns: &columns, cells: &cells, json: &record_json };
    let rows = long::print(screen, format, &look, |show| match store {
        Some(store) => store.each_record(record_type, None, show),
        None => Ok(()),
    })?;
    if rows == 0 && format == Format::Human {
        complain(&none_of(store, record_type)?);
    }
    Ok(())
}

fn none_of(store: Option<&Store>, record_type: &str) -> anyhow::Result<String> {
    let counts = store.map_or(Ok(Vec::new()), Store::record_counts)?;
    if counts.is_empty() {
        return Ok(NO_RECORDS.to_owned());
    }
    let types: Vec<&str> = counts.iter().map(|count| count.record_type.as_str()).collect();
    Ok(match suggest(record_type, types.iter().copied()) {
        Some(near) => format!("no record is of type `{record_type}`; did you mean `{near}`?"),
        None => format!("no record is of type `{record_type}`; there are records of type `{}`", types.join("`, `")),
    })
}

pub(super) fn show(arguments: &Arguments, command: &ShowRecord, screen: &Screen) -> anyhow::Result<Exit> {
    let store = store(arguments)?;
    let now = command.now.unwrap_or_else(Instant::now);
    let records = called(store.as_ref(), &command.record, command.record_type.as_deref())?;
    let (Some(store), [record]) = (&store, records.as_slice()) else {
        let refusal = match records.as_slice() {
            [] => unknown(&command.record, command.record_type.as_deref()),
            several => ambiguous(&command.record, several),
        };
        tell_refusal(&refusal, &|_| None, screen);
        return Ok(Exit::Errors);
    };
    let connections = store.connections_of(&record.key)?;
    screen.print(|out| match command.format {
        Format::Json => json_document(out, &document(record, &connections, now)),
        Format::Human => {
            properties(out, record, screen)?;
            if connections.is_empty() {
                return Ok(());
            }
            writeln!(out)?;
            ways(&connections, now).write(out, screen.layout())
        }
    })?;
    Ok(Exit::Fine)
}

/// The records that have an id, of one type or of any.
pub(super) fn called(store: Option<&Store>, id: &str, record_type: Option<&str>) -> anyhow::Result<Vec<Record>> {
    let mut records = store.map_or(Ok(Vec::new()), |store| store.records_called(id))?;
    records.retain(|record| record_type.is_none_or(|record_type| record.key.record_type == record_type));
    Ok(records)
}

/// Nobody has the id.
pub(super) fn unknown(id: &str, record_type: Option<&str>) -> Refusal {
    let kind = record_type.unwrap_or("record");
    let refusal = Refusal::new(Code::UnknownRecord, format!("there is no {kind} `{id}`"));
    let list = record_type.map_or_else(|| "segue records list".to_owned(), |kind| format!("segue records list --type {kind}"));
    refusal.help(format!("`{list}` shows what is there, `segue records import` brings more"))
}

/// Several have it.
fn ambiguous(id: &str, records: &[Record]) -> Refusal {
    let types: Vec<&str> = records.iter().map(|record| record.key.record_type.as_str()).collect();
    let message = format!("several records are called `{id}`: of type `{}`", types.join("`, of type `"));
    let refusal = Refusal::new(Code::UnknownRecord, message);
    refusal.help(format!("say which, like `--type {}`", types.first().copied().unwrap_or("lead")))
}

fn state(record: &Record) -> &'static str {
    if record.is_open { "open" } else { "closed" }
}

fn properties(out: &mut dyn Write, record: &Record, screen: &Screen) -> io::Result<()> {
    let or_dash = |text: &Option<String>| text.as_deref().unwrap_or("-").to_owned();
    let mut rows = vec![
        ("id", record.key.id.clone()),
        ("type", record.key.record_type.clone()),
        ("name", or_dash(&record.name)),
        ("owner", or_dash(&record.owner)),
        ("state", state(record).to_owned()),
    ];
    rows.extend(record.fields.iter().map(|(name, value)| (name.as_str(), value.to_string())));
    report::properties(out, &rows, screen.terminal())
}

/// Where a record is connected, and where it was.
fn ways(connections: &[ConnectionLine], now: Instant) -> Table {
    let mut table = Table::new(&[
        ("SEQUENCE", Align::Whole),
        ("STEP", Align::Whole),
        ("VERSION", Align::Right),
        ("CONNECTED", Align::Whole),
        ("DAYS", Align::Right),
        ("ENDED", Align::Left),
    ]);
    for line in connections {
        table.row([
            line.connection.sequence.to_string(),
            line.connection.step.clone(),
            line.connection.version.to_string(),
            day(line.connection.connected_at),
            days(&line.connection, now).to_string(),
            ended(&line.connection),
        ]);
    }
    table
}

fn document(record: &Record, connections: &[ConnectionLine], now: Instant) -> Json {
    let mut document = Map::from_iter([("format_version".to_owned(), json!("1.0"))]);
    if let Json::Object(keys) = record_json(record) {
        document.extend(keys);
    }
    let connections = connections.iter().map(|line| connection_json(line, now)).collect();
    document.insert("connections".to_owned(), Json::Array(connections));
    Json::Object(document)
}

fn record_json(record: &Record) -> Json {
    let fields: Map<String, Json> = record.fields.iter().map(|(name, value)| (name.clone(), Json::from(value))).collect();
    json!({
        "type": record.key.record_type,
        "id": record.key.id,
        "name": record.name,
        "owner": record.owner,
        "open": record.is_open,
        "fields": fields,
    })
}
