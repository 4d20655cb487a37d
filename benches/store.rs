//! How long the store takes, beside a bare loop of prepared statements that writes the same rows into the same tables.
//!
//! `cargo run --release --example store`; each figure is the median of five runs, taken in turns.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "it measures and prints")]

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, params};
use segue::lifecycle::Version;
use segue::operation::{Changes, Facts, JournalEntry, RowChange};
use segue::outside::records::{Format, Import};
use segue::outside::store::{BATCH, Bulk, Modes, Store};
use segue::progress::{self, EndReason};
use segue::record::{RecordKey, RecordUpdate};
use segue::sequence::{SequenceId, State};
use segue::settings::Settings;
use segue::text::Digest;

const RECORDS: usize = 100_000;
const CONNECTIONS: usize = 10_000;
const RUNS: usize = 5;

fn main() {
    let mut figures: [Vec<Duration>; 8] = Default::default();
    for _ in 0..RUNS {
        let folder = tempfile::tempdir().expect("a folder");
        for (figure, time) in figures.iter_mut().zip(run(folder.path())) {
            figure.push(time);
        }
    }
    let [import, file, again, bare_import, connect, bare_connect, ask, end] = figures.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    });
    let line = |what: &str, ours: Duration, bare: Duration| {
        println!("{what}: {ours:.0?}, bare {bare:.0?}, ratio {:.2}", ours.as_secs_f64() / bare.as_secs_f64());
    };
    line("import 100,000 records", import, bare_import);
    line("import them from CSV", file, bare_import);
    line("import them again, unchanged", again, bare_import);
    line("connect 10,000 in one commit", connect, bare_connect);
    println!("ask for a record and for its connection: {:.1?} each", ask / (2 * CONNECTIONS as u32));
    println!("end 10,000 connections with their sequence: {end:.1?}");
}

fn run(folder: &Path) -> [Duration; 8] {
    let mut store = Store::create(&folder.join("ours.db")).expect("made");
    let mut bare = bare_store(&folder.join("bare.db"));
    let mut from_file = Store::create(&folder.join("file.db")).expect("made");
    let updates: Vec<RecordUpdate> = (0..RECORDS).map(update).collect();
    let table = table();
    let (settings, entry) = (Settings::default(), entry());
    let csv = Import { settings: &settings, record_type: "lead", format: Format::Csv, entry: entry.clone() };
    let import = timed(|| import(&mut store, updates.clone()));
    let bare_import = timed(|| bare_import_all(&mut bare));
    let file = timed(|| csv.run(|bulk, batch| from_file.import(bulk, batch), table.as_bytes(), drop).expect("imported"));
    let again = timed(|| self::import(&mut store, updates));
    publish(&mut store);
    let rows = (0..CONNECTIONS).map(|number| RowChange::Connect(connection(number))).collect();
    let changes = Changes { files: Vec::new(), rows };
    let connect = timed(|| store.decide(&entry, &changes, &Modes::new()).expect("connected"));
    let bare_connect = timed(|| bare_connect_all(&mut bare));
    let ask = timed(|| store.at_one_moment(|store| (0..CONNECTIONS).for_each(|number| ask(store, number))).expect("asked"));
    let sequence = sequence();
    let reason = EndReason::SequenceDeactivated;
    let stop = RowChange::Serve { sequence: sequence.clone(), state: State::Inactive };
    let changes = Changes { files: Vec::new(), rows: vec![RowChange::EndAll { sequence, reason }, stop] };
    let end = timed(|| store.decide(&entry, &changes, &Modes::new()).expect("ended"));
    [import, file, again, bare_import, connect, bare_connect, ask, end]
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

fn entry() -> JournalEntry {
    let at = segue::time::Instant::UNIX_EPOCH;
    JournalEntry { what: "measure".to_owned(), actor: "ana.ruiz".to_owned(), at, message: None }
}

fn update(number: usize) -> RecordUpdate {
    let fields = [("country", "ES".to_owned()), ("email", format!("lead-{number}@example.com"))];
    let record = segue::record::Record {
        key: key(number),
        name: Some(format!("Lead {number}")),
        owner: Some("eli.stern".to_owned()),
        is_open: true,
        fields: fields.map(|(name, value)| (name.to_owned(), segue::shape::Value::Text(value))).into(),
    };
    record.into()
}

fn key(number: usize) -> RecordKey {
    RecordKey { record_type: "lead".to_owned(), id: format!("{number:07}") }
}

fn table() -> String {
    let rows = (0..RECORDS).map(|number| format!("{number:07},Lead {number},eli.stern,ES,lead-{number}@example.com\n"));
    ["id,name,owner,country,email\n".to_owned()].into_iter().chain(rows).collect()
}

fn import(store: &mut Store, updates: Vec<RecordUpdate>) {
    let mut bulk = Bulk::new(entry());
    let mut updates = updates.into_iter().peekable();
    while updates.peek().is_some() {
        store.import(&mut bulk, updates.by_ref().take(BATCH)).expect("imported");
    }
}

fn publish(store: &mut Store) {
    let sequence = sequence();
    let version = Version { number: 1, meaning: Digest::of("text"), text: "text".into(), message: None };
    let publish = RowChange::Publish { sequence: sequence.clone(), version, skip_non_working_days: false };
    let changes = Changes { files: Vec::new(), rows: vec![publish, RowChange::Serve { sequence, state: State::Active }] };
    store.decide(&entry(), &changes, &Modes::new()).expect("published");
}

fn ask(store: &Store, number: usize) {
    assert!(store.record(&key(number)).expect("asked").is_some());
    assert!(store.connection(&key(number), &sequence()).expect("asked").is_some());
}

fn sequence() -> SequenceId {
    SequenceId::parse("inbound").expect("an id")
}

fn connection(number: usize) -> progress::Connection {
    progress::Connection {
        record: key(number),
        sequence: sequence(),
        version: 1,
        run: 1,
        step: "intro".to_owned(),
        connected_at: segue::time::Instant::UNIX_EPOCH,
        connected_by: "ana.ruiz".to_owned(),
        entered_at: segue::time::Instant::UNIX_EPOCH,
        ended: None,
    }
}

/// A store with a published sequence, as a bare connection with the same settings.
fn bare_store(path: &Path) -> Connection {
    publish(&mut Store::create(path).expect("made"));
    let database = Connection::open(path).expect("opened");
    database.pragma_update(None, "foreign_keys", true).expect("set");
    database.pragma_update(None, "synchronous", "FULL").expect("set");
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).expect("set");
    database
}

