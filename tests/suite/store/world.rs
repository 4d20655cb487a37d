//! Words for tests of the store: short ways to say what a commit changes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use segue::lifecycle::{Published, Version};
use segue::operation::{Changes, Facts, FileChange, JournalEntry, Kept, RowChange, Standing, Unavailable};
use segue::outside::store::{Bulk, EventLine, Imported, Mark, Modes, OperationLine, PendingFile, Store, StoreError};
use segue::progress::{Connection, EndReason};
use segue::record::{Record, RecordKey, RecordUpdate};
use segue::sequence::{SequenceId, State};
use segue::shape::Value;
use segue::text::{Digest, FilePath};
use segue::time::Instant;

/// What an engine does beside answering: another one than SQLite would implement this and pass the same tests.
pub trait Engine: Facts {
    fn decide(&mut self, entry: &JournalEntry, changes: &Changes, modes: &Modes) -> Result<i64, StoreError>;
    fn pending(&self) -> Result<Vec<PendingFile>, StoreError>;
    fn settle(&mut self, operation: i64, files: &[FilePath]) -> Result<(), StoreError>;
    fn import(&mut self, bulk: &mut Bulk, updates: Vec<RecordUpdate>) -> Result<Imported, StoreError>;
    fn write_rows(&mut self, bulk: &mut Bulk, rows: &[RowChange]) -> Result<(), StoreError>;
    fn operations(&self) -> Result<Vec<OperationLine>, StoreError>;
    fn history_of(&self, sequence: &SequenceId) -> Result<Vec<EventLine>, StoreError>;
    fn mark(&self) -> Result<Mark, StoreError>;
}

impl Engine for Store {
    fn decide(&mut self, entry: &JournalEntry, changes: &Changes, modes: &Modes) -> Result<i64, StoreError> {
        self.decide(entry, changes, modes)
    }

    fn pending(&self) -> Result<Vec<PendingFile>, StoreError> {
        self.pending()
    }

    fn settle(&mut self, operation: i64, files: &[FilePath]) -> Result<(), StoreError> {
        self.settle(operation, files)
    }

    fn import(&mut self, bulk: &mut Bulk, updates: Vec<RecordUpdate>) -> Result<Imported, StoreError> {
        self.import(bulk, updates)
    }

    fn write_rows(&mut self, bulk: &mut Bulk, rows: &[RowChange]) -> Result<(), StoreError> {
        self.write_rows(bulk, rows)
    }

    fn operations(&self) -> Result<Vec<OperationLine>, StoreError> {
        self.operations(None, 100)
    }

    fn history_of(&self, sequence: &SequenceId) -> Result<Vec<EventLine>, StoreError> {
        self.history_of(sequence, 100)
    }

    fn mark(&self) -> Result<Mark, StoreError> {
        self.mark()
    }
}

/// Another engine: it opens its store anew for every question and every change, and so knows nothing but what was kept.
pub struct Anew(pub PathBuf);

impl Anew {
    fn open(&self) -> Store {
        Store::create(&self.0).unwrap()
    }
}

/// Asks a store that is opened for this question alone.
macro_rules! asked_anew {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)+) => {
        $(fn $name(&self, $($argument: $kind),*) -> Result<$answer, Unavailable> { self.open().$name($($argument),*) })+
    };
}

impl Facts for Anew {
    asked_anew! {
        published(sequence: &SequenceId) -> Option<Published>;
        version(sequence: &SequenceId, number: u32) -> Option<Version>;
        versions(sequence: &SequenceId) -> Vec<(u32, Digest)>;
        former_ids(sequence: &SequenceId) -> Vec<SequenceId>;
        kept(sequence: &SequenceId) -> Option<Kept>;
        serving() -> Vec<SequenceId>;
        standings(sequence: &SequenceId) -> Vec<Standing>;
        record(key: &RecordKey) -> Option<Record>;
        connection(record: &RecordKey, sequence: &SequenceId) -> Option<Connection>;
        running(record: &RecordKey) -> Vec<Connection>;
        records(record_type: &str, after: Option<&str>, limit: usize) -> Vec<Record>;
        record_count(record_type: &str) -> u64;
        connections(sequence: &SequenceId) -> Vec<Connection>;
    }
}

impl Engine for Anew {
    fn decide(&mut self, entry: &JournalEntry, changes: &Changes, modes: &Modes) -> Result<i64, StoreError> {
        self.open().decide(entry, changes, modes)
    }

    fn pending(&self) -> Result<Vec<PendingFile>, StoreError> {
        self.open().pending()
    }

    fn settle(&mut self, operation: i64, files: &[FilePath]) -> Result<(), StoreError> {
        self.open().settle(operation, files)
    }

    fn import(&mut self, bulk: &mut Bulk, updates: Vec<RecordUpdate>) -> Result<Imported, StoreError> {
        self.open().import(bulk, updates)
    }

