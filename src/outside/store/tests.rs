use super::*;

use std::fs;

use crate::operation::{Changes, Facts, FileChange, JournalEntry, RowChange};
use crate::record::{Record, RecordKey, RecordUpdate};
use crate::sequence::SequenceId;
use crate::text::FilePath;
use crate::time::Instant;

fn entry() -> JournalEntry {
    JournalEntry { what: "test".into(), actor: "ana.ruiz".into(), at: Instant::UNIX_EPOCH, message: None }
}

fn lead(id: String) -> RecordUpdate {
    let key = RecordKey { record_type: "lead".into(), id };
    Record { key, name: None, owner: None, is_open: true, fields: Default::default() }.into()
}

#[test]
fn a_full_disk_is_told_and_nothing_is_half_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::create(&usual_place(folder.path())).expect("made");
    store.import(&mut Bulk::new(entry()), [lead("old".into())]).expect("written");
    // To SQLite, a file that may have no more pages looks as a full disk does.
    let pages: i64 = store.database.query_row("PRAGMA page_count", [], |row| row.get(0)).expect("a number");
    store.database.pragma_update(None, "max_page_count", pages + 4).expect("limited");
    let mut bulk = Bulk::new(entry());
    let error = store.import(&mut bulk, (0..5_000).map(|number| lead(format!("new-{number}")))).expect_err("too much");
    assert!(matches!(error, StoreError::Full { .. }) && error.to_string().contains("make room"), "{error}");
    assert_eq!(bulk.operation(), None);
    let counts = store.record_counts().expect("counted");
    assert_eq!(counts, [RecordCount { record_type: "lead".into(), open: 1, closed: 0 }]);
}

#[test]
fn an_older_store_is_brought_up_to_date_after_a_copy() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = usual_place(folder.path());
    let mut store = Store::create(&path).expect("made");
    store.import(&mut Bulk::new(entry()), [lead("old".into())]).expect("written");
    let identity = store.identity().expect("an identity");
    drop(store);
    let and = |more: [&'static str; 2]| [open::MIGRATIONS, &more].concat();
    let good = and(["ALTER TABLE record ADD COLUMN mood TEXT;", "UPDATE record SET mood = 'glad';"]);
    let bad = and(["ALTER TABLE record ADD COLUMN mood TEXT;", "UPDATE nothing SET mood = 'glad';"]);
    let known = open::MIGRATIONS.len() as i64;
    open::open_to_write(&path, PATIENCE, &bad).expect_err("a step that fails");
    let still_old = Store::open(&path).expect("the old form").expect("there");
    assert_eq!(still_old.identity().expect("an identity"), identity);
    drop(still_old);
    let database = open::open_to_write(&path, PATIENCE, &good).expect("brought up to date");
    let mood: String = database.query_row("SELECT mood FROM record", [], |row| row.get(0)).expect("a mood");
    assert_eq!(mood, "glad");
    drop(database);
    assert!(matches!(Store::open(&path), Err(StoreError::Newer { found, .. }) if found == known + 2));
    let copy = Store::open(&path.with_extension(format!("db.form-{known}"))).expect("the old form").expect("kept");
    assert_eq!(copy.identity().expect("an identity"), identity);
    assert_eq!(copy.record_counts().expect("counted")[0].open, 1);
}

#[test]
fn work_under_a_key_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::create(&usual_place(folder.path())).expect("made");
    let note = |detail: &str| RowChange::Note {
        sequence: SequenceId::parse("inbound").expect("an id"),
        verb: "connect",
        detail: detail.into(),
    };
    let mut first = Bulk::keyed(entry(), "connect-1");
    store.write_rows(&mut first, &[]).expect("nothing to write");
    assert_eq!(first.operation(), None);
    store.write_rows(&mut first, &[note("a"), note("b")]).expect("written");
    let mut again = Bulk::keyed(entry(), "connect-1");
    store.write_rows(&mut again, &[note("c")]).expect("written");
    store.write_rows(&mut Bulk::new(entry()), &[note("d")]).expect("written");
    assert_eq!(again.operation(), first.operation());
    let operations = store.operations(None, 10).expect("read");
    assert_eq!(operations.iter().map(|operation| operation.events).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn a_frozen_copy_is_read_as_it_lies_there_unless_work_lies_beside_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a #1?%20.db");
    let mut store = Store::create(&path).expect("made");
    store.import(&mut Bulk::new(entry()), [lead("old".into())]).expect("written");
    assert!(matches!(open::open_frozen(&path), Err(StoreError::Unfinished { .. })), "a writer has it open");
    drop(store);
    let (_, database) = open::open_frozen(&path).expect("read");
    let frozen = Store { database, path };
    let key = RecordKey { record_type: "lead".into(), id: "old".into() };
    assert!(frozen.record(&key).expect("asked").is_some());
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing was made beside it");
}

#[test]
fn a_store_of_the_first_form_is_read_on_and_keeps_texts_from_then_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = usual_place(folder.path());
    drop(open::open_to_write(&path, PATIENCE, &open::MIGRATIONS[..1]).expect("made"));
    let old = rusqlite::Connection::open(&path).expect("opened");
    old.execute("INSERT INTO operation (what, actor, at) VALUES ('edit a', 'ana.ruiz', 0)", []).expect("an operation");
    drop(old);
    assert!(matches!(Store::open(&path), Err(StoreError::Older { found: 1, .. })));
    let mut store = Store::create(&path).expect("brought up to date");
    let change = FileChange { path: FilePath::new("sequences/a.yaml"), before: Some("old\n".into()), after: None };
    let changes = Changes { files: vec![change.clone()], rows: Vec::new() };
    let new = store.decide(&entry(), &changes, &Modes::new()).expect("written");
    assert_eq!(store.files_of(new).expect("read"), [change]);
    assert_eq!(store.files_of(1).expect("read"), []);
    let keeps: Vec<bool> = store.all("SELECT keeps_texts FROM operation ORDER BY number", [], |row| row.get(0)).expect("read");
    assert_eq!(keeps, [false, true]);
}
