//! Two processes in one workspace: writers lose nothing, and readers see the state before a commit or after it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use segue::lifecycle::Version;
use segue::operation::{Changes, FileChange, JournalEntry, RowChange};
use segue::outside::commit::{beside_of, recover};
use segue::outside::disk::{Lock, RealDisk, Root};
use segue::outside::store::{Modes, Store, usual_place};
use segue::sequence::{SequenceId, State};
use segue::text::{Digest, FilePath};

use crate::data;

/// How often two write at once.
const ROUNDS: usize = 100;

fn workspace() -> tempfile::TempDir {
    let workspace = tempfile::tempdir().unwrap();
    for part in ["segue.yaml", "sequences"] {
        data::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &workspace.path().join(part));
    }
    fs::create_dir(workspace.path().join("scripts")).unwrap();
    for hand in ["left", "right"] {
        let script = format!(
            "let tag = `{hand}/${{args()[0]}}`;\nlet s = sequence(\"win-back\");\ns.edit(|s| s.tags += tag);\nprint(`{hand} ${{args()[0]}}`);\n"
        );
        fs::write(workspace.path().join(format!("scripts/{hand}.rhai")), script).unwrap();
    }
    workspace
}

fn segue(workspace: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
    command.arg("-C").arg(workspace).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env_remove("SEGUE_STORE").env("SEGUE_ACTOR", "ana");
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Two scripts edit the same sequence at the same time, again and again: both edits are there, or the refused one named who
/// was writing and left nothing.
#[test]
fn two_scripts_that_edit_one_sequence_lose_nothing() {
    let workspace = workspace();
    let (mut expected, mut refused) = (BTreeSet::new(), 0);
    for round in 0..ROUNDS {
        let number = round.to_string();
        // Every other round somebody is patient.
        let patience: &[&str] = if round % 2 == 0 { &["--lock-timeout", "60s"] } else { &[] };
        let run = |hand: &str| {
            let arguments = [&["run"], patience, &[hand, &number]].concat();
            segue(workspace.path(), &arguments).spawn().unwrap()
        };
        let hands = [("left", run("left")), ("right", run("right"))];
        for (hand, child) in hands {
            let output = child.wait_with_output().unwrap();
            if output.status.success() {
                assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{hand} {number}\n"));
                expected.insert(format!("{hand}/{number}"));
                continue;
            }
            refused += 1;
            let words = said(&output);
            assert_eq!(output.status.code(), Some(3), "round {round}: {words}");
            assert!(patience.is_empty(), "round {round}: the patient one was refused: {words}");
            // Between taking the lock and signing it, the holder has no name yet.
            let is_named = words.contains("is being written by `segue run ") && words.contains("(process ");
            assert!(is_named || words.contains("is being written by another process"), "round {round}: {words}");
            assert!(words.contains("nothing was changed") && words.contains("--lock-timeout"), "round {round}: {words}");
        }
        // The next rounds would tell of too many tags below one.
        if round % 40 == 39 {
            assert_eq!(tags(workspace.path()), expected, "round {round}");
            let mut untag: Vec<&str> = vec!["untag", "win-back"];
            untag.extend(expected.iter().map(String::as_str));
            assert!(segue(workspace.path(), &untag).status().unwrap().success());
            expected.clear();
        }
    }
    assert_eq!(tags(workspace.path()), expected);
    assert!(refused > 0, "they never met");
    let valid = segue(workspace.path(), &["validate"]).output().unwrap();
    assert!(valid.status.success(), "{}", String::from_utf8_lossy(&valid.stdout));
    assert!(
        !fs::read_dir(workspace.path().join("sequences/opportunity"))
            .unwrap()
            .any(|entry| { entry.unwrap().file_name().to_string_lossy().starts_with('.') })
    );
}

/// The tags that the scripts gave.
fn tags(workspace: &Path) -> BTreeSet<String> {
    let shown = segue(workspace, &["show", "win-back", "--format", "json"]).output().unwrap();
    let shown: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap_or_else(|_| panic!("{}", said(&shown)));
    let tags = shown["tags"].as_array().or_else(|| shown["sequence"]["tags"].as_array()).expect("it has tags");
    let tags = tags.iter().map(|tag| tag.as_str().unwrap().to_owned());
    tags.filter(|tag| tag.starts_with("left/") || tag.starts_with("right/")).collect()
}

const TEXT: &str =
    "name: Follow up NAME\nrecord_type: lead\nowner: ana\nSTATE\nsteps:\n  - {id: intro, type: email, name: Write}\n";

/// Two sequences that change their state together: `state: active` in both or in none.
fn pair(is_active: bool) -> [(&'static str, String); 2] {
    let text = TEXT.replace("STATE", if is_active { "state: active\nversion: 1" } else { "state: inactive" });
    ["one", "two"].map(|id| {
        let path = if id == "one" { "sequences/one.yaml" } else { "sequences/two.yaml" };
        (path, text.replace("NAME", id))
    })
}

fn changes(is_active: bool) -> Changes {
    let files = pair(!is_active).into_iter().zip(pair(is_active)).map(|((path, before), (_, after))| FileChange {
        path: FilePath::new(path),
        before: Some(before.into()),
        after: Some(after.into()),
    });
    let rows = ["one", "two"].into_iter().zip(pair(true)).flat_map(|(id, (_, text))| {
        let sequence = SequenceId::parse(id).unwrap();
        let state = if is_active { State::Active } else { State::Inactive };
        let version = Version { number: 1, meaning: meaning(&text), text: text.into(), message: None };
        let publish = RowChange::Publish { sequence: sequence.clone(), version, skip_non_working_days: false };
        is_active.then_some(publish).into_iter().chain([RowChange::Serve { sequence, state }])
    });
    Changes { files: files.collect(), rows: rows.collect() }
}

/// What `activate` would call the meaning of a text.
fn meaning(text: &str) -> Digest {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("sequences")).unwrap();
    fs::write(place.path().join("sequences/one.yaml"), text.replace("state: active\nversion: 1\n", "")).unwrap();
    assert!(segue(place.path(), &["activate", "one"]).status().unwrap().success());
    let store = Store::open(&usual_place(place.path())).unwrap().unwrap();
    segue::operation::Facts::published(&store, &SequenceId::parse("one").unwrap()).unwrap().unwrap().meaning
}

/// What each view says. The time that a check took is no part of it.
fn views(workspace: &Path) -> Vec<String> {
    let look = |arguments: &[&str]| {
        let output = segue(workspace, arguments).output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        format!("{arguments:?} {:?}\n{told}", output.status.code())
    };
    let looks: [&[&str]; 4] = [
        &["list", "--format", "json"],
        &["validate", "--format", "json"],
        &["show", "one", "--format", "json"],
        &["show", "two"],
    ];
    looks.iter().map(|arguments| look(arguments)).collect()
}

fn prepared() -> (tempfile::TempDir, Root) {
    let workspace = tempfile::tempdir().unwrap();
    fs::create_dir(workspace.path().join("sequences")).unwrap();
    for (path, text) in pair(false) {
        fs::write(workspace.path().join(path), text).unwrap();
    }
    let root = Root::at(workspace.path()).unwrap();
    drop(Store::create(&usual_place(root.path())).unwrap());
    (workspace, root)
}

/// A commit that stops at each of its states: texts prepared, decided, the first file placed, all placed, settled.
#[test]
fn a_commit_that_stops_in_the_middle_is_seen_before_or_after() {
    let (before_place, _) = prepared();
    let before = views(before_place.path());
    let (workspace, root) = prepared();
    let write = |name: &FilePath, text: &str| fs::write(root.path_of(name), text).unwrap();
    let [one, two] = pair(true).map(|(path, text)| (FilePath::new(path), text));
    let waits = |path: &FilePath| beside_of(path)[1].clone();
    // Texts lie beside their places, and nothing is decided.
    write(&waits(&one.0), &one.1);
    write(&waits(&two.0), &two.1);
    fs::write(root.path().join(".segue/staging"), r#"{"files":[],"folders":[]}"#).unwrap();
    assert_eq!(views(workspace.path()), before);
    // Decided, and no file has followed.
    let entry = JournalEntry { what: "test".into(), actor: "ana".into(), at: segue::time::Instant::UNIX_EPOCH, message: None };
    let operation = Store::create(&usual_place(root.path())).unwrap().decide(&entry, &changes(true), &Modes::new()).unwrap();
    let decided = views(workspace.path());
    assert_ne!(decided, before);
    assert!(decided[0].matches(r#""published_state": "active""#).count() == 2 && decided[1].contains("Some(0)"), "{decided:#?}");
    // The first is exchanged, and its old text lies beside it; then the second.
    for (placed, (_, old)) in [&one, &two].into_iter().zip(pair(false)) {
        write(&placed.0, &placed.1);
        write(&waits(&placed.0), &old);
        assert_eq!(views(workspace.path()), decided, "{} is placed", placed.0);
    }
    for placed in [&one, &two] {
        fs::remove_file(root.path_of(&waits(&placed.0))).unwrap();
    }
    assert_eq!(views(workspace.path()), decided, "tidy");
    let files = [one.0, two.0];
    Store::create(&usual_place(root.path())).unwrap().settle(operation, &files).unwrap();
    assert_eq!(views(workspace.path()), decided, "settled");
    let (lock, disk) = (Lock::take(&root, "test", Duration::from_secs(5)).unwrap(), RealDisk::at(&root).unwrap());
    let mut store = Store::create(&usual_place(root.path())).unwrap();
    assert_eq!(recover(&lock, &disk, &mut store).unwrap(), []);
    assert_eq!(views(workspace.path()), decided, "recovered");
}

/// Says that it is over, also where a look is not as it should be.
struct Over<'o>(&'o AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Others read while somebody activates and deactivates without end.
#[test]
fn readers_beside_a_writer_see_no_state_between() {
    let (workspace, _) = prepared();
    let folder: PathBuf = workspace.path().to_owned();
    assert!(segue(&folder, &["activate", "one", "two"]).status().unwrap().success());
    let is_over = AtomicBool::new(false);
    let (mut looks, mut commits) = (0, 0);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut commits = 0;
            while !is_over.load(Ordering::Relaxed) {
                for arguments in [&["deactivate", "one", "two", "--yes"][..], &["activate", "one", "two"]] {
                    let output = segue(&folder, arguments).output().unwrap();
                    assert!(output.status.success(), "{}", said(&output));
                    commits += 1;
                }
            }
            commits
        });
        let over = Over(&is_over);
        let end = Instant::now() + Duration::from_secs(6);
        while Instant::now() < end || looks < 20 {
            let output = segue(&folder, &["validate", "--format", "json"]).output().unwrap();
            let told = String::from_utf8_lossy(&output.stdout).into_owned();
            let report: serde_json::Value = serde_json::from_str(&told).unwrap_or_else(|_| panic!("{told}{}", said(&output)));
            assert_eq!(report["diagnostics"].as_array().map(Vec::len), Some(0), "{told}");
            let output = segue(&folder, &["list", "--format", "json"]).output().unwrap();
            let listed: serde_json::Value =
                serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
            let states = |key: &str| -> BTreeSet<String> {
                listed["sequences"].as_array().unwrap().iter().map(|row| row[key].to_string()).collect()
            };
            assert_eq!(states("state"), states("published_state"), "{listed:#}");
            assert_eq!(states("state").len(), 1, "{listed:#}");
            looks += 1;
        }
        drop(over);
        commits = writer.join().unwrap();
    });
    assert!(commits > 4, "only {commits} commits beside {looks} looks");
}

