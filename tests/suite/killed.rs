//! Whoever commits is killed at any moment: what was asked for is wholly there or not at all, be it a script's run, something
//! that takes back what was done, or a store that is restored or copied.
//!
//! `SEGUE_KILLS=400` kills each of them more often than continuous integration does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::data;

/// How many moments are tried.
const KILLS: u32 = 40;

#[test]
fn a_script_that_is_killed_is_wholly_there_or_not_at_all() {
    let whole = Duration::from_micros(u64::try_from(undisturbed().as_micros()).expect("a run takes no year"));
    let mut absent = 0;
    for kill in 0..KILLS {
        // From before it has begun until after it has ended.
        let moment = whole.mul_f64(1.1 * f64::from(kill) / f64::from(KILLS));
        absent += u32::from(killed_after(moment) == Found::Nothing);
    }
    assert!(absent > 0, "no run was killed before it had decided");
}

/// A process that is started while the lock is held has it for a moment too, and keeps it when the holder dies just then.
#[test]
#[cfg(unix)]
fn nobody_is_started_while_the_lock_is_held() {
    use std::os::unix::fs::PermissionsExt;

    let workspace = workspace();
    let tools = tempfile::tempdir().expect("there is room for a tool");
    // The lock's file holds the holder's name as long as there is one. `-C` and the workspace come before the question.
    let git = "#!/bin/sh\necho \"asked $*\" >> \"$SEEN\"\ntest -s \"$2/.segue/lock\" && echo held >> \"$SEEN\"\necho Ana\n";
    fs::write(tools.path().join("git"), git).expect("written");
    fs::set_permissions(tools.path().join("git"), fs::Permissions::from_mode(0o755)).expect("permitted");
    let seen = tools.path().join("seen");
    let path = format!("{}:{}", tools.path().display(), std::env::var("PATH").unwrap_or_default());
    for arguments in [&["tag", "win-back", "seen"][..], &["run", "emea-copy"], &["validate", "--fix"]] {
        fs::write(&seen, "").expect("written");
        let ended = segue(workspace.path(), arguments).env("PATH", &path).env("SEEN", &seen).output().expect("segue runs");
        let asked = fs::read_to_string(&seen).expect("somebody asked");
        assert!(asked.contains("asked") && !asked.contains("held"), "{arguments:?}, {}: {asked}", ended.status);
    }
}

/// Something that is done in a workspace where something was done before.
struct Work<'w> {
    before: &'w [&'w [&'w str]],
    work: &'w [&'w str],
}

/// What people see of a workspace.
#[derive(Debug, PartialEq)]
struct Sight {
    files: BTreeMap<String, String>,
    told: Vec<String>,
}

const AT: &str = "2026-03-02T09:00:00Z";
const LATER: &str = "2026-03-03T09:00:00Z";

/// Two records are connected, and what runs is in revision.
const CONNECTED: [&[&str]; 3] = [
    &["records", "import", "deals.csv", "--type", "opportunity", "--now", AT],
    &["activate", "win-back", "--now", AT],
    &["connect", "win-back", "1", "2", "--now", AT],
];

