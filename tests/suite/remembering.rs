//! What is remembered from one run to the next never changes an answer, whatever happened to it in between.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use segue::diagnostic::Code;
use segue::outside::cache::Cache;
use segue::outside::disk::Root;
use segue::text::{Digest, FilePath};
use segue::workspace::{Content, Taken, Texts, Workspace};

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

    /// Reads all of it, remembering, and remembers it for the next. Returns it with how many files were not read.
    fn run(&self) -> (Workspace, usize) {
        self.run_by(self.settings())
    }

    /// As [`Place::run`], where somebody thinks that the settings are these.
    fn run_by(&self, settings: Digest) -> (Workspace, usize) {
        let cache = Cache::open(&self.cache, &self.root, settings);
        let recall = |(path, content): (FilePath, Content)| {
            let taken = cache.recall(&path, content);
            (path, taken)
        };
        let taken: Vec<(FilePath, Taken)> = self.contents.iter().cloned().map(recall).collect();
        let recalled = taken.iter().filter(|(_, taken)| matches!(taken, Taken::Remembered(_))).count();
        let mut workspace = Workspace::new();
        workspace.update_remembering(taken, Box::new(Held(self.contents.clone())));
        cache.keep(&workspace);
        (workspace, recalled)
    }

    /// The digest of the settings.
    fn settings(&self) -> Digest {
        let mut workspace = Workspace::new();
        workspace.update(vec![self.contents[0].clone()]);
        workspace.settings().digest()
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

/// Texts to be fetched.
#[derive(Debug)]
struct Held(Vec<(FilePath, Content)>);

impl Texts for Held {
    fn fetch(&self, file: &FilePath, digest: Digest) -> Option<String> {
        let (_, content) = self.0.iter().find(|(path, _)| path == file)?;
        let Content::Bytes(bytes) = content else { return None };
        String::from_utf8(bytes.clone()).ok().filter(|text| Digest::of(text) == digest)
    }
}

#[track_caller]
fn assert_alike(one: &Workspace, other: &Workspace) {
    assert_eq!(one.findings(), other.findings());
    assert_eq!(one.summaries().collect::<Vec<_>>(), other.summaries().collect::<Vec<_>>());
    let sources = |workspace: &Workspace| workspace.paths().map(|path| workspace.source(path)).collect::<Vec<_>>();
    assert_eq!(sources(one), sources(other));
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
fn what_was_remembered_of_other_settings_is_read_once_more() {
    let mut place = Place::new(80);
    place.run();
    let before = place.settings();
    place.contents[0].1 = Content::Bytes(b"limits: {activities: 2}\n".to_vec());
    let (workspace, recalled) = place.run_by(before);
    assert_eq!(recalled, place.sequences(), "the settings changed behind the back of whoever remembers");
    assert_alike(&workspace, &place.fresh());
    assert_eq!(place.run().1, 0, "what was read by others is not remembered as read by these");

    let (mut workspace, recalled) = place.run();
    assert_eq!(recalled, place.sequences());
    place.contents[0].1 = Content::Bytes(b"limits: {activities: 1}\n".to_vec());
    workspace.update(vec![place.contents[0].clone()]);
    assert_alike(&workspace, &place.fresh());
}

#[test]
fn a_text_that_is_another_by_now_is_not_shown_as_the_one_that_was_read() {
    let mut place = Place::new(80);
    place.run();
    let cache = Cache::open(&place.cache, &place.root, place.settings());
    let (path, content) = place.contents[7].clone();
    let recalled = (path.clone(), cache.recall(&path, content.clone()));
    assert!(matches!(recalled.1, Taken::Remembered(_)));
    place.contents[7].1 = place.contents[8].1.clone();
    let (settings, written) = place.contents[0].clone();
    let mut workspace = Workspace::new();
    workspace
        .update_remembering(vec![(settings, Taken::Read(written)), recalled.clone()], Box::new(Held(place.contents.clone())));
    assert_eq!(workspace.source(&path), None);
    assert_eq!(workspace.sequence(&path), None);
    let Content::Bytes(bytes) = content else { panic!("it is text") };
    assert!(workspace.says(&path, &bytes));
    assert!(!workspace.says(&path, b"something else"));

    let mut workspace = Workspace::new();
    workspace.update_remembering(vec![recalled], Box::new(Held(place.contents)));
    let codes: Vec<Code> = workspace.findings().iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [Code::UnreadableFile], "by other settings it would have to be read, and cannot be");
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
