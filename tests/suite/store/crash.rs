//! A writer that is killed at any moment leaves the state before its commit, or the state after it.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use segue::operation::{Changes, RowChange};
use segue::outside::store::{Modes, Store};
use segue::progress::EndReason;
use segue::sequence::State;

use super::series::agree;
use super::world::{Place, connect, end_all, entry, file, import, publish, serve};

/// Set for the child: the store that it writes to.
const STORE: &str = "SEGUE_TEST_STORE_OF_THE_CHILD";
/// How many records each of its commits disconnects and connects again.
const RECORDS: usize = 300;
/// So many rows of the journal belong to each of its commits.
const EVENTS: i64 = 2 * RECORDS as i64;

#[test]
fn a_killed_writer_leaves_whole_commits() {
    if let Some(path) = env::var_os(STORE) {
        return commit_for_ever(Path::new(&path));
    }
    let place = Place::new();
    let mut store = place.store();
    let ids: Vec<String> = (0..RECORDS).map(|number| number.to_string()).collect();
    import(&mut store, &ids.iter().map(String::as_str).collect::<Vec<_>>());
    let mut start = vec![publish("inbound", 1), serve("inbound", State::Active)];
    start.extend(ids.iter().map(|id| connect(id, "inbound", 1, 1)));
    store.decide(&entry("start"), &Changes { files: Vec::new(), rows: start }, &Modes::new()).unwrap();
    drop(store);
    for round in 0..12 {
        let before = commits(&place.path());
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "store::crash::a_killed_writer_leaves_whole_commits"])
            .env(STORE, place.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        while commits(&place.path()) == before {
            assert!(Instant::now() < deadline, "the child writes nothing");
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_micros(1_700 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        whole(&place);
    }
}

/// The child: one commit after the other until it is killed.
fn commit_for_ever(path: &Path) {
    let mut store = Store::create(path).unwrap();
    let mut run = 2 + commits(path) as u32;
    loop {
        let reconnect = (0..RECORDS).map(|number| connect(&number.to_string(), "inbound", 1, run));
        let rows: Vec<RowChange> = [end_all("inbound", EndReason::UserDisconnected)].into_iter().chain(reconnect).collect();
        let files = vec![file(&format!("sequences/{run}.yaml"), None, Some("text"))];
        store.decide(&entry("reconnect"), &Changes { files, rows }, &Modes::new()).unwrap();
        run += 1;
    }
}

fn commits(path: &Path) -> i64 {
    let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    database.query_row("SELECT count(*) FROM operation WHERE what = 'reconnect'", [], |row| row.get(0)).unwrap()
}

fn whole(place: &Place) {
    let number = |sql: &str| -> i64 { Connection::open(place.path()).unwrap().query_row(sql, [], |row| row.get(0)).unwrap() };
    let done = commits(&place.path());
    assert_eq!(number("SELECT count(*) FROM connection WHERE ended_at IS NULL"), RECORDS as i64);
    assert_eq!(number("SELECT count(*) FROM pending_file"), done);
    let of_commits = "SELECT count(*) FROM event JOIN operation ON operation.number = event.operation WHERE what = 'reconnect'";
    assert_eq!(number(of_commits), done * EVENTS);
    assert_eq!(number("SELECT max(run) FROM connection"), done + 1);
    // A reader needs nobody to tidy up first, and the next writer goes on.
    assert_eq!(Store::open(&place.path()).unwrap().unwrap().pending().unwrap().len() as i64, done);
    agree(&place.path());
}