fn killed_often(work: &Work<'_>) {
    let prepared = workspace();
    fs::write(prepared.path().join("deals.csv"), "id\n1\n2\n").expect("written");
    for arguments in work.before {
        done(prepared.path(), arguments);
    }
    let before = sight(prepared.path());
    let copied = || {
        let copy = tempfile::tempdir().expect("there is room for a copy");
        data::copy(prepared.path(), copy.path());
        copy
    };
    let undisturbed = copied();
    let start = Instant::now();
    done(undisturbed.path(), work.work);
    let whole = start.elapsed();
    let after = sight(undisturbed.path());
    let asked = std::env::var("SEGUE_KILLS").ok().and_then(|asked| asked.parse().ok());
    let kills: u32 = asked.unwrap_or(16);
    let mut absent = 0;
    for kill in 0..kills {
        let moment = whole.mul_f64(1.1 * f64::from(kill) / f64::from(kills));
        let place = copied();
        let mut child = segue(place.path(), work.work).spawn().expect("segue runs");
        thread::sleep(moment);
        drop(child.kill());
        child.wait().expect("a child that was killed can be waited for");
        let when = format!("{:?} after {moment:?}", work.work);
        // Who only looks sees one of the two as well.
        let seen = sight(place.path()).told;
        done(place.path(), &["doctor", "--fix", "--format", "json"]);
        let found = sight(place.path());
        assert_eq!(seen, found.told, "{when}: readers saw something else");
        assert!(found == before || found == after, "{when}: something between: {found:#?}");
        absent += u32::from(found == before && before != after);
        let left = all_files(place.path()).into_keys().filter(|name| name.contains("/.segue-") || name.contains(".part"));
        assert_eq!(left.collect::<Vec<_>>(), [""; 0], "{when}: left over");
        done(place.path(), &["store", "check"]);
    }
    assert!(absent > 0 || before == after, "{:?} was never killed before it had decided", work.work);
}

/// Runs a command that has nothing to complain of but what needs somebody.
fn done(workspace: &Path, arguments: &[&str]) -> String {
    let output = segue(workspace, arguments).output().expect("segue runs");
    let may_need_somebody = arguments[0] == "doctor" && output.status.code() == Some(1);
    assert!(output.status.success() || may_need_somebody, "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn sight(workspace: &Path) -> Sight {
    let looks: [&[&str]; 4] = [
        &["list", "--format", "json"],
        &["connections", "win-back", "--all", "--format", "json", "--now", LATER],
        &["connections", "lost", "--all", "--format", "json", "--now", LATER],
        &["history", "--format", "json"],
    ];
    let look = |arguments: &&[&str]| {
        let output = segue(workspace, arguments).output().expect("segue runs");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let files = all_files(workspace).into_iter().filter(|(name, _)| !name.contains(".segue") && !name.starts_with("monday.db"));
    Sight { told: looks.iter().map(look).collect(), files: files.collect() }
}

fn all_files(workspace: &Path) -> BTreeMap<String, String> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![workspace.to_owned()]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).expect("the folder is there").map(|entry| entry.expect("it can be read").path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(workspace).expect("it lies there").to_string_lossy().into_owned();
                files.insert(name, String::from_utf8_lossy(&fs::read(&path).expect("it can be read")).into_owned());
            }
        }
    }
    files
}

#[test]
fn an_undo_that_is_killed_is_wholly_there_or_not_at_all() {
    let deactivated = [&CONNECTED[..], &[&["deactivate", "win-back", "--yes", "--now", AT]]].concat();
    killed_often(&Work { before: &deactivated, work: &["undo", "--last", "--yes", "--now", LATER, "--as", "ana"] });
}

#[test]
fn an_undo_of_a_deletion_that_is_killed_is_wholly_there_or_not_at_all() {
    let deleted = [&CONNECTED[..], &[&["delete", "win-back", "--yes", "--now", AT]]].concat();
    killed_often(&Work { before: &deleted, work: &["undo", "--last", "--yes", "--now", LATER, "--as", "ana"] });
}

#[test]
fn an_undo_of_a_rename_that_is_killed_is_wholly_there_or_not_at_all() {
    let renamed = [&CONNECTED[..], &[&["rename", "win-back", "lost", "--now", AT]]].concat();
    killed_often(&Work { before: &renamed, work: &["undo", "--last", "--yes", "--now", LATER, "--as", "ana"] });
}

#[test]
fn a_purge_that_is_killed_is_wholly_there_or_not_at_all() {
    let tagged = [&CONNECTED[..], &[&["tag", "win-back", "spring", "--now", AT]]].concat();
    killed_often(&Work { before: &tagged, work: &["delete", "win-back", "--purge", "--yes", "--now", LATER, "--as", "ana"] });
}

