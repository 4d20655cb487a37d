//! A commit on a real disk with a real store: another process is killed at each step, and things stand in the way.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use segue::lifecycle::Version;
use segue::operation::{Changes, Facts, FileChange, JournalEntry, RowChange};
use segue::outside::commit::{CommitError, Committed, Ledger, LedgerError, commit, kept, recover};
use segue::outside::disk::{Access, Disk, Found, Lock, LockError, RealDisk, Root};
use segue::outside::store::{PendingFile, Store, usual_place};
use segue::sequence::SequenceId;
use segue::text::{Digest, FilePath};

use super::{Book, change, changes, entry};

const BEFORE: [(&str, &str); 4] = [
    ("segue.yaml", "format: 1\n"),
    ("sequences/a.yaml", "name: a\n"),
    ("sequences/lead/b.yaml", "name: b\n"),
    ("sequences/lead/c.yaml", "name: c\n"),
];

fn usual_changes() -> Changes {
    changes([
        change("sequences/a.yaml", Some("name: a\n"), Some("name: A\n")),
        change("sequences/lead/b.yaml", Some("name: b\n"), None),
        change("sequences/new/deep/e.yaml", None, Some("name: e\n")),
    ])
}

struct Place {
    folder: tempfile::TempDir,
    root: Root,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in BEFORE {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let root = Root::at(folder.path()).unwrap();
        Self { folder, root }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn lock(&self) -> Lock {
        Lock::take(&self.root, "test", Duration::from_secs(5)).unwrap()
    }

    fn commit(&self, changes: &Changes) -> Result<Committed, CommitError> {
        let disk = RealDisk::at(&self.root).unwrap();
        commit(&self.lock(), &disk, &mut Book::default(), &entry(), changes)
    }

    fn stopped(&self, changes: &Changes) -> String {
        let before = self.files();
        let error = self.commit(changes).expect_err("it should be stopped").to_string();
        assert_eq!(self.files(), before, "{error}");
        error
    }

    fn files(&self) -> BTreeMap<String, String> {
        files_in(self.root.path())
    }
}

/// All files of a workspace but the store's, with their texts.
pub fn files_in(root: &Path) -> BTreeMap<String, String> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            let is_link = fs::symlink_metadata(&path).unwrap().is_symlink();
            if path.is_dir() && !is_link {
                folders.push(path);
            } else if !name.starts_with(".segue/state.db") && name != ".segue/lock" && name != ".segue/.gitignore" {
                let text = || String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
                files.insert(name, if is_link { "a link".to_owned() } else { text() });
            }
        }
    }
    files
}

fn expected(is_decided: bool) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BEFORE.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
    if is_decided {
        for file in usual_changes().files {
            match file.after {
                Some(text) => files.insert(file.path.to_string(), text.to_string()),
                None => files.remove(file.path.as_str()),
            };
        }
    }
    files
}

/// Counts steps, and does something before one of them.
#[derive(Clone)]
struct Steps {
    taken: Rc<Cell<usize>>,
    at: usize,
    act: Rc<dyn Fn()>,
}

impl Steps {
    fn new(at: usize, act: impl Fn() + 'static) -> Self {
        Self { taken: Rc::default(), at, act: Rc::new(act) }
    }

    fn step(&self) {
        if self.taken.replace(self.taken.get() + 1) == self.at {
            (self.act)();
        }
    }
}

/// Says that the step is reached, and waits for death.
fn wait_for_death() {
    let mut parent = io::stdout();
    parent.write_all(b"reached\n").unwrap();
    parent.flush().unwrap();
    std::thread::sleep(Duration::from_secs(60));
}

struct Slow<T>(T, Steps);