/// One deactivates and takes it back, again and again, while another connects and disconnects records: whatever comes first, no
/// record runs where nothing serves, and nobody is refused without a reason.
#[test]
fn an_undo_beside_somebody_who_connects_loses_nobody() {
    let (workspace, _) = prepared();
    let folder = workspace.path().to_owned();
    let well = |arguments: &[&str]| {
        let output = segue(&folder, arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    fs::write(folder.join("leads.csv"), "id\n1\n2\n3\n").unwrap();
    well(&["records", "import", "leads.csv", "--type", "lead"]);
    well(&["activate", "one"]);
    well(&["connect", "one", "1", "2"]);
    let is_over = AtomicBool::new(false);
    let mut connects = 0;
    std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            let mut done = 0;
            while !is_over.load(Ordering::Relaxed) {
                for verb in ["connect", "disconnect"] {
                    let output = segue(&folder, &[verb, "one", "3"]).output().unwrap();
                    let words = said(&output);
                    let codes = ["not-active", "not-connected", "already-connected"];
                    let is_known = codes.iter().any(|code| words.contains(code)) || words.contains("nothing was written");
                    assert!(output.status.success() || is_known, "{verb}: {words}");
                    done += u32::from(output.status.success());
                }
            }
            done
        });
        let over = Over(&is_over);
        for round in 0..12 {
            well(&["deactivate", "one", "--yes"]);
            let history: serde_json::Value =
                serde_json::from_str(&well(&["history", "--of", "one", "--format", "json"])).unwrap();
            let operations = history["operations"].as_array().unwrap();
            let newest = operations.iter().find(|line| line["what"] == "deactivate one").unwrap()["number"].to_string();
            let output = segue(&folder, &["undo", &newest, "--yes"]).output().unwrap();
            // Somebody may have been connected anew, or let go, between the look and the commit.
            assert!(output.status.success() || said(&output).contains("meanwhile"), "round {round}: {}", said(&output));
            if !output.status.success() {
                well(&["undo", &newest, "--yes"]);
            }
            let running = well(&["connections", "one", "--format", "json"]);
            assert!(running.contains(r#""record":"1""#) && running.contains(r#""record":"2""#), "round {round}: {running}");
        }
        drop(over);
        connects = other.join().unwrap();
    });
    assert!(connects > 2, "they never met");
    assert!(well(&["store", "check"]).contains("all is well"));
    well(&["validate"]);
}
