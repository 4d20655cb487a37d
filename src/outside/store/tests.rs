use super::*;

use std::fs;
use std::path::Path;
use std::time::Duration;

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
    assert_eq!(names(&path), [".gitignore", "state.db"], "what did not change needs no copy");
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

fn names(store: &Path) -> Vec<String> {
    let entries = fs::read_dir(store.parent().expect("a folder")).expect("a folder").map(|entry| entry.expect("an entry"));
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Two more forms, the last of which takes its time.
fn slow_steps() -> Vec<&'static str> {
    let more = [
        "ALTER TABLE record ADD COLUMN mood TEXT; UPDATE record SET mood = 'glad';",
        "CREATE TABLE much (number INTEGER); \
            WITH RECURSIVE count (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < 60000) \
            INSERT INTO much SELECT n FROM count;",
    ];
    [open::MIGRATIONS, &more].concat()
}

/// Set for the child: the store that it brings up to date.
const MIGRATED: &str = "SEGUE_TEST_STORE_THAT_IS_MIGRATED";

#[test]
fn whoever_dies_while_a_store_is_brought_up_to_date_leaves_the_old_one() {
    if let Some(path) = std::env::var_os(MIGRATED) {
        open::open_to_write(Path::new(&path), PATIENCE, &slow_steps()).expect("brought up to date");
        return;
    }
    const ROUNDS: u32 = 16;
    let known = open::MIGRATIONS.len() as i64;
    let (mut old, mut new, mut whole) = (0, 0, Duration::ZERO);
    for round in 0..=ROUNDS {
        let folder = tempfile::tempdir().expect("a folder");
        let path = usual_place(folder.path());
        let mut store = Store::create(&path).expect("made");
        store.import(&mut Bulk::new(entry()), (0..500).map(|number| lead(number.to_string()))).expect("written");
        drop(store);
        let mut child = std::process::Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "outside::store::tests::whoever_dies_while_a_store_is_brought_up_to_date_leaves_the_old_one"])
            .env(MIGRATED, &path)
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("it runs");
        let start = std::time::Instant::now();
        // The first one tells how long it takes, the others die on the way.
        if round > 0 {
            std::thread::sleep(whole * (round - 1) / ROUNDS);
            child.kill().expect("killed");
        }
        child.wait().expect("ended");
        whole = whole.max(start.elapsed());
        let form = Store::open_as_it_is(&path).map(|store| store.expect("it is there").form().expect("a form").0);
        match form {
            Ok(form) if form == known => {
                old += 1;
                let store = Store::open(&path).expect("the old form").expect("it is there");
                assert_eq!(store.check().expect("asked"), [""; 0]);
                assert_eq!(store.record_counts().expect("counted")[0].open, 500);
            }
            Err(StoreError::Newer { found, .. }) if found == known + 2 => new += 1,
            other => panic!("neither the old nor the new: {other:?}"),
        }
        let database = open::open_to_write(&path, PATIENCE, &slow_steps()).expect("brought up to date");
        let sql = "SELECT (SELECT count(*) FROM record WHERE mood = 'glad'), (SELECT count(*) FROM much)";
        let counts: (i64, i64) = database.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).expect("counted");
        assert_eq!(counts, (500, 60_000));
        drop(database);
        let left = names(&path);
        let copies: Vec<&String> = left.iter().filter(|name| name.contains(&format!(".form-{known}"))).collect();
        assert!(!copies.is_empty() && !left.iter().any(|name| name.ends_with(".part")), "{left:?}");
        for copy in copies {
            let copy = Store::open(&path.with_file_name(copy)).expect("the old form").expect("whole");
            assert_eq!(copy.record_counts().expect("counted")[0].open, 500);
        }
    }
    assert!(old > 0 && new > 0, "the kills miss what they are for: {old} old, {new} new");
}

#[test]
fn a_backup_is_whole_whoever_writes_meanwhile_and_replaces_only_what_it_may() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = usual_place(folder.path());
    let mut store = Store::create(&path).expect("made");
    let to = folder.path().join("copy.db");
    std::thread::scope(|scope| {
        let writes = scope.spawn(|| {
            let mut writer = Store::create(&path).expect("opened");
            for batch in 0..30 {
                let leads = (0..200).map(|number| lead(format!("{batch}-{number}")));
                writer.import(&mut Bulk::new(entry()), leads).expect("written");
            }
        });
        for number in 0..10 {
            let copy = folder.path().join(format!("copy-{number}.db"));
            store.back_up(&copy, Over::Nothing).expect("copied");
            let copy = Store::open(&copy).expect("read").expect("there");
            let open = copy.record_counts().expect("counted").first().map_or(0, |count| count.open);
            assert_eq!(open % 200, 0, "half a batch");
            assert_eq!(copy.check().expect("asked"), [""; 0]);
        }
        writes.join().expect("written");
    });
    store.back_up(&to, Over::Nothing).expect("copied");
    assert!(matches!(store.back_up(&to, Over::Nothing), Err(StoreError::Taken { .. })));
    store.import(&mut Bulk::new(entry()), [lead("late".into())]).expect("written");
    store.back_up(&to, Over::Store).expect("replaced");
    assert_eq!(Store::open(&to).expect("read").expect("there").record_counts().expect("counted")[0].open, 6_001);
    let mine = folder.path().join("mine.txt");
    fs::write(&mine, "mine, and no store at all\n").expect("written");
    assert!(matches!(store.back_up(&mine, Over::Store), Err(StoreError::NotAStore { .. })));
    assert_eq!(fs::read_to_string(&mine).expect("there"), "mine, and no store at all\n");
    assert!(matches!(store.back_up(&path, Over::Store), Err(StoreError::Taken { by: "the store itself", .. })));
    store.back_up(folder.path(), Over::Store).expect_err("a folder");
    assert!(!names(&to).iter().any(|name| name.ends_with(".part")), "nothing is left");
}

