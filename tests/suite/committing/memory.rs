//! Every step of a commit on a disk in memory: the process dies there, the power fails, the step fails, somebody saves.

use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use proptest::prelude::{Strategy, any};
use proptest::{proptest, sample};
use segue::operation::{Changes, FileChange};
use segue::outside::commit::{CommitError, Committed, What, commit, kept, recover};
use segue::outside::disk::{Lock, Root};

use super::disk::{Loss, MemoryDisk, Node, Plan, State};
use super::{Book, change, changes, entry, full};

/// A workspace on a disk in memory, its store, and a lock for the sake of form.
struct Scene {
    disk: MemoryDisk,
    book: Book,
    lock: Rc<Lock>,
    before: Vec<(String, String)>,
    changes: Changes,
}

thread_local! {
    /// Of a folder of its own: what is locked here is in memory.
    static LOCK: (tempfile::TempDir, Rc<Lock>) = {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(&Root::at(folder.path()).unwrap(), "test", Duration::ZERO).unwrap();
        (folder, Rc::new(lock))
    };
}

impl Scene {
    fn new(before: &[(&str, &str)], changes: Changes) -> Self {
        let lock = LOCK.with(|(_, lock)| Rc::clone(lock));
        let disk = MemoryDisk::new(State::settled(before));
        let book = Book { clock: Some(Rc::clone(&disk.clock)), ..Book::default() };
        let before = before.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Self { disk, book, lock, before, changes }
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

    /// How many of them come after the decision.
    fn steps_behind_the_decision(&self) -> usize {
        let mut scene = self.again();
        let _ = scene.commit(Plan::Nothing).unwrap();
        let steps = scene.disk.clock.steps.borrow();
        steps.iter().rev().take_while(|step| *step != "the ledger decides").count()
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
        self.assert_agrees(when);
        if !self.is_decided() {
            let all = self.disk.state.borrow().all();
            assert!(!all.contains_key("sequences/new"), "{when}: a folder is left over");
        }
    }

    fn assert_agrees(&self, when: &str) {
        let steps = || self.disk.clock.steps.borrow().join("\n");
        assert_eq!(self.files(), self.expected(), "{when}; steps:\n{}", steps());
        assert!(self.book.pending.borrow().is_empty(), "{when}: nothing is pending");
        self.disk.clock.plan(Plan::Nothing);
        assert_eq!(kept(&self.disk).unwrap(), [], "{when}: nothing diverged");
        let all = self.disk.state.borrow().all();
        let rest: Vec<&String> = all.keys().filter(|path| path.contains(".segue-") || path.contains("staging")).collect();
        assert!(rest.is_empty(), "{when}: left over: {rest:?}; steps:\n{}", steps());
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
            let states = [Loss::Latest, Loss::Any].map(|loss| dying.disk.state.borrow().after_power_failure(loss, 40));
            for (way, state) in states.into_iter().flatten().enumerate() {
                let mut recovering = dying.with(state);
                recovering.recover(Plan::Nothing).unwrap();
                recovering.assert_whole(&format!("power failed at {at}, way {way}"));
                // And once more, right after: what was recovered is safe.
                let states = recovering.disk.state.borrow().after_power_failure(Loss::Any, 3);
                for state in states {
                    let mut later = recovering.with(state);
                    later.recover(Plan::Nothing).unwrap();
                    later.assert_whole(&format!("power failed at {at}, way {way}, and again"));
                }
            }
        }
    }
}