impl Disk for Slow<RealDisk> {
    fn look(&self, name: &FilePath) -> io::Result<Found> {
        self.0.look(name)
    }
    fn bytes(&self, name: &FilePath) -> io::Result<Vec<u8>> {
        self.0.bytes(name)
    }
    fn names(&self, folder: &FilePath) -> io::Result<Vec<String>> {
        self.0.names(folder)
    }
    fn make_folder(&self, folder: &FilePath) -> io::Result<()> {
        self.1.step();
        self.0.make_folder(folder)
    }
    fn create(&self, name: &FilePath, access: Access) -> io::Result<()> {
        self.1.step();
        self.0.create(name, access)
    }
    fn write(&self, name: &FilePath, bytes: &[u8]) -> io::Result<()> {
        self.1.step();
        self.0.write(name, bytes)
    }
    fn permit(&self, name: &FilePath, mode: u32) -> io::Result<()> {
        self.1.step();
        self.0.permit(name, mode)
    }
    fn sync_file(&self, name: &FilePath) -> io::Result<()> {
        self.1.step();
        self.0.sync_file(name)
    }
    fn sync_folder(&self, folder: &FilePath) -> io::Result<()> {
        self.1.step();
        self.0.sync_folder(folder)
    }
    fn exchange(&self, one: &FilePath, other: &FilePath) -> io::Result<()> {
        self.1.step();
        self.0.exchange(one, other)
    }
    fn rename(&self, from: &FilePath, to: &FilePath) -> io::Result<()> {
        self.1.step();
        self.0.rename(from, to)
    }
    fn remove_file(&self, name: &FilePath) -> io::Result<()> {
        self.1.step();
        self.0.remove_file(name)
    }
    fn remove_folder(&self, folder: &FilePath) -> io::Result<()> {
        self.1.step();
        self.0.remove_folder(folder)
    }
}

impl Ledger for Slow<Store> {
    fn decide(&mut self, entry: &JournalEntry, changes: &Changes, modes: &BTreeMap<FilePath, u32>) -> Result<i64, LedgerError> {
        self.1.step();
        Ledger::decide(&mut self.0, entry, changes, modes)
    }
    fn pending(&self) -> Result<Vec<PendingFile>, LedgerError> {
        Ledger::pending(&self.0)
    }
    fn settle(&mut self, operation: i64, files: &[FilePath]) -> Result<(), LedgerError> {
        self.1.step();
        Ledger::settle(&mut self.0, operation, files)
    }
}

const WHERE: &str = "SEGUE_TEST_COMMIT_IN";
const STEP: &str = "SEGUE_TEST_COMMIT_STEP";
const WORK: &str = "SEGUE_TEST_COMMIT_OF";

/// What is committed while somebody is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    /// One file is edited, one deleted, one made.
    Usual,
    /// The usual is undone.
    Undo,
    /// What was published is deleted with all that is kept of it.
    Purge,
}

impl Work {
    const ALL: [Self; 3] = [Self::Usual, Self::Undo, Self::Purge];

    /// What was committed before.
    fn before(self) -> Option<Changes> {
        let version = Version { number: 1, meaning: Digest::of("b"), text: "name: b\n".into(), message: None };
        let publish = RowChange::Publish { sequence: id("b"), version, skip_non_working_days: false };
        match self {
            Self::Usual => None,
            Self::Undo => Some(usual_changes()),
            Self::Purge => Some(Changes { files: Vec::new(), rows: vec![publish] }),
        }
    }

    fn changes(self) -> Changes {
        match self {
            Self::Usual => usual_changes(),
            Self::Undo => {
                let back = usual_changes().files.into_iter();
                let back = back.map(|file| FileChange { path: file.path, before: file.after, after: file.before });
                Changes { files: back.collect(), rows: vec![RowChange::Undo { operation: 1 }] }
            }
            Self::Purge => Changes {
                files: vec![change("sequences/lead/b.yaml", Some("name: b\n"), None)],
                rows: vec![RowChange::Purge { sequence: id("b") }],
            },
        }
    }