#[test]
fn a_restored_store_has_a_new_epoch_and_keeps_what_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = usual_place(folder.path());
    let backup = folder.path().join("copy.db");
    let mut store = Store::create(&path).expect("made");
    store.import(&mut Bulk::new(entry()), [lead("old".into())]).expect("written");
    store.back_up(&backup, Over::Nothing).expect("copied");
    store.import(&mut Bulk::new(entry()), [lead("new".into())]).expect("written");
    // Somebody has it open, in the middle of a look.
    let (reader, id) = (Store::open(&path).expect("read").expect("there"), store.identity().expect("an identity").0);
    let open = |store: &Store| store.record_counts().expect("counted")[0].open;
    let copy = Store::open_as_it_is(&backup).expect("read").expect("there");
    let seen = reader.at_one_moment(|reader| {
        let before = open(reader);
        let restored = restore(&copy, &path).expect("restored");
        (before, open(reader), restored)
    });
    let (before, during, restored) = seen.expect("asked");
    assert_eq!((before, during, open(&reader), open(&store)), (2, 2, 1, 1));
    assert_eq!(store.identity().expect("an identity"), (id.clone(), 2));
    let kept = restored.kept.expect("kept");
    assert!(kept.ends_with("state.db.epoch-1"), "{}", kept.display());
    assert_eq!(open(&Store::open(&kept).expect("read").expect("there")), 2);
    // It goes on, and back again.
    store.import(&mut Bulk::new(entry()), [lead("after".into())]).expect("written");
    let kept = Store::open_as_it_is(&kept).expect("read").expect("there");
    assert_eq!(restore(&kept, &path).expect("restored").epoch, 3);
    assert_eq!(open(&store), 2);
    drop((store, reader));
    // Where there is none, and where something lies that cannot be read.
    let elsewhere = folder.path().join("other/.segue/state.db");
    assert_eq!(restore(&copy, &elsewhere).expect("restored"), Restored { epoch: 2, kept: None });
    fs::write(&elsewhere, "damaged beyond all hope, and longer than a head ".repeat(90)).expect("written");
    let restored = restore(&copy, &elsewhere).expect("restored");
    let kept = restored.kept.expect("kept");
    assert!(kept.ends_with("state.db.damaged") && fs::read_to_string(&kept).expect("there").starts_with("damaged beyond"));
    let again = Store::open(&elsewhere).expect("read").expect("there");
    assert_eq!((open(&again), again.identity().expect("an identity")), (1, (id, 2)));
    drop(again);
    assert_eq!(names(&elsewhere), [".gitignore", "state.db", "state.db.damaged"]);
}

/// Records that somebody writes while the store is restored are in it, or in what it was.
#[test]
fn nothing_is_lost_that_is_written_while_a_store_is_restored() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = usual_place(folder.path());
    let mut store = Store::create(&path).expect("made");
    store.import(&mut Bulk::new(entry()), (0..3_000).map(|number| lead(format!("old-{number}")))).expect("written");
    let backup = folder.path().join("copy.db");
    store.back_up(&backup, Over::Nothing).expect("copied");
    drop(store);
    let is_over = std::sync::atomic::AtomicBool::new(false);
    let (mut written, mut kept) = (Vec::new(), Vec::new());
    std::thread::scope(|scope| {
        let writes = scope.spawn(|| {
            let (mut store, mut written) = (Store::create(&path).expect("opened"), Vec::new());
            while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                let id = format!("new-{}", written.len());
                store.import(&mut Bulk::new(entry()), [lead(id.clone())]).expect("written");
                written.push(id);
                // Who writes without a pause lets nobody else in for long.
                std::thread::sleep(Duration::from_millis(2));
            }
            written
        });
        for _ in 0..6 {
            let copy = Store::open_as_it_is(&backup).expect("read").expect("there");
            kept.extend(restore(&copy, &path).expect("restored").kept);
            std::thread::sleep(Duration::from_millis(10));
        }
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
        written = writes.join().expect("written");
    });
    kept.push(path);
    let stores: Vec<Store> = kept.iter().map(|path| Store::open(path).expect("read").expect("there")).collect();
    let key = |id: &String| RecordKey { record_type: "lead".into(), id: id.clone() };
    let is_somewhere = |id: &&String| stores.iter().any(|store| store.record(&key(id)).expect("asked").is_some());
    assert!(written.len() > 2, "only {} were written", written.len());
    assert_eq!(written.iter().filter(|id| !is_somewhere(id)).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn work_in_batches_does_not_go_on_in_another_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, backup) = (usual_place(folder.path()), folder.path().join("copy.db"));
    let mut store = Store::create(&path).expect("made");
    store.back_up(&backup, Over::Nothing).expect("copied");
    let mut bulk = Bulk::new(entry());
    store.import(&mut bulk, [lead("1".into())]).expect("written");
    let _ = restore(&Store::open(&backup).expect("read").expect("there"), &path).expect("restored");
    // Another operation has its number by now.
    store.import(&mut Bulk::new(entry()), [lead("2".into())]).expect("written");
    let error = store.import(&mut bulk, [lead("3".into())]).expect_err("it is another store");
    assert!(matches!(&error, StoreError::Moved(_)) && error.to_string().contains("was restored meanwhile"), "{error}");
    assert_eq!(store.record_counts().expect("counted")[0].open, 1);
}