/// Each change by itself, with every loss there is and not some of them: of names in any order, and of bytes. The power fails
/// again in the middle of what completes it.
#[test]
fn whatever_a_power_failure_loses_it_is_whole() {
    let mut lost = 0;
    for scene in each_alone() {
        for at in 0..=scene.steps() {
            let mut dying = scene.again();
            let _ = dying.commit(Plan::Die(at));
            let states = dying.disk.state.borrow().after_power_failure(Loss::Any, usize::MAX);
            lost += states.len();
            for (way, state) in states.into_iter().enumerate() {
                let mut recovering = dying.with(state.clone());
                recovering.recover(Plan::Nothing).unwrap();
                let when = format!("power failed at {at}, way {way}");
                recovering.assert_whole(&when);
                for second in 0..recovering.disk.clock.count() {
                    let mut recovering = dying.with(state.clone());
                    assert!(recovering.recover(Plan::Die(second)).is_err(), "{when}, then died at {second}");
                    let states = recovering.disk.state.borrow().after_power_failure(Loss::Any, 16);
                    for state in states {
                        let mut later = recovering.with(state);
                        later.recover(Plan::Nothing).unwrap();
                        later.assert_whole(&format!("{when}, and again at {second}"));
                    }
                }
            }
        }
    }
    assert!(lost > 1_000, "only {lost} losses");
}

/// A scene for each thing that can become of a file, with and without an exchange.
fn each_alone() -> impl Iterator<Item = Scene> {
    let before = [("sequences/a.yaml", "name: a\n"), ("sequences/lead/b.yaml", "name: b\n")];
    let edited = || change("sequences/a.yaml", Some("name: a\n"), Some("name: A\n"));
    let deleted = || change("sequences/a.yaml", Some("name: a\n"), None);
    let moved = || change("sequences/c.yaml", None, Some("name: a\n"));
    let deep = || change("sequences/new/deep/e.yaml", None, Some("name: e\n"));
    let alone = [vec![edited()], vec![deleted()], vec![moved()], vec![deep()], vec![deleted(), moved()]];
    alone
        .into_iter()
        .map(changes)
        .flat_map(move |changes| [Scene::new(&before, changes.clone()), Scene::new(&before, changes).without_exchange()])
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

/// What somebody does to a file in between.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Typing {
    /// Writes into the file that has the name, or makes it.
    Saves,
    /// Gives a new file the name.
    Replaces,
    /// Writes into the file that had the name before the commit, and which the editor has open.
    WritesOn,
    /// Removes the file.
    Removes,
}

const MINE: &str = "name: typed by a person\n";

/// Somebody types into each file before each step; the commit ends or the process dies a little later.
#[test]
fn what_a_person_types_at_any_step_is_there_afterwards() {
    for scene in both() {
        let steps = scene.steps();
        for FileChange { path, .. } in scene.changes.files.clone() {
            for typing in [Typing::Saves, Typing::Replaces, Typing::WritesOn, Typing::Removes] {
                for at in 0..steps {
                    for death in [None, Some(at), Some(at + 1), Some(at + 4)] {
                        let mut typed = scene.again();
                        let open = typed.disk.state.borrow().handle(path.as_str());
                        let when = format!("{typing:?} {path} before step {at}, death at {death:?}");
                        let outcome = type_before(&mut typed, at, path.as_str(), typing, death);
                        if let Err(error) = outcome {
                            let incomplete = matches!(error, CommitError::Unfinished { .. } | CommitError::Ledger(_));
                            assert!(death.is_some() || !typed.is_decided() || incomplete, "{when}: {error}");
                        }
                        let steps = typed.disk.clock.steps.borrow().clone();
                        if open.is_none() && typing == Typing::WritesOn || steps.len() <= at {
                            continue;
                        }
                        typed.recover(Plan::Nothing).unwrap();
                        assert_typed(&typed, path.as_str(), typing, &when, &steps[..=at]);
                    }
                }
            }
        }
    }
}

fn type_before(scene: &mut Scene, at: usize, path: &str, typing: Typing, death: Option<usize>) -> Result<Committed, CommitError> {
    let (state, path) = (Rc::clone(&scene.disk.state), path.to_owned());
    let open = state.borrow().handle(&path);
    let types = move || {
        let mut state = state.borrow_mut();
        match typing {
            Typing::Saves => state.save(&path, MINE),
            Typing::Replaces => state.replace(&path, MINE),
            Typing::WritesOn => open.into_iter().for_each(|file| state.fill(file, MINE)),
            Typing::Removes => state.remove(&path),
        }
    };
    scene.disk.clock.plan(Plan::Before(at, Box::new(types)));
    death.into_iter().for_each(|death| scene.disk.clock.also(Plan::Die(death)));
    commit(&scene.lock, &scene.disk, &mut scene.book, &entry(), &scene.changes)
}

