//! What the store's file may suffer, and what is said about it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use segue::operation::Facts;
use segue::outside::store::{PATIENCE, Store, StoreError, usual_place};
use segue::sequence::State;

use super::world::{Place, decide, id, import, lead, publish, record, serve};

fn filled() -> Place {
    let place = Place::new();
    let mut store = place.store();
    import(&mut store, &["1"]);
    decide(&mut store, vec![publish("inbound", 1), serve("inbound", State::Active)]).unwrap();
    place
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[track_caller]
fn refused(path: &Path) -> [StoreError; 2] {
    [Store::open(path).expect_err("a reader is refused"), Store::create(path).expect_err("a writer is refused")]
}

#[test]
fn looking_creates_nothing() {
    let place = Place::new();
    assert!(Store::open(&place.path()).unwrap().is_none());
    assert_eq!(names(place.folder.path()), [""; 0]);
    fs::create_dir(place.folder.path().join(".segue")).unwrap();
    fs::write(place.path(), "").unwrap();
    assert!(Store::open(&place.path()).unwrap().is_none(), "an empty file holds nothing");
    assert_eq!(fs::read(place.path()).unwrap(), b"");
    Store::create(&place.path()).unwrap();
    assert!(Store::open(&place.path()).unwrap().is_some());
}

#[test]
fn writing_makes_a_folder_that_git_ignores_and_leaves_nothing_else() {
    let place = filled();
    assert_eq!(names(&place.folder.path().join(".segue")), [".gitignore", "state.db"]);
    assert_eq!(fs::read_to_string(place.folder.path().join(".segue/.gitignore")).unwrap(), "*\n");
    let elsewhere = place.folder.path().join("a/b/of-the-team.db");
    drop(Store::create(&elsewhere).unwrap());
    assert_eq!(names(&place.folder.path().join("a/b")), ["of-the-team.db"]);
}

#[test]
fn a_store_is_one_and_the_same_however_often_it_is_opened() {
    let place = filled();
    let identity = place.store().identity().unwrap();
    assert_eq!((identity.0.len(), identity.1), (32, 1));
    let reader = Store::open(&place.path()).unwrap().expect("it is there");
    assert_eq!(reader.identity().unwrap(), identity);
    assert_eq!(reader.record(&lead("1")), Ok(Some(record("1"))));
    drop(reader);
    assert_eq!(names(&place.folder.path().join(".segue")), [".gitignore", "state.db"], "a reader leaves nothing behind");
    assert_ne!(Place::new().store().identity().unwrap().0, identity.0);
}

#[test]
fn something_else_in_its_place_is_told_and_left_alone() {
    let place = filled();
    let says = |name: &str, words: &str| {
        for error in refused(&place.folder.path().join(name)) {
            let message = error.to_string();
            assert!(message.contains(words) && message.contains(name), "{message}");
        }
    };
    fs::create_dir(place.folder.path().join("folder")).unwrap();
    says("folder", "is no store of segue but a folder");
    fs::write(place.folder.path().join("notes.txt"), "These are notes, and they are long enough.\n".repeat(40)).unwrap();
    says("notes.txt", "is no store of segue but another kind of file");
    fs::write(place.folder.path().join("short.txt"), "notes").unwrap();
    says("short.txt", "is no store of segue but another kind of file");
    let foreign = Connection::open(place.folder.path().join("foreign.db")).unwrap();
    foreign.execute_batch("CREATE TABLE song (name TEXT)").unwrap();
    says("foreign.db", "is no store of segue but another program's database");
    assert_eq!(fs::read(place.folder.path().join("short.txt")).unwrap(), b"notes");
    let tables: i64 = foreign.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);
}

#[test]
#[cfg(unix)]
fn links_and_pipes_are_not_followed() {
    let (place, other) = (Place::new(), filled());
    std::os::unix::fs::symlink(other.folder.path().join(".segue"), place.folder.path().join(".segue")).unwrap();
    for error in refused(&place.path()) {
        assert!(error.to_string().contains("but a link"), "{error}");
    }
    let pipe = place.folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for error in refused(&pipe) {
        assert!(error.to_string().contains("something that is no file"), "{error}");
    }
}

#[test]
fn a_newer_store_is_refused_and_says_so() {
    let place = filled();
    Connection::open(place.path()).unwrap().pragma_update(None, "user_version", 7).unwrap();
    for error in refused(&place.path()) {
        assert!(matches!(error, StoreError::Newer { found: 7, .. }), "{error:?}");
        assert!(error.to_string().contains("update segue"), "{error}");
    }
}

