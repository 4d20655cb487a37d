//! A script that commits is killed at any moment: what it asked for is wholly there or not at all.

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