    fn write_rows(&mut self, bulk: &mut Bulk, rows: &[RowChange]) -> Result<(), StoreError> {
        self.open().write_rows(bulk, rows)
    }

    fn operations(&self) -> Result<Vec<OperationLine>, StoreError> {
        self.open().operations(None, 100)
    }

    fn history_of(&self, sequence: &SequenceId) -> Result<Vec<EventLine>, StoreError> {
        self.open().history_of(sequence, 100)
    }

    fn mark(&self) -> Result<Mark, StoreError> {
        self.open().mark()
    }
}

/// A store in a folder of its own.
pub struct Place {
    pub folder: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> PathBuf {
        segue::outside::store::usual_place(self.folder.path())
    }

    pub fn store(&self) -> Store {
        Store::create(&self.path()).unwrap()
    }
}

pub fn at(second: i64) -> Instant {
    Instant::from_second(1_800_000_000 + second).unwrap()
}

pub fn entry(what: &str) -> JournalEntry {
    JournalEntry { what: what.to_owned(), actor: "ana.ruiz".to_owned(), at: at(0), message: None }
}

pub fn id(id: &str) -> SequenceId {
    SequenceId::parse(id).unwrap()
}

pub fn lead(id: &str) -> RecordKey {
    RecordKey { record_type: "lead".to_owned(), id: id.to_owned() }
}

pub fn record(id: &str) -> Record {
    let fields = BTreeMap::from([
        ("country".to_owned(), Value::Text("ES".to_owned())),
        ("employees".to_owned(), Value::Whole(40)),
        ("score".to_owned(), Value::Number(31.245270191439438)),
        ("enterprise".to_owned(), Value::Flag(false)),
    ]);
    Record { key: lead(id), name: Some(format!("Lead {id}")), owner: Some("eli.stern".to_owned()), is_open: true, fields }
}

pub fn version(number: u32, text: &str) -> Version {
    let message = (number > 1).then(|| format!("edition {number}"));
    Version { number, meaning: Digest::of(text), text: text.into(), message }
}

pub fn publish(sequence: &str, number: u32) -> RowChange {
    let version = version(number, &format!("name: {sequence} {number}\n"));
    RowChange::Publish { sequence: id(sequence), version, skip_non_working_days: false }
}

pub fn serve(sequence: &str, state: State) -> RowChange {
    RowChange::Serve { sequence: id(sequence), state }
}

pub fn end_all(sequence: &str, reason: EndReason) -> RowChange {
    RowChange::EndAll { sequence: id(sequence), reason }
}

pub fn delete(sequence: &str) -> RowChange {
    RowChange::Delete { sequence: id(sequence) }
}

pub fn rename(from: &str, to: &str) -> RowChange {
    RowChange::Rename { from: id(from), to: id(to) }
}

pub fn end(record: &str, sequence: &str) -> RowChange {
    RowChange::End { record: lead(record), sequence: id(sequence), reason: EndReason::UserDisconnected }
}

pub fn connection(record: &str, sequence: &str, version: u32, run: u32) -> Connection {
    Connection {
        record: lead(record),
        sequence: id(sequence),
        version,
        run,
        step: "intro".to_owned(),
        connected_at: at(10),
        connected_by: "ana.ruiz".to_owned(),
        entered_at: at(11),
        ended: None,
    }
}

pub fn connect(record: &str, sequence: &str, version: u32, run: u32) -> RowChange {
    RowChange::Connect(connection(record, sequence, version, run))
}

pub fn resume(sequence: &str, operation: i64, reason: EndReason, count: u64) -> RowChange {
    RowChange::ResumeEnded { sequence: id(sequence), operation, reason, count }
}

pub fn rows(rows: Vec<RowChange>) -> Changes {
    Changes { files: Vec::new(), rows }
}

pub fn file(path: &str, before: Option<&str>, after: Option<&str>) -> FileChange {
    FileChange { path: FilePath::new(path), before: before.map(Arc::from), after: after.map(Arc::from) }
}

pub fn decide(engine: &mut impl Engine, changes: Vec<RowChange>) -> Result<i64, StoreError> {
    engine.decide(&entry("test"), &rows(changes), &Modes::new())
}

/// Some open leads.
pub fn import(engine: &mut impl Engine, ids: &[&str]) {
    let updates = ids.iter().map(|id| RecordUpdate::from(record(id))).collect();
    engine.import(&mut Bulk::new(entry("records import")), updates).unwrap();
}

/// The words with which a commit was refused because the world moved on.
#[track_caller]
pub fn moved<T: std::fmt::Debug>(outcome: Result<T, StoreError>) -> String {
    match outcome {
        Err(StoreError::Moved(words)) => words,
        other => panic!("the world moved, and yet: {other:?}"),
    }
}
