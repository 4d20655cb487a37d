//! What `segue doctor` finds that no session can show: what a crash leaves, who writes, and what time does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use segue::lifecycle::Version;
use segue::operation::{Changes, FileChange, JournalEntry, RowChange};
use segue::outside::commit::{beside_of, recover};
use segue::outside::disk::{Lock, RealDisk, Root};
use segue::outside::doctor::{Examined, Kind, LastBackup, Patient, examine, note_backup, settle};
use segue::outside::store::{Modes, Store, usual_place};
use segue::sequence::{SequenceId, State};
use segue::text::{Digest, FilePath};
use segue::time::Instant;

/// A test beside this one, in the same process, may start a child that has the lock for a moment.
const PATIENCE: Duration = Duration::from_secs(5);

struct Place {
    _folder: tempfile::TempDir,
    root: Root,
}

fn at(second: i64) -> Instant {
    Instant::from_second(1_800_000_000 + second).unwrap()
}

fn id() -> SequenceId {
    SequenceId::parse("a").unwrap()
}

impl Place {
    /// A workspace with one sequence, published twice, and a backup of its store.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().join("w");
        fs::create_dir_all(top.join("sequences/lead")).unwrap();
        fs::write(top.join("sequences/a.yaml"), "name: a\n").unwrap();
        let place = Self { root: Root::at(&top).unwrap(), _folder: folder };
        let publish = |number: u32| RowChange::Publish {
            sequence: id(),
            version: Version { number, meaning: Digest::of("name: a\n"), text: Arc::from("name: a\n"), message: None },
            skip_non_working_days: false,
        };
        place.decide(&[], vec![publish(1), publish(2), RowChange::Serve { sequence: id(), state: State::Active }]);
        let backup = place.root.path().with_file_name("backup.db");
        fs::write(&backup, "").unwrap();
        let store = Store::open(&place.store()).unwrap().unwrap().identity().unwrap().0;
        note_backup(&place.root, &LastBackup { store, path: backup.display().to_string(), operation: 1 });
        place
    }

    fn store(&self) -> std::path::PathBuf {
        usual_place(self.root.path())
    }

    /// What a commit leaves that dies right after its decision.
    fn decide(&self, files: &[(&str, Option<&str>, Option<&str>)], rows: Vec<RowChange>) {
        let change = |(path, before, after): &(&str, Option<&str>, Option<&str>)| FileChange {
            path: FilePath::new(*path),
            before: before.map(Arc::from),
            after: after.map(Arc::from),
        };
        let entry = JournalEntry { what: "test".to_owned(), actor: "ada".to_owned(), at: at(0), message: None };
        let changes = Changes { files: files.iter().map(change).collect(), rows };
        Store::create(&self.store()).unwrap().decide(&entry, &changes, &Modes::new()).unwrap();
    }

    fn examine(&self) -> Examined {
        let declared = BTreeSet::from([id()]);
        examine(&Patient { root: &self.root, store: &self.store(), declared: &declared, now: at(0) }).unwrap()
    }

    fn kinds(&self) -> Vec<Kind> {
        self.examine().complaints.into_iter().map(|complaint| complaint.kind).collect()
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.root.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.root.path().join(name)).ok()
    }

    fn fix(&self) -> Vec<String> {
        let lock = Lock::take(&self.root, "test", PATIENCE).unwrap();
        let disk = RealDisk::at(&self.root).unwrap();
        let mut store = Store::create(&self.store()).unwrap();
        assert_eq!(recover(&lock, &disk, &mut store).unwrap(), []);
        settle(&lock, &disk, &self.store()).unwrap()
    }
}

