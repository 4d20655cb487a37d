//! Another process commits without end and is killed at any instant: files and store are whole after what comes next.
//!
//! `SEGUE_KILLS=10000 cargo nextest run --test suite killed_at_any_instant --no-capture` kills more often than continuous
//! integration does, and says how often it hit which phase. `SEGUE_KILLS_SEED` tries other instants: several may run beside
//! each other, each with its own.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use segue::lifecycle::Version;
use segue::operation::{Changes, Facts, RowChange};
use segue::outside::commit::{commit, kept, overlay, recover};
use segue::outside::disk::{Lock, RealDisk, Root};
use segue::outside::store::{PendingFile, Store, usual_place};
use segue::sequence::{SequenceId, State};
use segue::text::{Digest, FilePath};

use super::real::files_in;
use super::{change, changes, entry};

/// How often it is killed, unless somebody asks for more.
const KILLS: usize = 200;
/// One workspace is killed in so many times: what one kill leaves must not hurt the next.
const KILLS_IN_ONE: usize = 50;
/// A test beside this one, in the same process, may start a child that has the lock for a moment.
const PATIENCE: Duration = Duration::from_secs(5);
/// Set for the child: the workspace that it commits in.
const WHERE: &str = "SEGUE_TEST_COMMIT_WITHOUT_END_IN";

/// What was under way when it was killed, by what lies there afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    /// There is no store yet.
    BeforeTheStore,
    /// One commit is complete and the next has not begun.
    BetweenCommits,
    /// Texts are being written beside their places.
    BeforeTheDecision,
    /// Decided, and no file has followed.
    Decided,
    /// Decided, and some files have followed.
    PartlyPlaced,
    /// All files have followed, and old texts lie beside them.
    Placed,
    /// Nothing is left beside the files, and the store has not noted it.
    Tidied,
    /// The store has noted it, and the list of what was made is still there.
    Settled,
}

impl fmt::Display for Phase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Phase::BeforeTheStore => "before there was a store",
            Phase::BetweenCommits => "between two commits",
            Phase::BeforeTheDecision => "before the decision",
            Phase::Decided => "decided, nothing placed",
            Phase::PartlyPlaced => "decided, partly placed",
            Phase::Placed => "placed, not tidy",
            Phase::Tidied => "tidy, not settled",
            Phase::Settled => "settled, list still there",
        })
    }
}

#[test]
fn killed_at_any_instant_it_is_whole() {
    let asked = std::env::var("SEGUE_KILLS").ok().and_then(|asked| asked.parse().ok());
    let kills: usize = asked.unwrap_or(KILLS);
    let seed: u64 = std::env::var("SEGUE_KILLS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let start = Instant::now();
    let all = kill_often(kills, seed * 1_000);
    let mut report = format!("{} kills in {:?}, all whole afterwards:\n", all.values().sum::<usize>(), start.elapsed());
    all.iter().for_each(|(phase, count)| report += &format!("{phase:<28}{count:>6}\n"));
    writeln!(std::io::stdout(), "{report}").unwrap();
    let behind: usize = all.iter().filter(|(phase, _)| **phase >= Phase::Decided).map(|(_, count)| count).sum();
    assert!(behind > kills / 20 && all.contains_key(&Phase::BeforeTheDecision), "the kills miss what they are for:\n{report}");
}

fn kill_often(kills: usize, seed: u64) -> BTreeMap<Phase, usize> {
    let mut phases = BTreeMap::new();
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut done = 0;
    while done < kills {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::at(folder.path()).unwrap();
        files_of(0).iter().for_each(|(name, text)| put(root.path(), name, text));
        let pace = pace();
        for _ in 0..KILLS_IN_ONE.min(kills - done) {
            let mut child = child_in(root.path());
            let moment = chance.below(pace * 5);
            std::thread::sleep(moment);
            child.kill().unwrap();
            child.wait().unwrap();
            let phase = phase_of(root.path());
            *phases.entry(phase).or_default() += 1;
            done += 1;
            let when = format!("kill {done} with seed {seed}, after {moment:?}, {phase}");
            assert_readers_see_one_state(root.path(), &when);
            // Now and then the next child has to complete it, and may be killed in the middle of that.
            if chance.below(Duration::from_nanos(4)).as_nanos() > 0 {
                assert_recovers(&root, &when);
            }
        }
        assert_recovers(&root, "the last kill in a workspace");
    }
    phases
}

/// How long a commit takes here and now.
fn pace() -> Duration {
    let folder = tempfile::tempdir().unwrap();
    files_of(0).iter().for_each(|(name, text)| put(folder.path(), name, text));
    let mut child = child_in(folder.path());
    std::thread::sleep(Duration::from_millis(300));
    child.kill().unwrap();
    child.wait().unwrap();
    Duration::from_millis(300) / generation(folder.path()).max(2)
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, most: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Duration::from_nanos(self.0 % u64::try_from(most.as_nanos()).unwrap().max(1))
    }
}

/// Another process of this test, as soon as it is about to begin.
fn child_in(root: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "committing::killing::child_that_commits_without_end", "--nocapture"])
        .env(WHERE, root)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.ends_with("ready")), "the child does not begin");
    child
}

