//! The world fails: nothing may be written, nothing fits, nothing can be opened, links lie in the way. Each is said clearly,
//! nothing is lost, and nothing is left lying about.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::data;

/// Set for the child that has a file system of its own: the part of the tests that it plays.
const PART: &str = "SEGUE_TEST_MISFORTUNE";
/// And where it plays.
const STAGE: &str = "SEGUE_TEST_MISFORTUNE_IN";

/// A workspace with the samples, of which one is active and one has a tag.
struct Place {
    _folder: Option<tempfile::TempDir>,
    root: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Self { root: folder.path().join("w"), _folder: Some(folder) };
        place.fill();
        place
    }

    fn fill(&self) {
        fs::create_dir_all(&self.root).unwrap();
        for part in ["segue.yaml", "sequences", "scripts"] {
            data::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &self.root.join(part));
        }
        self.well(&["activate", "win-back"]);
    }

    fn segue(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
        self.dress(&mut command);
        command.args(arguments);
        command
    }

    fn dress(&self, command: &mut Command) {
        command.current_dir(&self.root).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env_remove("SEGUE_STORE").env("SEGUE_ACTOR", "ana");
    }

    /// Behind a shell that takes something away first.
    fn without(&self, what: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new("sh");
        self.dress(&mut command);
        let script = format!("{what}; exec \"$0\" \"$@\"");
        command.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_segue")).args(arguments).output().unwrap()
    }

    #[track_caller]
    fn well(&self, arguments: &[&str]) -> String {
        let output = self.segue(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", words(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// What cannot be done, ends with 3 and says why.
    #[track_caller]
    fn ill(&self, arguments: &[&str]) -> String {
        let output = self.segue(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {}", words(&output));
        words(&output)
    }

    /// All files with their texts; links are not followed.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let (mut files, mut folders) = (BTreeMap::new(), vec![self.root.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
                let name = entry.path().strip_prefix(&self.root).unwrap().to_string_lossy().into_owned();
                match entry.file_type().unwrap() {
                    kind if kind.is_dir() => folders.push(entry.path()),
                    kind if kind.is_file() => drop(files.insert(name, fs::read(entry.path()).unwrap())),
                    _ => drop(files.insert(name, b"a link".to_vec())),
                }
            }
        }
        files
    }

    /// The files that people write.
    fn texts(&self) -> BTreeMap<String, Vec<u8>> {
        self.files().into_iter().filter(|(name, _)| !name.starts_with(".segue")).collect()
    }

    /// Whether the emea script's work is wholly there; it is a failure if it is there in part.
    #[track_caller]
    fn is_done(&self, before: &BTreeMap<String, Vec<u8>>, when: &str) -> bool {
        let copy = self.root.join("sequences/lead/inbound-lead-emea.yaml").exists();
        let listed = self.well(&["list", "--format", "json"]);
        let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
        let published = listed["sequences"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["id"] == "inbound-lead-emea" && row["published_state"] == "active");
        assert_eq!(copy, published, "{when}: files and store differ");
        if !copy {
            assert_eq!(&self.texts(), before, "{when}: a file was changed");
        }
        copy
    }

    /// Another command works, everything is valid, and nothing of ours lies about.
    #[track_caller]
    fn assert_well_again(&self, when: &str) {
        self.well(&["tag", "enterprise-lead", "seen"]);
        self.well(&["untag", "enterprise-lead", "seen"]);
        self.well(&["validate"]);
        self.well(&["store", "check"]);
        let strays: Vec<String> = self
            .files()
            .into_keys()
            .filter(|name| name.contains("/.segue-") || name.contains(".part") || name.ends_with("staging"))
            .collect();
        assert!(strays.is_empty(), "{when}: left over: {strays:?}");
    }
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Plays a part in a child that may mount what it likes; where the system does not let us, says so and plays nothing.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn on_a_stage(part: &str) {
    let may =
        Command::new("unshare").args(["-r", "-m", "true"]).stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    if !may {
        eprintln!("skipped: this system lets nobody mount a file system of their own");
        return;
    }
    let stage = tempfile::tempdir().unwrap();
    let output = Command::new("unshare")
        .args(["-r", "-m"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "misfortunes::child_on_a_stage", "--nocapture"])
        .env(PART, part)
        .env(STAGE, stage.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), words(&output));
}

fn mount(arguments: &[&str], place: &Path) {
    let status = Command::new("mount").args(arguments).arg(place).status().unwrap();
    assert!(status.success(), "mount {arguments:?}");
}

/// What the child does; nothing, in the parent.
#[test]
fn child_on_a_stage() {
    let Some(part) = std::env::var_os(PART) else { return };
    let stage = PathBuf::from(std::env::var_os(STAGE).unwrap());
    match part.to_str().unwrap() {
        "read-only" => in_a_read_only_folder(&stage),
        "store" => with_the_store_in_a_read_only_place(&stage),
        "full" => on_a_full_disk(&stage),
        other => panic!("no part is called {other}"),
    }
}