#[test]
fn damage_is_called_damage() {
    let place = filled();
    let whole = fs::read(place.path()).unwrap();
    for length in [whole.len() - 4096, whole.len() / 2, 8192, 5000, 50] {
        fs::write(place.path(), &whole[..length]).unwrap();
        let error = match Store::open(&place.path()) {
            Err(error) => error.to_string(),
            Ok(store) => store.expect("it is there").record(&lead("1")).expect_err("half of it is gone").to_string(),
        };
        assert!(error.contains("is damaged") && error.contains("backup"), "{length}: {error}");
    }
    // What no program of ours writes is damage too, not a panic.
    fs::write(place.path(), &whole).unwrap();
    let database = Connection::open(place.path()).unwrap();
    database.execute("UPDATE sequence SET state = 'asleep'", []).unwrap();
    database.execute("UPDATE record SET fields = '[1]'", []).unwrap();
    let store = Store::open(&place.path()).unwrap().unwrap();
    let state = store.published(&id("inbound")).expect_err("a strange state").to_string();
    assert!(state.contains("is damaged") && state.contains("`asleep` is no state"), "{state}");
    let fields = store.record(&lead("1")).expect_err("strange fields").to_string();
    assert!(fields.contains("`[1]` is no set of fields"), "{fields}");
}

#[test]
#[cfg(unix)]
fn a_folder_that_cannot_be_written_can_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let place = filled();
    let folder = place.folder.path().join(".segue");
    let permit = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o444)).unwrap();
    permit(0o555);
    let read = Store::open(&place.path()).map(|store| store.unwrap().record(&lead("1")));
    let written = Store::create(&place.path()).and_then(|mut store| decide(&mut store, vec![publish("x", 1)]));
    // For the superuser every folder can be written.
    let is_superuser = fs::write(folder.join("probe"), "").is_ok();
    permit(0o755);
    assert_eq!(read.unwrap(), Ok(Some(record("1"))));
    if !is_superuser {
        assert!(matches!(written, Err(StoreError::ReadOnly { .. })), "{written:?}");
    }
}

#[test]
fn one_writes_at_a_time_and_readers_never_wait() {
    let place = filled();
    let other = Connection::open(place.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; UPDATE record SET name = 'half done'").unwrap();
    let mut store = Store::create_within(&place.path(), Duration::from_millis(20)).unwrap();
    let busy = decide(&mut store, vec![publish("cold", 1)]).expect_err("somebody else writes");
    assert!(matches!(busy, StoreError::Busy { .. }) && busy.to_string().contains("somebody else is writing"), "{busy}");
    let reader = Store::open(&place.path()).unwrap().unwrap();
    assert_eq!(reader.record(&lead("1")), Ok(Some(record("1"))));
    other.execute_batch("ROLLBACK").unwrap();
    decide(&mut store, vec![publish("cold", 1)]).unwrap();
    assert!(reader.published(&id("cold")).unwrap().is_some());
}

#[test]
fn several_questions_are_answered_by_one_state() {
    let place = filled();
    let mut writer = place.store();
    let reader = Store::open(&place.path()).unwrap().unwrap();
    let newest = |store: &Store| store.published(&id("inbound")).unwrap().map(|published| published.number);
    let answers = reader.at_one_moment(|reader| {
        let before = newest(reader);
        decide(&mut writer, vec![publish("inbound", 2)]).unwrap();
        (before, newest(reader))
    });
    assert_eq!(answers.unwrap(), (Some(1), Some(1)));
    assert_eq!(newest(&reader), Some(2));
}

#[test]
fn many_may_make_it_at_once() {
    let place = Place::new();
    let path = place.path();
    let identities: Vec<String> = std::thread::scope(|scope| {
        let make = |number: u32| {
            let path = &path;
            move || {
                let mut store = Store::create_within(path, PATIENCE * 4).unwrap();
                decide(&mut store, vec![publish(&format!("s{number}"), 1)]).unwrap();
                store.identity().unwrap().0
            }
        };
        let makers: Vec<_> = (0..8).map(|number| scope.spawn(make(number))).collect();
        makers.into_iter().map(|maker| maker.join().unwrap()).collect()
    });
    assert!(identities.windows(2).all(|pair| pair[0] == pair[1]), "{identities:?}");
    let store = place.store();
    assert!((0..8).all(|number| store.published(&id(&format!("s{number}"))).unwrap().is_some()));
    drop(store);
    assert_eq!(names(path.parent().unwrap()), [".gitignore", "state.db"]);
    assert_eq!(usual_place(place.folder.path()), path);
}

#[test]
fn history_cannot_be_rewritten() {
    let place = filled();
    let database = Connection::open(place.path()).unwrap();
    for sql in [
        "UPDATE event SET word = 'x'",
        "DELETE FROM event",
        "UPDATE operation SET actor = 'x'",
        "DELETE FROM operation",
        "UPDATE version SET message = 'x'",
        "UPDATE text SET content = 'x'",
    ] {
        let error = database.execute(sql, []).expect_err(sql).to_string();
        assert!(error.contains("append-only") || error.contains("frozen"), "{sql}: {error}");
    }
}
