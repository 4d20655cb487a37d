//! Every step of a commit on a disk in memory: the process dies there, the power fails, the step fails, somebody saves.

use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use segue::operation::{Changes, FileChange};
use segue::outside::commit::{CommitError, Committed, commit, kept, recover};
use segue::outside::disk::{Lock, Root};

use super::disk::{MemoryDisk, Plan, State};
use super::{Book, change, changes, entry, full};

/// A workspace on a disk in memory, its store, and a lock for the sake of form.
struct Scene {
    disk: MemoryDisk,
    book: Book,
    lock: Lock,
    before: Vec<(String, String)>,
    changes: Changes,
    _folder: tempfile::TempDir,
}

impl Scene {
    fn new(before: &[(&str, &str)], changes: Changes) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(&Root::at(folder.path()).unwrap(), "test", Duration::ZERO).unwrap();
        let disk = MemoryDisk::new(State::settled(before));
        let book = Book { clock: Some(Rc::clone(&disk.clock)), ..Book::default() };
        let before = before.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Self { disk, book, lock, before, changes, _folder: folder }
    }

    /// Two files edited, one of them deep, one created in new folders, one at the side of others, one deleted, one moved.
    fn usual() -> Self {
        let before = [
            ("segue.yaml", "format: 1\n"),
            ("sequences/a.yaml", "name: a\n"),
            ("sequences/lead/b.yaml", "name: b, a longer text than the other\n"),
            ("sequences/lead/c.yaml", "name: c\n"),
            ("sequences/lead/d.yaml", "name: d\n"),
        ];
        let changes = changes([
            change("sequences/a.yaml", Some("name: a\n"), Some("name: A\n")),
            change("sequences/lead/b.yaml", Some("name: b, a longer text than the other\n"), Some("name: B\n")),
            change("sequences/new/deep/e.yaml", None, Some("name: e\n")),
            change("sequences/lead/c.yaml", Some("name: c\n"), None),
            change("sequences/lead/d.yaml", Some("name: d\n"), None),
            change("sequences/lead/f.yaml", None, Some("name: d\n")),
        ]);
        Self::new(&before, changes)
    }

    fn without_exchange(mut self) -> Self {
        self.disk.exchanges = false;
        self
    }

    /// The same scene at its start.
    fn again(&self) -> Self {
        let before: Vec<(&str, &str)> = self.before.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let mut again = Self::new(&before, self.changes.clone());
        again.disk.exchanges = self.disk.exchanges;
        again
    }

    /// The same scene with a disk that somebody found after a crash.
    fn with(&self, state: State) -> Self {
        let mut other = self.again();
        *other.disk.state.borrow_mut() = state;
        *other.book.decided.borrow_mut() = self.book.decided.borrow().clone();
        *other.book.pending.borrow_mut() = self.book.pending.borrow().clone();
        other.disk.exchanges = self.disk.exchanges;
        other
    }

    fn commit(&mut self, plan: Plan) -> Result<Committed, CommitError> {
        self.disk.clock.plan(plan);
        commit(&self.lock, &self.disk, &mut self.book, &entry(), &self.changes)
    }

    fn recover(&mut self, plan: Plan) -> Result<usize, CommitError> {
        self.disk.clock.plan(plan);
        recover(&self.lock, &self.disk, &mut self.book).map(|diverged| diverged.len())
    }

    /// How many steps a whole commit has.
    fn steps(&self) -> usize {
        let mut scene = self.again();
        let _ = scene.commit(Plan::Nothing).unwrap();
        scene.disk.clock.count()
    }

    fn is_decided(&self) -> bool {
        !self.book.decided.borrow().is_empty()
    }

    /// The workspace's files, without what is local.
    fn files(&self) -> BTreeMap<String, String> {
        let all = self.disk.state.borrow().all();
        all.into_iter().filter(|(path, _)| !path.starts_with(".segue")).filter_map(|(path, text)| Some((path, text?))).collect()
    }

    /// What the files must be, by what the store decided.
    fn expected(&self) -> BTreeMap<String, String> {
        let mut files: BTreeMap<String, String> = self.before.iter().cloned().collect();
        if self.is_decided() {
            for FileChange { path, after, .. } in &self.changes.files {
                match after {
                    Some(text) => files.insert(path.to_string(), text.to_string()),
                    None => files.remove(path.as_str()),
                };
            }
        }
        files
    }

    /// Files and store agree, and nothing is left over.
    fn assert_whole(&self, when: &str) {
        let steps = || self.disk.clock.steps.borrow().join("\n");
        assert_eq!(self.files(), self.expected(), "{when}; steps:\n{}", steps());
        assert!(self.book.pending.borrow().is_empty(), "{when}: nothing is pending");
        self.disk.clock.plan(Plan::Nothing);
        assert_eq!(kept(&self.disk).unwrap(), [], "{when}: nothing diverged");
        let all = self.disk.state.borrow().all();
        let rest: Vec<&String> = all.keys().filter(|path| path.contains(".segue-") || path.contains("staging")).collect();
        assert!(rest.is_empty(), "{when}: left over: {rest:?}; steps:\n{}", steps());
        if !self.is_decided() {
            assert!(!all.contains_key("sequences/new"), "{when}: a folder is left over");
        }
    }
}