#[test]
fn what_a_crash_leaves_comes_right_by_itself() {
    let place = Place::new();
    assert_eq!(place.kinds(), [Kind::UnusedVersions]);
    place.decide(
        &[("sequences/a.yaml", Some("name: a\n"), Some("name: A\n")), ("sequences/b.yaml", None, Some("name: b\n"))],
        Vec::new(),
    );
    // A text that waits for its place is no stray as long as its commit is not over.
    let waiting = beside_of(&FilePath::new("sequences/b.yaml"))[1].to_string();
    place.put(&waiting, "name: b\n");
    let told = place.examine().complaints;
    assert_eq!(place.kinds(), [Kind::UnfinishedCommit, Kind::UnusedVersions]);
    assert_eq!(told[0].message, "operation 2 is decided and has not reached 2 files");
    assert_eq!(told[0].paths, ["sequences/a.yaml", "sequences/b.yaml"]);
    assert_eq!(place.fix(), [""; 0]);
    assert_eq!(
        (place.read("sequences/a.yaml"), place.read("sequences/b.yaml")),
        (Some("name: A\n".into()), Some("name: b\n".into()))
    );
    assert_eq!((place.read(&waiting), place.kinds()), (None, vec![Kind::UnusedVersions]));
    // One that was never decided.
    place.put(".segue/staging", r#"{"files":[["sequences/c.yaml","0000000000000000"]],"folders":[]}"#);
    assert_eq!(place.kinds(), [Kind::UndecidedCommit, Kind::UnusedVersions]);
    assert_eq!(place.fix(), [""; 0]);
    assert_eq!(place.kinds(), [Kind::UnusedVersions]);
}

#[test]
fn whoever_writes_is_named_and_what_they_have_lying_about_is_theirs() {
    let place = Place::new();
    place.put("sequences/.segue-0123456789abcdef.part", "half");
    assert_eq!(place.kinds(), [Kind::StrayFile, Kind::UnusedVersions]);
    let lock = Lock::take(&place.root, "segue run all", Duration::ZERO).unwrap();
    let examined = place.examine();
    assert!(examined.writer.is_some_and(|writer| writer.starts_with("`segue run all` (process")));
    assert_eq!(place.kinds(), [Kind::UnusedVersions]);
    drop(lock);
    place.put(".segue/lock", "`segue run all` (process 1, since 2026-03-02 09:00:00 UTC)\n");
    assert_eq!(place.kinds(), [Kind::StrayFile, Kind::DeadWriter, Kind::UnusedVersions]);
    // To ask who writes keeps nobody from writing.
    std::thread::scope(|scope| {
        scope.spawn(|| (0..200).for_each(|_| drop(Lock::writer(&place.root).unwrap())));
        (0..200).for_each(|_| drop(Lock::take(&place.root, "test", PATIENCE).unwrap()));
    });
    assert_eq!(place.fix(), ["removed sequences/.segue-0123456789abcdef.part"]);
    assert_eq!(place.kinds(), [Kind::UnusedVersions]);
}

#[test]
fn strays_go_and_what_somebody_may_have_typed_stays() {
    let place = Place::new();
    let [part, new, old] = beside_of(&FilePath::new("sequences/a.yaml")).map(|name| name.to_string());
    place.put(&part, "nam");
    place.put(&new, "name: typed by somebody\n");
    place.put(&old, "name: a\n");
    let done = place.fix();
    assert_eq!(done.len(), 3);
    assert_eq!(place.read(".segue/kept/0.theirs/sequences/a.yaml").as_deref(), Some("name: typed by somebody\n"));
    assert_eq!(place.kinds(), [Kind::CommitDiverged, Kind::UnusedVersions]);
    // Once the file says the same, there is nothing to choose.
    place.put("sequences/a.yaml", "name: typed by somebody\n");
    assert_eq!(place.fix().len(), 1);
    assert_eq!(place.kinds(), [Kind::UnusedVersions]);
    assert!(!place.root.path().join(".segue/kept/0.theirs").exists(), "an empty folder stays");
}

/// What lies about may be of a commit that a store decided which cannot be asked just now.
#[test]
fn strays_wait_until_the_store_can_be_asked() {
    let place = Place::new();
    place.decide(&[("sequences/b.yaml", None, Some("name: b\n"))], Vec::new());
    let waiting = beside_of(&FilePath::new("sequences/b.yaml"))[1].to_string();
    place.put(&waiting, "name: b\n");
    let whole = fs::read(place.store()).unwrap();
    fs::write(place.store(), "no store at all").unwrap();
    assert_eq!(place.kinds(), [Kind::DamagedStore]);
    fs::write(place.store(), whole).unwrap();
    assert_eq!(place.kinds(), [Kind::UnfinishedCommit, Kind::UnusedVersions]);
    assert_eq!(place.fix(), [""; 0]);
    assert_eq!(place.read("sequences/b.yaml").as_deref(), Some("name: b\n"));
}

/// Records are imported, and a backup is made, without the writer's lock.
#[test]
fn what_somebody_writes_beside_the_lock_is_no_stray() {
    let place = Place::new();
    let part = place.root.path().join(".segue/.monday.db.part");
    let file = fs::File::create(&part).unwrap();
    file.lock().unwrap();
    assert_eq!(place.kinds(), [Kind::UnusedVersions]);
    assert_eq!(place.fix(), [""; 0]);
    assert!(part.exists());
    drop(file);
    assert_eq!(place.kinds(), [Kind::StrayFile, Kind::UnusedVersions]);
    assert_eq!(place.fix(), ["removed .segue/.monday.db.part"]);
    assert_eq!(place.kinds(), [Kind::UnusedVersions]);
}

#[test]
fn time_and_strangers_show_in_the_store() {
    let place = Place::new();
    let database = Connection::open(place.store()).unwrap();
    let due = |second: i64| at(second).as_microsecond();
    database
        .execute_batch(&format!(
            "INSERT INTO record VALUES (1, 'lead', '1', NULL, NULL, 1, '{{}}'), (2, 'lead', '2', NULL, NULL, 1, '{{}}');
             INSERT INTO connection (record, sequence, version, run, step, connected_at, connected_by, entered_at, due)
                VALUES (1, 1, 2, 1, 'intro', 0, 'x', 0, {}), (2, 1, 1, 1, 'intro', 0, 'x', 0, {});",
            due(-25 * 3600),
            due(-3600)
        ))
        .unwrap();
    let told = place.examine().complaints;
    assert_eq!(told.iter().map(|complaint| complaint.kind).collect::<Vec<_>>(), [Kind::Overdue]);
    assert!(told[0].message.starts_with("1 connection waits past the time, since 2027-01-14 07:00 UTC"), "{}", told[0].message);
    database.execute_batch("UPDATE connection SET due = NULL; UPDATE workspace SET epoch = 2;").unwrap();
    assert_eq!(place.kinds(), []);
    let message = "INSERT INTO outbox (key, record, sequence, run, step, kind, state, at) VALUES ('k', 1, 1, 1, 'intro', 'email', 'waiting', 0)";
    database.execute(message, []).unwrap();
    let told = place.examine().complaints;
    assert_eq!(told.iter().map(|complaint| complaint.kind).collect::<Vec<_>>(), [Kind::SendingWaits]);
    assert!(told[0].message.contains("its epoch is 2, and 1 message waits"), "{}", told[0].message);
    database.execute_batch("UPDATE sequence SET state = 'asleep'").unwrap();
    let told = place.examine().complaints;
    assert_eq!(told[0].kind, Kind::DamagedStore);
    assert!(told[0].message.contains("`a` is `asleep`, which is no state"), "{}", told[0].message);
    database.execute_batch("PRAGMA user_version = 1000000").unwrap();
    assert_eq!(place.kinds(), [Kind::NewerStore]);
    drop(database);
    fs::write(place.store(), "no store at all").unwrap();
    assert_eq!(place.kinds(), [Kind::DamagedStore]);
    assert!(Path::new(&place.store()).exists());
}