    /// The files as they are in the end.
    fn expected(self, is_decided: bool) -> BTreeMap<String, String> {
        match (self, is_decided) {
            (Self::Usual, _) => expected(is_decided),
            (Self::Undo, _) => expected(!is_decided),
            (Self::Purge, false) => expected(false),
            (Self::Purge, true) => {
                let mut files = expected(false);
                files.remove("sequences/lead/b.yaml");
                files
            }
        }
    }

    /// Whether it was decided, by what the store has of it.
    fn is_decided(self, store: &Store) -> bool {
        let operations: Vec<i64> = store.operations(None, 10).unwrap().iter().map(|line| line.number).collect();
        match self {
            Self::Usual => !operations.is_empty(),
            Self::Undo => operations.len() == 2,
            Self::Purge => {
                let is_kept = store.kept(&id("b")).unwrap().is_some();
                assert_eq!(operations, if is_kept { [1] } else { [2] });
                !is_kept
            }
        }
    }
}

fn id(text: &str) -> SequenceId {
    SequenceId::parse(text).unwrap()
}

/// What the killed process does: recovers, and commits. Nothing, in the parent.
#[test]
fn child_that_commits() {
    let Some(folder) = std::env::var_os(WHERE) else { return };
    let step = std::env::var(STEP).unwrap().parse().unwrap();
    let root = Root::at(Path::new(&folder)).unwrap();
    let steps = Steps::new(step, wait_for_death);
    let lock = Lock::take(&root, "segue test", Duration::ZERO).unwrap();
    let disk = Slow(RealDisk::at(&root).unwrap(), steps.clone());
    let mut store = Slow(Store::create(&usual_place(root.path())).unwrap(), steps);
    let _ = recover(&lock, &disk, &mut store).unwrap();
    let named = std::env::var(WORK).unwrap();
    let work = Work::ALL.into_iter().find(|work| format!("{work:?}") == named).unwrap();
    if !work.is_decided(&store.0) {
        let _ = commit(&lock, &disk, &mut store, &entry(), &work.changes()).unwrap();
    }
}