fn assert_typed(scene: &Scene, path: &str, typing: Typing, when: &str, before: &[String]) {
    let all = scene.disk.state.borrow().all();
    let is_there = all.iter().any(|(path, text)| text.as_deref() == Some(MINE) && !path.contains("/.segue-"));
    let expected = match typing {
        Typing::Saves | Typing::Replaces => true,
        // Between the last look at an old text and its end, nobody can see that somebody writes into it.
        Typing::WritesOn => !before.iter().any(|step| step.starts_with("remove ") && !step.ends_with(".part")),
        Typing::Removes => false,
    };
    assert!(is_there || !expected, "{when}: what was typed is lost; before:\n{}\n{all:#?}", before.join("\n"));
    // The others are as they were decided, or as they were.
    let others = |files: BTreeMap<String, String>| files.into_iter().filter(|(name, _)| name != path).collect::<BTreeMap<_, _>>();
    assert_eq!(others(scene.files()), others(scene.expected()), "{when}");
    assert!(scene.book.pending.borrow().is_empty(), "{when}");
    let rest: Vec<&String> = all.keys().filter(|path| path.contains("/.segue-")).collect();
    assert!(rest.is_empty(), "{when}: left over: {rest:?}");
}

proptest! {
    #![proptest_config(crate::properties::cases(400))]

    /// Two of them type, each when they like, and the process may die in between.
    #[test]
    fn what_two_people_type_is_there_afterwards(
        exchanges in any::<bool>(),
        files in (any::<sample::Index>(), any::<sample::Index>()),
        moments in (0..90_usize, 0..90_usize),
        replaces in (any::<bool>(), any::<bool>()),
        death in proptest::option::of(0..110_usize),
    ) {
        let mut scene = Scene::usual();
        scene.disk.exchanges = exchanges;
        let pick = |index: sample::Index| index.get(&scene.changes.files).path.clone();
        let (first, second) = (pick(files.0), pick(files.1));
        let texts = ["name: typed first\n", "name: typed second\n"];
        let mut typed = scene.again();
        typed.disk.clock.plan(Plan::Nothing);
        for (path, moment, replaces, text) in [(&first, moments.0, replaces.0, texts[0]), (&second, moments.1, replaces.1, texts[1])] {
            let (state, path) = (Rc::clone(&typed.disk.state), path.to_string());
            typed.disk.clock.also(Plan::Before(moment, Box::new(move || {
                let mut state = state.borrow_mut();
                if replaces { state.replace(&path, text) } else { state.save(&path, text) }
            })));
        }
        death.into_iter().for_each(|death| typed.disk.clock.also(Plan::Die(death)));
        let _ = commit(&typed.lock, &typed.disk, &mut typed.book, &entry(), &typed.changes);
        let steps = typed.disk.clock.steps.borrow().clone();
        typed.recover(Plan::Nothing).unwrap();
        let all = typed.disk.state.borrow().all();
        for (path, moment, text) in [(&first, moments.0, texts[0]), (&second, moments.1, texts[1])] {
            // Who types later into the same file has seen what was there.
            let is_typed_over = path == &first && first == second && (text == texts[0]) == (moments.0 <= moments.1);
            let is_there = all.iter().any(|(path, there)| there.as_deref() == Some(text) && !path.contains("/.segue-"));
            proptest::prop_assert!(
                is_there || is_typed_over || moment >= steps.len(),
                "what was typed into {path} before {moment} is lost; steps:\n{}\n{all:#?}", steps.join("\n")
            );
        }
        proptest::prop_assert!(typed.book.pending.borrow().is_empty());
        let rest: Vec<&String> = all.keys().filter(|path| path.contains("/.segue-")).collect();
        proptest::prop_assert!(rest.is_empty(), "left over: {rest:?}");
    }
}