/// A backup that was made in the middle of a commit: files are of another moment when it comes back, and stay as they are.
#[test]
fn what_is_restored_writes_no_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, backup) = (usual_place(folder.path()), folder.path().join("copy.db"));
    let mut store = Store::create(&path).expect("made");
    let change = FileChange { path: FilePath::new("sequences/a.yaml"), before: Some("old\n".into()), after: None };
    store.decide(&entry(), &Changes { files: vec![change], rows: Vec::new() }, &Modes::new()).expect("decided");
    store.back_up(&backup, Over::Nothing).expect("copied");
    let _ = restore(&Store::open(&backup).expect("read").expect("there"), &path).expect("restored");
    assert_eq!(store.pending().expect("asked"), []);
}

#[test]
fn a_backup_takes_no_place_of_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = usual_place(folder.path());
    let mut store = Store::create(&path).expect("made");
    let other = Store::create(&folder.path().join("other/state.db")).expect("made");
    let to = other.path().to_owned();
    for (place, by) in [
        (to, "another workspace's store, or a backup of it"),
        (path.with_file_name("state.db-wal"), "SQLite's own file beside the store"),
        (path.with_file_name("state.db-journal"), "SQLite's own file beside the store"),
    ] {
        let taken = store.back_up(&place, Over::Store).expect_err("taken");
        assert!(matches!(&taken, StoreError::Taken { by: found, .. } if *found == by), "{taken}");
    }
    // One that somebody has open, with work that is not in the file yet.
    let mine = folder.path().join("mine.db");
    store.back_up(&mine, Over::Nothing).expect("copied");
    let mut open = Store::create(&mine).expect("opened");
    open.import(&mut Bulk::new(entry()), [lead("1".into())]).expect("written");
    let taken = store.back_up(&mine, Over::Store).expect_err("somebody has it open");
    assert!(matches!(&taken, StoreError::Taken { by: "a store that somebody has open", .. }), "{taken}");
    drop(open);
    store.import(&mut Bulk::new(entry()), [lead("2".into())]).expect("written");
    store.back_up(&mine, Over::Store).expect("replaced");
}

#[test]
fn what_is_wrong_in_a_store_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = usual_place(folder.path());
    let mut store = Store::create(&path).expect("made");
    store.import(&mut Bulk::new(entry()), [lead("1".into())]).expect("written");
    assert_eq!(store.check().expect("asked"), [""; 0]);
    let spoil = |sql: &str| {
        let other = tempfile::tempdir().expect("a folder");
        let copy = other.path().join("copy.db");
        store.back_up(&copy, Over::Nothing).expect("copied");
        rusqlite::Connection::open(&copy).expect("opened").execute_batch(sql).expect("spoilt");
        Store::open(&copy).expect("read").expect("there").check().expect("asked").join("; ")
    };
    let sequence = "INSERT INTO sequence (number, id, state, newest_version) VALUES";
    for (sql, words) in [
        (format!("{sequence} (1, 'a', 'active', 3)"), "sequences whose newest version is not there: 1"),
        (format!("{sequence} (1, 'a', 'active', NULL)"), "serve without a published version: 1"),
        (format!("{sequence} (1, 'a', 'asleep', NULL)"), "`a` is `asleep`, which is no state"),
        ("INSERT INTO text VALUES (zeroblob(32), 'other')".to_owned(), "1 published texts are not what was published"),
        (
            "PRAGMA foreign_keys = off; INSERT INTO step_done VALUES (9, 'a', 'skipped', NULL, 1, 'x')".to_owned(),
            "1 rows of `step_done` refer to a `connection`",
        ),
    ] {
        let told = spoil(&sql);
        assert!(told.contains(words), "{sql}: {told}");
    }
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
