//! What is remembered from one run to the next never changes an answer, whatever happened to it in between.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use segue::check::Summary;
use segue::outside::cache::Cache;
use segue::outside::disk::Root;
use segue::sequence::SequenceId;
use segue::text::{Digest, FilePath, Source};
use segue::workspace::{Content, Memory, Workspace};

use crate::workspaces::{self, Recipe};

/// A generated workspace with mistakes, and a folder for what is remembered.
struct Place {
    root: Root,
    cache: PathBuf,
    contents: Vec<(FilePath, Content)>,
    top: tempfile::TempDir,
}

impl Place {
    fn new(sequences: usize) -> Self {
        let top = tempfile::tempdir().unwrap();
        let made = workspaces::workspace(Recipe { sequences, seed: 5, mistakes: sequences / 4, active: 0.2 });
        let folder = top.path().join("workspace");
        made.write(&folder).unwrap();
        let contents = made.files.into_iter().map(|(path, text)| (FilePath::new(path), Content::Bytes(text.into_bytes())));
        Self { root: Root::at(&folder).unwrap(), cache: top.path().join("cache/segue"), contents: contents.collect(), top }
    }

    fn open(&self) -> Cache {
        Cache::open(&self.cache, &self.root)
    }

    /// Reads all of it, remembering, and remembers it for the next. Returns it with how many files were not read.
    fn run(&self) -> (Workspace, usize) {
        let memory = Counting { cache: self.open(), recalled: AtomicUsize::new(0) };
        let mut workspace = Workspace::new();
        workspace.update_remembering(self.contents.clone(), &memory);
        memory.cache.keep(&workspace);
        (workspace, memory.recalled.into_inner())
    }

    fn fresh(&self) -> Workspace {
        let mut workspace = Workspace::new();
        workspace.update(self.contents.clone());
        workspace
    }

    /// The one file that is kept.
    fn kept(&self) -> PathBuf {
        let files: Vec<PathBuf> = fs::read_dir(&self.cache).unwrap().map(|entry| entry.unwrap().path()).collect();
        let [file] = files.as_slice() else { panic!("one file should be kept: {files:?}") };
        file.clone()
    }

    fn sequences(&self) -> usize {
        self.contents.len() - 1
    }
}

/// Counts what is remembered.
struct Counting {
    cache: Cache,
    recalled: AtomicUsize,
}

impl Memory for Counting {
    fn recall(&self, settings: Digest, source: &Source, id: &SequenceId) -> Option<Summary> {
        let summary = self.cache.recall(settings, source, id)?;
        self.recalled.fetch_add(1, Ordering::Relaxed);
        Some(summary)
    }
}

#[track_caller]
fn assert_alike(one: &Workspace, other: &Workspace) {
    assert_eq!(one.findings(), other.findings());
    assert_eq!(one.summaries().collect::<Vec<_>>(), other.summaries().collect::<Vec<_>>());
}

#[test]
fn the_second_run_reads_nothing_and_says_the_same() {
    let place = Place::new(80);
    let (first, recalled) = place.run();
    assert_eq!(recalled, 0);
    let (second, recalled) = place.run();
    assert_eq!(recalled, place.sequences());
    assert!(first.findings().len() > 10, "there is something to say");
    assert_alike(&first, &second);
    assert_alike(&second, &place.fresh());
}

#[test]
fn a_file_that_changed_is_read_and_so_is_everything_by_other_settings() {
    let mut place = Place::new(80);
    place.run();
    place.contents[7].1 = place.contents[8].1.clone();
    let (workspace, recalled) = place.run();
    assert_eq!(recalled, place.sequences() - 1);
    assert_alike(&workspace, &place.fresh());
    assert_eq!(place.run().1, place.sequences(), "what was read is remembered beside the rest");

    let Content::Bytes(settings) = place.contents[0].1.clone() else { panic!("the settings come first") };
    place.contents[0].1 = Content::Bytes([b"# a comment\n", settings.as_slice()].concat());
    assert_eq!(place.run().1, place.sequences(), "a comment is no other setting");
    place.contents[0].1 = Content::Bytes(b"limits: {activities: 2}\n".to_vec());
    let (workspace, recalled) = place.run();
    assert_eq!(recalled, 0);
    assert_alike(&workspace, &place.fresh());
}