/// Somebody puts a link or a folder where a decided text should go; the text is kept, and told of until it is settled.
#[test]
fn what_stands_in_the_way_of_a_decided_text_stays() {
    for node in [Node::Link, Node::Folder(BTreeMap::new())] {
        for path in ["sequences/a.yaml", "sequences/new/deep/e.yaml", "sequences/lead/c.yaml"] {
            let mut scene = Scene::usual();
            let decides = scene.steps() - scene.steps_behind_the_decision();
            assert!(scene.commit(Plan::Die(decides)).is_err());
            assert!(scene.is_decided());
            let mut recovering = scene.with(scene.disk.state.borrow().clone());
            recovering.disk.state.borrow_mut().put_other(path, node.clone());
            assert_eq!(recovering.recover(Plan::Nothing).unwrap(), 1, "{path}");
            assert_eq!(recovering.recover(Plan::Nothing).unwrap(), 0, "it is told once");
            let told = kept(&recovering.disk).unwrap();
            let [diverged] = told.as_slice() else { panic!("{told:?}") };
            let after = scene.changes.files.iter().find(|file| file.path.as_str() == path).unwrap().after.clone();
            assert_eq!((diverged.operation, diverged.path.as_str()), (1, path));
            assert_eq!(diverged.what, if after.is_some() { What::Ours } else { What::Deletion });
            let all = recovering.disk.state.borrow().all();
            assert!(after.is_none() || all[diverged.kept.as_str()].as_deref() == after.as_deref());
            assert!(recovering.book.pending.borrow().is_empty());
        }
    }
}

/// Files that are there before, and what becomes of them, in nested folders.
fn made_up() -> impl Strategy<Value = Vec<(String, Option<String>, Option<String>)>> {
    let folders = sample::select(vec!["sequences", "sequences/a", "sequences/a/b", "sequences/c/d/e", "scripts", "scripts/lib"]);
    let text = || proptest::option::of("[a-z]{0,8}");
    proptest::collection::btree_map((folders, 0..4_u8), (text(), text()), 1..8).prop_map(|files| {
        files.into_iter().map(|((folder, name), (before, after))| (format!("{folder}/{name}.yaml"), before, after)).collect()
    })
}

proptest! {
    #![proptest_config(crate::properties::cases(60))]

    #[test]
    fn whatever_changes_it_is_whole_after_any_failure(files in made_up(), exchanges in any::<bool>(), seed in any::<usize>()) {
        let before: Vec<(&str, &str)> =
            files.iter().filter_map(|(path, before, _)| Some((path.as_str(), before.as_deref()?))).collect();
        let asked = files.iter().filter(|(_, before, after)| before.is_some() || after.is_some());
        let asked = changes(asked.map(|(path, before, after)| change(path, before.as_deref(), after.as_deref())));
        let mut scene = Scene::new(&before, asked);
        scene.disk.exchanges = exchanges;
        for at in 0..scene.steps() {
            let mut failing = scene.again();
            let plan = if (at + seed).is_multiple_of(2) { Plan::Die(at) } else { Plan::Fail(at, full()) };
            let outcome = failing.commit(plan).map(|committed| committed.diverged);
            assert!(outcome.is_err() || outcome.is_ok_and(|diverged| diverged.is_empty()));
            let states = failing.disk.state.borrow().after_power_failure(Loss::Any, 3);
            for state in states {
                let mut later = failing.with(state);
                later.recover(Plan::Nothing).unwrap();
                later.assert_agrees(&format!("power failed at {at}"));
            }
            failing.recover(Plan::Nothing).unwrap();
            failing.assert_agrees(&format!("failed at {at}"));
        }
    }
}
