//! What is purged is gone: from every table, and from the file's bytes. What is left is whole.

use std::fs;

use rusqlite::Connection;
use segue::operation::{Changes, Facts, Kept, RowChange};
use segue::outside::store::{Modes, Store};
use segue::sequence::State;

use super::series::agree;
use super::world::{Place, connect, decide, delete, end, entry, file, id, import, publish, serve, version};

const SECRET: &str = "name: the marmot of Engadin\n";

fn purge(sequence: &str) -> RowChange {
    RowChange::Purge { sequence: id(sequence) }
}

fn publish_as(sequence: &str, number: u32, text: &str) -> RowChange {
    RowChange::Publish { sequence: id(sequence), version: version(number, text), skip_non_working_days: false }
}

/// A commit of rows and of a file that says something by it, already on disk.
fn write(store: &mut Store, changes: &Changes) -> i64 {
    let operation = store.decide(&entry("test"), changes, &Modes::new()).unwrap();
    let paths: Vec<_> = changes.files.iter().map(|file| file.path.clone()).collect();
    store.settle(operation, &paths).unwrap();
    operation
}

/// `inbound`, which goes, and `cold`, which stays, in operations of their own and in one of both.
fn filled(place: &Place) -> (Store, [i64; 4]) {
    let mut store = place.store();
    import(&mut store, &["1", "2"]);
    let secret = file("sequences/inbound.yaml", None, Some(SECRET));
    let own = Changes { files: vec![secret], rows: vec![publish_as("inbound", 1, SECRET), serve("inbound", State::Active)] };
    let own = write(&mut store, &own);
    let shared =
        vec![publish("cold", 1), serve("cold", State::Active), connect("1", "cold", 1, 1), connect("1", "inbound", 1, 1)];
    let shared = decide(&mut store, shared).unwrap();
    let ended = decide(&mut store, vec![end("1", "inbound"), RowChange::Undo { operation: own }]).unwrap();
    let undo = decide(&mut store, vec![RowChange::Undo { operation: ended }]).unwrap();
    decide(&mut store, vec![connect("2", "inbound", 1, 1), publish("twin", 1)]).unwrap();
    // What two say the same is one text, and stays for the other.
    decide(&mut store, vec![publish_as("inbound", 2, "name: twin 1\n")]).unwrap();
    (store, [own, shared, ended, undo])
}

fn triggers(place: &Place) -> Vec<String> {
    let database = Connection::open(place.path()).unwrap();
    let mut statement = database.prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn nothing_is_left_of_a_purged_sequence() {
    let place = Place::new();
    let (mut store, [own, shared, ended, undo]) = filled(&place);
    let held = triggers(&place);
    assert_eq!(store.kept(&id("inbound")), Ok(Some(Kept { versions: 2, connections: 2 })));
    let gone = file("sequences/inbound.yaml", Some(SECRET), None);
    let purged = write(&mut store, &Changes { files: vec![gone], rows: vec![purge("inbound")] });
    assert_eq!(store.kept(&id("inbound")), Ok(None));
    assert_eq!(store.versions(&id("inbound")), Ok(Vec::new()));
    assert_eq!(store.version(&id("twin"), 1).unwrap().map(|twin| twin.text.to_string()), Some("name: twin 1\n".to_owned()));
    // Operations about nothing else are gone, and so is what only undid them.
    let left = |number| store.operation(number).unwrap().map(|line| (line.events, line.files));
    assert_eq!([left(own), left(ended), left(undo)], [None; 3]);
    assert_eq!(left(shared), Some((4, 0)), "published, served, connected, and that a part was purged");
    assert_eq!(left(purged), Some((1, 0)));
    assert_eq!(store.running(&super::world::lead("1")).unwrap().len(), 1);
    assert_eq!(triggers(&place), held, "the journal is append-only again");
    let database = Connection::open(place.path()).unwrap();
    database.execute("DELETE FROM event", []).expect_err("a line of the journal stays");
    drop(database);
    store.sweep().unwrap();
    drop(store);
    agree(&place.path());
    for entry in fs::read_dir(place.path().parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"marmot"), "{} still holds it", path.display());
    }
}

#[test]
fn an_id_that_was_purged_begins_anew() {
    let place = Place::new();
    let (mut store, _) = filled(&place);
    decide(&mut store, vec![purge("inbound"), purge("unknown")]).unwrap();
    decide(&mut store, vec![publish("inbound", 1), serve("inbound", State::Active), connect("1", "inbound", 1, 1)]).unwrap();
    decide(&mut store, vec![purge("inbound"), publish("inbound", 1)]).unwrap();
    decide(&mut store, vec![delete("inbound")]).unwrap();
    decide(&mut store, vec![purge("inbound")]).unwrap();
    assert_eq!(store.kept(&id("inbound")), Ok(None));
    drop(store);
    agree(&place.path());
}