fn both() -> [Scene; 2] {
    [Scene::usual(), Scene::usual().without_exchange()]
}

#[test]
fn a_commit_changes_files_and_store() {
    for mut scene in both() {
        let committed = scene.commit(Plan::Nothing).unwrap();
        assert_eq!((committed.operation, committed.diverged.len()), (1, 0));
        assert!(scene.is_decided());
        scene.assert_whole("after a commit");
    }
}

/// Kills the process before each step, and recovers; kills the recovery before each of its steps, and recovers again.
#[test]
fn whoever_dies_at_any_step_leaves_what_can_be_completed() {
    for scene in both() {
        for at in 0..=scene.steps() {
            let mut dying = scene.again();
            let died = dying.commit(Plan::Die(at)).is_err();
            assert_eq!(died, at < scene.steps() - 1 || at < scene.steps() && died, "step {at}");
            let left = dying.disk.state.borrow().clone();
            let mut recovering = dying.with(left.clone());
            recovering.recover(Plan::Nothing).unwrap();
            let again = recovering.disk.clock.count();
            recovering.assert_whole(&format!("died at {at}"));
            for second in 0..again {
                let mut recovering = dying.with(left.clone());
                assert!(recovering.recover(Plan::Die(second)).is_err(), "died at {at}, then at {second}");
                recovering.recover(Plan::Nothing).unwrap();
                recovering.assert_whole(&format!("died at {at}, then at {second}"));
            }
        }
    }
}

/// As above, and what nobody waited for is lost in every way.
#[test]
fn a_power_failure_at_any_step_leaves_what_can_be_completed() {
    for scene in both() {
        for at in 0..=scene.steps() {
            let mut dying = scene.again();
            let _ = dying.commit(Plan::Die(at));
            let states = dying.disk.state.borrow().after_power_failure(40);
            for (way, state) in states.into_iter().enumerate() {
                let mut recovering = dying.with(state);
                recovering.recover(Plan::Nothing).unwrap();
                recovering.assert_whole(&format!("power failed at {at}, way {way}"));
                // And once more, right after: what was recovered is safe.
                let states = recovering.disk.state.borrow().after_power_failure(3);
                for state in states {
                    let mut later = recovering.with(state);
                    later.recover(Plan::Nothing).unwrap();
                    later.assert_whole(&format!("power failed at {at}, way {way}, and again"));
                }
            }
        }
    }
}

/// A step that fails before the decision takes everything back; one after it is completed by the next who writes.
#[test]
fn a_full_disk_at_any_step_leaves_nothing_half() {
    for scene in both() {
        for kind in [full(), io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem] {
            for at in 0..scene.steps() {
                let mut failing = scene.again();
                match failing.commit(Plan::Fail(at, kind)) {
                    // Only the list of what was staged may be left then.
                    Ok(_) => assert_eq!(failing.files(), failing.expected(), "failed at {at} and went on"),
                    Err(CommitError::Unfinished { .. } | CommitError::Ledger(_)) => assert!(failing.is_decided(), "step {at}"),
                    Err(error) => {
                        assert!(!failing.is_decided(), "step {at}: {error}");
                        assert!(error.to_string().starts_with("nothing was written"), "{error}");
                        failing.assert_whole(&format!("failed at {at}: {error}"));
                    }
                }
                failing.recover(Plan::Nothing).unwrap();
                failing.assert_whole(&format!("failed at {at}, recovered"));
            }
        }
    }
}