#[test]
fn a_restore_that_is_killed_is_wholly_there_or_not_at_all() {
    let more: [&[&str]; 3] = [
        &["store", "backup", "monday.db"],
        &["disconnect", "win-back", "1", "--now", AT],
        &["tag", "win-back", "spring", "--now", AT],
    ];
    killed_often(&Work { before: &[&CONNECTED[..], &more].concat(), work: &["store", "restore", "monday.db", "--yes"] });
}

#[test]
fn a_backup_that_is_killed_leaves_nothing_that_nobody_finds() {
    killed_often(&Work { before: &CONNECTED, work: &["store", "backup", "monday.db"] });
}

#[derive(PartialEq)]
enum Found {
    All,
    Nothing,
}

fn undisturbed() -> Duration {
    let workspace = workspace();
    let start = Instant::now();
    assert!(segue(workspace.path(), &["run", "emea-copy"]).status().expect("segue runs").success());
    start.elapsed()
}

fn killed_after(moment: Duration) -> Found {
    let workspace = workspace();
    let mut child = segue(workspace.path(), &["run", "emea-copy"]).spawn().expect("segue runs");
    thread::sleep(moment);
    // It may have ended by itself.
    drop(child.kill());
    child.wait().expect("a child that was killed can be waited for");
    // The next who writes completes what was decided, or takes back what was not.
    let next = segue(workspace.path(), &["tag", "win-back", "seen"]).output().expect("segue runs");
    assert!(next.status.success(), "after {moment:?}: {}", String::from_utf8_lossy(&next.stderr));
    let checked = segue(workspace.path(), &["validate"]).output().expect("segue runs");
    assert!(checked.status.success(), "after {moment:?}: {}", String::from_utf8_lossy(&checked.stdout));
    let strays = strays(workspace.path());
    assert!(strays.is_empty(), "after {moment:?} there is left: {}", strays.join(", "));
    found(workspace.path(), moment)
}

/// Files and store agree: `validate` said so. Here it shows that each is in the one state or the other.
fn found(workspace: &Path, moment: Duration) -> Found {
    let copy = fs::read_to_string(workspace.join("sequences/lead/inbound-lead-emea.yaml")).ok();
    let target = fs::read_to_string(workspace.join("sequences/lead/enterprise-lead.yaml")).expect("the sample is there");
    let listed = segue(workspace, &["list", "--format", "json"]).output().expect("segue runs");
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).expect("a list is JSON");
    let state = |id: &str| {
        let rows = listed["sequences"].as_array().expect("a list has sequences");
        rows.iter().find(|row| row["id"] == id).map(|row| row["published_state"].clone())
    };
    match copy {
        Some(copy) => {
            assert!(copy.contains("\nstate: active\n") && copy.ends_with("name: Send a card\n"), "after {moment:?}: {copy}");
            assert!(target.contains("\nstate: active\n"), "after {moment:?}: {target}");
            assert_eq!(state("inbound-lead-emea"), Some("active".into()), "after {moment:?}");
            assert_eq!(state("enterprise-lead"), Some("active".into()), "after {moment:?}");
            Found::All
        }
        None => {
            assert!(target.contains("\nstate: inactive\n"), "after {moment:?}: {target}");
            assert!(state("enterprise-lead").is_none_or(|state| state != "active"), "after {moment:?}");
            Found::Nothing
        }
    }
}

/// Files that a commit made for itself and left.
fn strays(workspace: &Path) -> Vec<String> {
    let mut folders = vec![workspace.join("sequences")];
    let mut strays = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("the entry can be read").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.starts_with(".segue") {
                strays.push(name);
            }
        }
    }
    strays
}

fn workspace() -> tempfile::TempDir {
    let workspace = tempfile::tempdir().expect("there is room for a workspace");
    for part in ["segue.yaml", "sequences", "scripts"] {
        data::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &workspace.path().join(part));
    }
    workspace
}

fn segue(workspace: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
    command.arg("-C").arg(workspace).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env_remove("SEGUE_STORE").env_remove("SEGUE_ACTOR");
    command
}