#[test]
fn a_folder_that_cannot_be_written_can_be_looked_at() {
    on_a_stage("read-only");
}

fn in_a_read_only_folder(stage: &Path) {
    let place = Place { _folder: None, root: stage.join("w") };
    place.fill();
    fs::write(place.root.join("sequences/lead/unsound.yaml"), "name: x\n").unwrap();
    fs::write(place.root.join("leads.csv"), "id\n1\n").unwrap();
    let before = place.files();
    let root = place.root.to_str().unwrap();
    mount(&["--bind", root], &place.root);
    mount(&["-o", "remount,bind,ro"], &place.root);
    for arguments in
        [&["tag", "win-back", "x"][..], &["run", "emea-copy"], &["activate", "enterprise-lead"], &["validate", "--fix"]]
    {
        let told = place.ill(arguments);
        assert!(told.contains("cannot lock the workspace for writing") && told.contains("Read-only file system"), "{told}");
    }
    let told = place.ill(&["records", "import", "leads.csv", "--type", "lead"]);
    assert!(told.contains("cannot be written to; give yourself the right"), "{told}");
    assert!(place.well(&["list"]).contains("win-back\tactive"));
    place.well(&["show", "win-back"]);
    assert!(place.well(&["store", "check"]).contains("all is well"));
    let output = place.segue(&["validate"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
    let output = place.segue(&["doctor"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
    let told = place.ill(&["doctor", "--fix"]);
    assert!(told.contains("Read-only file system"), "{told}");
    assert_eq!(place.files(), before);
}

#[test]
fn a_store_that_cannot_be_written_can_be_read() {
    on_a_stage("store");
}

fn with_the_store_in_a_read_only_place(stage: &Path) {
    let place = Place { _folder: None, root: stage.join("w") };
    place.fill();
    let elsewhere = stage.join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::rename(place.root.join(".segue/state.db"), elsewhere.join("state.db")).unwrap();
    let text = fs::read_to_string(place.root.join("segue.yaml")).unwrap();
    fs::write(place.root.join("segue.yaml"), format!("{text}store: ../elsewhere/state.db\n")).unwrap();
    mount(&["--bind", elsewhere.to_str().unwrap()], &elsewhere);
    mount(&["-o", "remount,bind,ro"], &elsewhere);
    let before = place.texts();
    assert!(place.well(&["list"]).contains("win-back\tactive"));
    for arguments in [&["tag", "enterprise-lead", "x"][..], &["run", "emea-copy"]] {
        let told = place.ill(arguments);
        assert!(told.contains("elsewhere/state.db cannot be written to; give yourself the right"), "{told}");
    }
    assert_eq!(place.texts(), before);
    assert!(
        !place.files().keys().any(|name| name.contains("/.segue-") || name.ends_with("staging")),
        "{:?}",
        place.files().keys()
    );
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    on_a_stage("full");
}

fn on_a_full_disk(stage: &Path) {
    mount(&["-t", "tmpfs", "-o", "size=3m", "tmpfs"], stage);
    let (mut done, mut told_of) = (0, 0);
    for free in (0..90).step_by(5) {
        let place = Place { _folder: None, root: stage.join(format!("w{free}")) };
        place.fill();
        let before = place.texts();
        let filler = stage.join("filler");
        fill_up(&filler, free * 4096);
        let output = place.segue(&["run", "emea-copy"]).output().unwrap();
        let when = format!("{free} pages free: {}", words(&output));
        fs::remove_file(&filler).unwrap();
        match output.status.code() {
            Some(0) => done += 1,
            Some(3) => {
                let told = words(&output);
                let is_clear = ["No space left on device", "is full; make room"].iter().any(|words| told.contains(words));
                assert!(is_clear, "{when}");
                told_of += 1;
            }
            _ => panic!("{when}"),
        }
        place.is_done(&before, &when);
        place.assert_well_again(&when);
        fs::remove_dir_all(&place.root).unwrap();
    }
    assert!(done > 0 && told_of > 5, "{done} done, {told_of} told of");
}

/// Fills a disk but for some bytes.
fn fill_up(filler: &Path, free: u64) {
    use std::io::Write;

    let mut file = fs::File::create(filler).unwrap();
    let page = [1_u8; 4096];
    let mut written = 0;
    while file.write_all(&page).is_ok() {
        written += page.len() as u64;
    }
    file.set_len(written.saturating_sub(free)).unwrap();
}

#[test]
fn a_limit_of_a_file_s_size_is_told_and_loses_nothing() {
    let mut told_of = 0;
    for blocks in [0, 1, 2, 8, 16, 64, 128, 256, 512, 1_024] {
        let place = Place::new();
        let before = place.texts();
        // Whoever does not ignore the signal is killed by it, which is another test.
        let output = place.without(&format!("trap '' XFSZ; ulimit -f {blocks}"), &["run", "emea-copy"]);
        let when = format!("{blocks} blocks: {}", words(&output));
        match output.status.code() {
            Some(0) => {}
            Some(3) => {
                told_of += 1;
                assert!(when.len() > 40, "{when}");
            }
            _ => panic!("{when}"),
        }
        place.is_done(&before, &when);
        place.assert_well_again(&when);
    }
    assert!(told_of > 2, "only {told_of} were too large");
}

#[test]
fn few_descriptors_are_told_and_lose_nothing() {
    let (mut done, mut told_of) = (0, 0);
    for most in (4..40).step_by(1) {
        let place = Place::new();
        let before = place.texts();
        let output = place.without(&format!("ulimit -n {most}"), &["run", "emea-copy"]);
        let when = format!("{most} descriptors: {:?} {}", output.status, words(&output));
        match output.status.code() {
            Some(0) => done += 1,
            // Without any the program cannot be loaded.
            Some(126 | 127) => {}
            Some(1 | 3) => {
                told_of += 1;
                assert!(!words(&output).contains("panicked"), "{when}");
            }
            _ => panic!("{when}"),
        }
        place.is_done(&before, &when);
        place.assert_well_again(&when);
    }
    assert!(done > 5 && told_of > 3, "{done} done, {told_of} told of");
}

#[test]
fn links_in_the_place_of_files_and_folders_are_told_and_not_followed() {
    use std::os::unix::fs::symlink;

    let outside = tempfile::tempdir().unwrap();
    let spoilt: [(&str, &str); 5] = [
        (".segue", "link"),
        (".segue/lock", "link"),
        (".segue/state.db", "link"),
        ("sequences/opportunity/win-back.yaml", "link"),
        // What a link leads to out of the workspace is not looked at.
        ("sequences/opportunity", "the file of `win-back` is gone"),
    ];
    for (name, word) in spoilt {
        let place = Place::new();
        let moved = outside.path().join(name.replace('/', "-"));
        fs::rename(place.root.join(name), &moved).unwrap();
        symlink(&moved, place.root.join(name)).unwrap();
        let (inside, beyond) = (place.files(), read_all(&moved));
        let output = place.segue(&["tag", "win-back", "x"]).output().unwrap();
        let told = words(&output);
        assert!(matches!(output.status.code(), Some(1 | 3)) && told.contains(word), "{name}: {told}");
        assert_eq!(read_all(&moved), beyond, "{name}: {told}");
        let ours = |files: &BTreeMap<String, Vec<u8>>| {
            files.keys().filter(|name| !name.starts_with(".segue")).cloned().collect::<Vec<_>>()
        };
        assert_eq!(ours(&place.files()), ours(&inside), "{name}: {told}");
        assert!(!place.files().keys().any(|name| name.contains("/.segue-") || name.ends_with("staging")), "{name}");
    }
}

fn read_all(path: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    let mut left = vec![path.to_owned()];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if !path.to_string_lossy().ends_with("lock") {
            let bytes = fs::read(&path).unwrap();
            all.push((path, bytes));
        }
    }
    all.sort();
    all
}

/// Whoever's clock jumps back goes on: operations are in the order of their numbers, whatever instants they have.
#[test]
fn a_clock_that_jumps_back_stops_nobody() {
    let place = Place::new();
    fs::write(place.root.join("leads.csv"), "id\n1\n2\n").unwrap();
    place.well(&["records", "import", "leads.csv", "--type", "opportunity", "--now", "2026-03-02T09:00:00Z"]);
    place.well(&["connect", "win-back", "1", "--now", "2026-03-02T09:00:00Z"]);
    place.well(&["connect", "win-back", "2", "--now", "1999-12-31T23:59:59Z"]);
    place.well(&["disconnect", "win-back", "1", "--now", "2001-01-01T00:00:00Z"]);
    place.well(&["connect", "win-back", "1", "--now", "2000-01-01T00:00:00Z"]);
    place.well(&["tag", "win-back", "later", "--now", "1970-01-01T00:00:00Z"]);
    let listed = place.well(&["connections", "win-back", "--all", "--now", "1980-01-01T00:00:00Z"]);
    assert_eq!(listed.lines().count(), 3, "{listed}");
    let history = place.well(&["history"]);
    assert!(history.find("tag win-back").unwrap() < history.find("disconnect win-back").unwrap(), "{history}");
    place.assert_well_again("the clock jumped back");
    let output = place.segue(&["doctor", "--now", "1980-01-01T00:00:00Z"]).output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", words(&output));
}