#[test]
fn nothing_that_happens_to_what_is_kept_changes_an_answer() {
    let place = Place::new(70);
    place.run();
    let kept = place.kept();
    let whole = fs::read(&kept).unwrap();
    let expected = place.fresh();
    let mut chance: usize = 1;
    let mut next = |below: usize| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % below
    };
    for round in 0..60 {
        let mut bytes = whole.clone();
        match round % 4 {
            0 => bytes[next(whole.len())] ^= 1 << next(8),
            1 => bytes.truncate(next(whole.len())),
            2 => {
                let (from, to) = (next(whole.len() - 100), next(whole.len() - 100));
                bytes.copy_within(from..from + 100, to);
            }
            _ => bytes.extend(b"more"),
        }
        fs::write(&kept, bytes).unwrap();
        let (workspace, _) = place.run();
        assert_alike(&workspace, &expected);
    }
    fs::write(&kept, &whole).unwrap();
    assert_eq!(place.run().1, place.sequences(), "unharmed it is taken again");
}

#[test]
fn what_another_workspace_or_another_place_kept_is_not_taken() {
    let (place, other) = (Place::new(70), Place::new(90));
    other.run();
    place.run();
    fs::copy(other.kept(), place.kept()).unwrap();
    let (workspace, _) = place.run();
    assert_alike(&workspace, &place.fresh());

    let mut moved = Place::new(70);
    let text = moved.contents[3].1.clone();
    moved.run();
    moved.contents.push((FilePath::new("sequences/elsewhere/copied.yaml"), text));
    let (workspace, recalled) = moved.run();
    assert_eq!(recalled, moved.sequences() - 1);
    assert_alike(&workspace, &moved.fresh());
}

#[test]
fn where_nothing_can_be_kept_everything_is_read_and_nobody_complains() {
    let mut place = Place::new(70);
    fs::write(place.top.path().join("no-folder"), "").unwrap();
    place.cache = place.top.path().join("no-folder/segue");
    assert_eq!(place.run().1, 0);
    assert_eq!(place.run().1, 0);
}

#[test]
fn many_at_once_leave_one_whole_file() {
    let place = Place::new(70);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| assert_eq!(place.run().0.findings().len(), place.fresh().findings().len()));
        }
    });
    assert_eq!(place.run().1, place.sequences());
    place.kept();
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_its_owner_alone() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let place = Place::new(70);
    place.run();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&place.kept()), mode(&place.cache)), (0o600, 0o700));
    fs::set_permissions(place.kept(), fs::Permissions::from_mode(0o622)).unwrap();
    assert_eq!(place.run().1, 0, "others could have written it");
    assert_eq!(place.run().1, place.sequences(), "and it was written anew");
    let (kept, away) = (place.kept(), place.top.path().join("away"));
    fs::rename(&kept, &away).unwrap();
    symlink(&away, &kept).unwrap();
    assert_eq!(place.run().1, 0, "a link may lead anywhere");
}

#[test]
fn the_program_remembers_unless_it_is_told_not_to() {
    let place = Place::new(70);
    let home = place.top.path().join("cache");
    let validate = |more: &[&str]| -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
        command.args(["validate", "--format", "json"]).args(more).current_dir(place.root.path());
        for variable in ["XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"] {
            command.env(variable, &home);
        }
        command.output().unwrap()
    };
    let read = validate(&["--no-cache"]);
    assert!(!home.exists(), "nothing is kept");
    for run in ["the first", "the second"] {
        let output = validate(&[]);
        assert_eq!((&output.stdout, &output.stderr, output.status), (&read.stdout, &read.stderr, read.status), "{run}");
        assert!(home.exists(), "something is kept");
    }
}