fn bare_import_all(database: &mut Connection) {
    for batch in (0..RECORDS).step_by(BATCH) {
        let transaction = database.transaction().expect("begun");
        (batch..batch + BATCH).for_each(|number| bare_import(&transaction, number).expect("written"));
        transaction.commit().expect("committed");
    }
}

/// The least that an import has to do: look whether the record is there, write it, write its event.
fn bare_import(transaction: &Transaction<'_>, number: usize) -> rusqlite::Result<()> {
    let id = format!("{number:07}");
    let mut look = transaction.prepare_cached("SELECT fields FROM record WHERE type = 'lead' AND id = ?1")?;
    let is_known = look.exists([&id])?;
    assert!(!is_known, "the store is new");
    let sql = "INSERT INTO record (type, id, name, owner, is_open, fields) VALUES ('lead', ?1, ?2, 'eli.stern', 1, ?3)";
    let fields = format!("{{\"country\":\"ES\",\"email\":\"lead-{number}@example.com\"}}");
    let record = transaction.prepare_cached(sql)?.insert(params![id, format!("Lead {number}"), fields])?;
    let sql = "INSERT INTO event (operation, kind, record) VALUES (1, 'record_added', ?1)";
    transaction.prepare_cached(sql)?.execute([record])?;
    Ok(())
}

fn bare_connect_all(database: &mut Connection) {
    let transaction = database.transaction().expect("begun");
    (0..CONNECTIONS).for_each(|number| bare_connect(&transaction, number).expect("written"));
    transaction.commit().expect("committed");
}

/// The least that connecting has to do: find the record, look for an earlier way, write the connection and its event.
fn bare_connect(transaction: &Transaction<'_>, number: usize) -> rusqlite::Result<()> {
    let sql = "SELECT number FROM record WHERE type = 'lead' AND id = ?1 AND is_open";
    let record: i64 = transaction.prepare_cached(sql)?.query_row([format!("{number:07}")], |row| row.get(0))?;
    let sql = "SELECT run FROM connection WHERE record = ?1 AND sequence = 1 ORDER BY run DESC LIMIT 1";
    let is_known = transaction.prepare_cached(sql)?.exists([record])?;
    assert!(!is_known, "the store is new");
    let sql = "INSERT INTO connection (record, sequence, version, run, step, connected_at, connected_by, entered_at) \
        VALUES (?1, 1, 1, 1, 'intro', 0, 'ana.ruiz', 0)";
    transaction.prepare_cached(sql)?.execute([record])?;
    let sql = "INSERT INTO event (operation, kind, record, sequence, version, run, step) \
        VALUES (1, 'connected', ?1, 1, 1, 1, 'intro')";
    transaction.prepare_cached(sql)?.execute([record])?;
    Ok(())
}