/// What the killed process does: recovers, and commits one generation of files after the other. Nothing, in the parent.
#[test]
fn child_that_commits_without_end() {
    let Some(folder) = std::env::var_os(WHERE) else { return };
    let root = Root::at(Path::new(&folder)).unwrap();
    writeln!(std::io::stdout(), "ready").unwrap();
    std::io::stdout().flush().unwrap();
    let lock = Lock::take(&root, "segue test", PATIENCE).unwrap();
    let disk = RealDisk::at(&root).unwrap();
    let mut store = Store::create(&usual_place(root.path())).unwrap();
    let _ = recover(&lock, &disk, &mut store).unwrap();
    loop {
        let next = generation(root.path()) + 1;
        let _ = commit(&lock, &disk, &mut store, &entry(), &changes_to(next)).unwrap();
    }
}

/// The files of a generation: two are edited each time, one is moved, one is there every other time and deep.
fn files_of(generation: u32) -> BTreeMap<String, String> {
    let text = |name: &str| format!("name: {name}\n# generation {generation}\n");
    let mut files = BTreeMap::from([
        ("segue.yaml".to_owned(), "format: 1\n".to_owned()),
        ("sequences/a.yaml".to_owned(), text("a")),
        ("sequences/lead/b.yaml".to_owned(), text("b").repeat(500)),
        (format!("sequences/lead/c-{generation}.yaml"), "name: c\n".to_owned()),
    ]);
    if generation % 2 == 1 {
        files.insert("sequences/new/deep/d.yaml".to_owned(), text("d"));
    }
    files
}

fn changes_to(generation: u32) -> Changes {
    let (before, after) = (files_of(generation - 1), files_of(generation));
    let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    let all = names.map(|name| change(name, before.get(name).map(String::as_str), after.get(name).map(String::as_str)));
    let mut changes = changes(all.filter(|file| file.before != file.after));
    let text = after["sequences/a.yaml"].as_str();
    let version = Version { number: generation, meaning: Digest::of(text), text: text.into(), message: None };
    changes.rows = vec![
        RowChange::Publish { sequence: sequence(), version, skip_non_working_days: false },
        RowChange::Serve { sequence: sequence(), state: State::Active },
    ];
    changes
}

fn sequence() -> SequenceId {
    SequenceId::parse("a").unwrap()
}

/// The newest generation that was decided.
fn generation(root: &Path) -> u32 {
    let store = Store::open(&usual_place(root)).unwrap();
    store.and_then(|store| store.published(&sequence()).unwrap()).map_or(0, |published| published.number)
}

fn put(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The workspace's files alone, without what lies beside them.
fn plain_files(root: &Path) -> BTreeMap<String, String> {
    files_in(root).into_iter().filter(|(name, _)| !name.contains(".segue")).collect()
}

fn pending(root: &Path) -> Vec<PendingFile> {
    Store::open(&usual_place(root)).unwrap().map_or_else(Vec::new, |store| store.pending().unwrap())
}

fn phase_of(root: &Path) -> Phase {
    if Store::open(&usual_place(root)).unwrap().is_none() {
        return Phase::BeforeTheStore;
    }
    let (pending, files) = (pending(root), files_in(root));
    let has_followed = |file: &&PendingFile| files.get(file.path.as_str()).map(String::as_str) == file.after.as_deref();
    let is_beside = files.keys().any(|name| name.contains("/.segue-"));
    match (pending.len(), pending.iter().filter(has_followed).count()) {
        (0, _) => match files.get(".segue/staging") {
            None => Phase::BetweenCommits,
            // The list of the last commit or of the next one.
            Some(list) if list.contains(&format!("c-{}.yaml", generation(root) + 1)) => Phase::BeforeTheDecision,
            Some(list) if list.ends_with('}') => Phase::Settled,
            Some(_) => Phase::BeforeTheDecision,
        },
        (_, 0) => Phase::Decided,
        (all, followed) if followed < all => Phase::PartlyPlaced,
        _ if is_beside => Phase::Placed,
        _ => Phase::Tidied,
    }
}

/// Whoever reads now and recovers nothing sees what was decided, wholly.
fn assert_readers_see_one_state(root: &Path, when: &str) {
    let mut files = plain_files(root);
    let holds = |path: &FilePath| files.get(path.as_str()).map(Digest::of);
    for (path, text) in overlay(&pending(root), holds) {
        match text {
            Some(text) => files.insert(path.to_string(), text.to_string()),
            None => files.remove(path.as_str()),
        };
    }
    assert_eq!(files, files_of(generation(root)), "{when}: readers see something between");
}

fn assert_recovers(root: &Root, when: &str) {
    // The lock died with its holder.
    let lock = Lock::take(root, "test", PATIENCE).unwrap_or_else(|error| panic!("{when}: {error}"));
    let disk = RealDisk::at(root).unwrap();
    let mut store = Store::create(&usual_place(root.path())).unwrap();
    let before = generation(root.path());
    assert_eq!(recover(&lock, &disk, &mut store).unwrap(), [], "{when}");
    assert_eq!(generation(root.path()), before, "{when}: recovering decides nothing");
    assert_eq!(files_in(root.path()), files_of(before), "{when}");
    assert_eq!(store.pending().unwrap(), [], "{when}");
    assert_eq!(kept(&disk).unwrap(), [], "{when}");
}