/// Another process of this test, up to where it waits for its death; `None` if it got to its end.
fn child_at(place: &Place, work: Work, step: usize) -> Option<Child> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "committing::real::child_that_commits", "--nocapture"])
        .env(WHERE, place.folder.path())
        .env(STEP, step.to_string())
        .env(WORK, format!("{work:?}"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    if lines.any(|line| line.ends_with("reached")) {
        return Some(child);
    }
    assert!(child.wait().unwrap().success(), "the child failed at step {step}");
    None
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn whoever_is_killed_at_any_step_leaves_what_the_next_completes() {
    killed_at_any_step(Work::Usual);
}

#[test]
fn an_undo_that_is_killed_at_any_step_is_completed() {
    killed_at_any_step(Work::Undo);
}

#[test]
fn a_purge_that_is_killed_at_any_step_is_completed() {
    killed_at_any_step(Work::Purge);
}

fn killed_at_any_step(work: Work) {
    let mut step = 0;
    loop {
        let place = Place::new();
        let disk = RealDisk::at(&place.root).unwrap();
        if let Some(before) = work.before() {
            let mut store = Store::create(&usual_place(place.root.path())).unwrap();
            let _ = commit(&place.lock(), &disk, &mut store, &entry(), &before).unwrap();
        }
        let Some(child) = child_at(&place, work, step) else { break };
        let held = Lock::take(&place.root, "another", Duration::ZERO);
        assert!(matches!(held, Err(LockError::Held { .. })), "step {step}: {held:?}");
        kill(child);
        // And now and then in the middle of what completes it.
        if step % 3 == 0
            && let Some(child) = child_at(&place, work, step / 3)
        {
            kill(child);
        }
        let lock = place.lock();
        let mut store = Store::create(&usual_place(place.root.path())).unwrap();
        assert_eq!(recover(&lock, &disk, &mut store).unwrap(), [], "step {step}");
        let is_decided = work.is_decided(&store);
        assert_eq!(place.files(), work.expected(is_decided), "step {step}");
        assert!(Ledger::pending(&store).unwrap().is_empty(), "step {step}");
        assert_eq!(kept(&disk).unwrap(), [], "step {step}");
        let has_new_folder = work.expected(is_decided).contains_key("sequences/new/deep/e.yaml");
        assert!(!has_new_folder || place.path("sequences/new").exists(), "step {step}");
        assert!(work != Work::Usual || has_new_folder == place.path("sequences/new").exists(), "step {step}");
        step += 1;
    }
    assert!(step > 10, "only {step} steps");
}

/// Somebody saves each file before each step, as programs do that write into a file and as programs do that replace it.
#[test]
fn what_a_person_saves_at_any_step_is_there_afterwards() {
    const MINE: &str = "name: typed by a person\n";
    let mut saved = 0;
    for (path, replaces) in [("sequences/a.yaml", true), ("sequences/lead/b.yaml", false), ("sequences/new/deep/e.yaml", true)] {
        for step in 0.. {
            let place = Place::new();
            let file = place.path(path);
            let save = move || {
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                if replaces {
                    let new = file.with_extension("mine");
                    fs::write(&new, MINE).unwrap();
                    fs::rename(new, &file).unwrap();
                } else {
                    fs::write(&file, MINE).unwrap();
                }
            };
            let steps = Steps::new(step, save);
            let (lock, disk) = (place.lock(), Slow(RealDisk::at(&place.root).unwrap(), steps.clone()));
            let mut store = Slow(Store::create(&usual_place(place.root.path())).unwrap(), steps.clone());
            let done = commit(&lock, &disk, &mut store, &entry(), &usual_changes());
            if steps.taken.get() <= step {
                break;
            }
            saved += 1;
            let _ = recover(&lock, &disk, &mut store).unwrap();
            let when = format!("{path} before step {step}: {done:?}");
            let files = place.files();
            assert!(files.iter().any(|(name, text)| text == MINE && !name.contains("/.segue-")), "{when}: {files:#?}");
            assert!(!files.keys().any(|name| name.contains(".segue-") || name == ".segue/staging"), "{when}: {files:#?}");
            let is_decided = !store.0.operations(None, 10).unwrap().is_empty();
            let others = |files: BTreeMap<String, String>| {
                files.into_iter().filter(|(name, _)| name != path && !name.starts_with(".segue/")).collect::<BTreeMap<_, _>>()
            };
            assert_eq!(others(files), others(expected(is_decided)), "{when}");
            assert!(Ledger::pending(&store).unwrap().is_empty(), "{when}");
        }
    }
    assert!(saved > 60, "only {saved} steps");
}

#[test]
fn the_holder_is_named_and_waited_for() {
    let place = Place::new();
    let lock = Lock::take(&place.root, "segue activate a", Duration::ZERO).unwrap();
    let message = Lock::take(&place.root, "segue tag", Duration::from_millis(80)).unwrap_err().to_string();
    let me = std::process::id().to_string();
    for part in ["`segue activate a`", &me, "since", "--lock-timeout", "nothing was changed"] {
        assert!(message.contains(part), "{message}");
    }
    let root = place.root.clone();
    let waiting = std::thread::spawn(move || Lock::take(&root, "segue tag", Duration::from_secs(30)).map(drop));
    std::thread::sleep(Duration::from_millis(100));
    drop(lock);
    waiting.join().unwrap().unwrap();
    assert_eq!(fs::read_to_string(place.path(".segue/.gitignore")).unwrap(), "*\n");
    // Whoever removes the file of a lock that is held does not let two in at once by that alone.
    let lock = place.lock();
    drop(lock);
    fs::remove_file(place.path(".segue/lock")).unwrap();
    drop(place.lock());
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn permissions_stay_and_nothing_is_left_beside() {
        let place = Place::new();
        fs::set_permissions(place.path("sequences/a.yaml"), fs::Permissions::from_mode(0o640)).unwrap();
        let committed = place.commit(&usual_changes()).unwrap();
        assert_eq!(committed.diverged, []);
        assert_eq!(place.files(), expected(true));
        let mode = |name: &str| fs::metadata(place.path(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode("sequences/a.yaml"), 0o640);
        assert_eq!(mode("sequences/new/deep/e.yaml"), mode("segue.yaml"), "a new file has what new files get");
    }

    #[test]
    fn what_stands_in_the_way_is_named_and_nothing_is_written() {
        let place = Place::new();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("a.yaml"), "name: a\n").unwrap();
        symlink(outside.path(), place.path("sequences/out")).unwrap();
        symlink("lead/c.yaml", place.path("sequences/link.yaml")).unwrap();
        fs::create_dir(place.path("sequences/folder.yaml")).unwrap();
        let a = || change("sequences/a.yaml", Some("name: a\n"), Some("name: A\n"));
        let cases = [
            (change("sequences/out/a.yaml", Some("name: a\n"), Some("x")), "lies behind sequences/out, which is a link"),
            (change("sequences/out/b.yaml", None, Some("x")), "lies behind sequences/out, which is a link"),
            (change("sequences/link.yaml", Some("name: c\n"), Some("x")), "is a link; only the file"),
            (change("sequences/link.yaml", Some("name: c\n"), None), "is a link; only the file"),
            (change("sequences/folder.yaml", None, Some("x")), "sequences/folder.yaml is a folder"),
            (change("sequences/a.yaml/b.yaml", None, Some("x")), "behind sequences/a.yaml, which is a file"),
            (change("sequences/lead/B.yaml", None, Some("x")), "would differ from sequences/lead/b.yaml by capitals alone"),
            (change("sequences/Lead/x.yaml", None, Some("x")), "would differ from sequences/lead by capitals alone"),
            (change("sequences/lead/c.yaml", None, Some("x")), "is there by now; run it again"),
            (change("sequences/lead/c.yaml", Some("name: C\n"), Some("x")), "was changed since it was read; run it again"),
            (change("sequences/lead/z.yaml", Some("name: z\n"), None), "was removed since it was read; run it again"),
        ];
        for (case, message) in cases {
            let error = place.stopped(&changes([a(), case]));
            assert!(error.starts_with("nothing was written: ") && error.contains(message), "{error}");
        }
        for name in
            ["../x.yaml", "sequences/../../x.yaml", "/tmp/x.yaml", "", ".segue/x", "sequences//x.yaml", "sequences/./x.yaml"]
        {
            let error = place.stopped(&changes([a(), change(name, None, Some("x"))]));
            assert!(error.contains("is no name of a file in a workspace"), "{name}: {error}");
        }
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_may_not_be_written_stops_it_before_anything_is() {
        let place = Place::new();
        let lead = place.path("sequences/lead");
        fs::set_permissions(&lead, fs::Permissions::from_mode(0o555)).unwrap();
        // For the superuser every folder can be written.
        if fs::write(lead.join("probe"), "").is_err() {
            let all = changes([
                change("sequences/a.yaml", Some("name: a\n"), Some("name: A\n")),
                change("sequences/lead/b.yaml", Some("name: b\n"), Some("name: B\n")),
            ]);
            let error = place.stopped(&all);
            assert!(error.contains("sequences/lead/b.yaml cannot be written"), "{error}");
        }
        fs::set_permissions(&lead, fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn local_state_behind_a_link_is_not_used() {
        let place = Place::new();
        let outside = tempfile::tempdir().unwrap();
        symlink(outside.path(), place.path(".segue")).unwrap();
        let error = Lock::take(&place.root, "test", Duration::ZERO).unwrap_err();
        assert!(matches!(&error, LockError::NotLocked { .. }), "{error}");
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    }
}
