//! `segue watch` as a child process: files are saved in all the ways editors save them, and what it tells is read.
//!
//! Nothing here depends on how long anything takes: the watch is given time until it has told what must come, and only its
//! silence for a whole minute fails.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::Value;

/// How long silence may last.
const PATIENCE: Duration = Duration::from_secs(60);

const SOUND: &str = "name: Inbound\nrecord_type: lead\nowner: ana.ruiz\nsteps:\n  - {id: note, type: task, name: Write a note}\n";
const BROKEN: &str =
    "name: \"Inbound\nrecord_type: lead\nowner: ana.ruiz\nsteps:\n  - {id: note, type: task, name: Write a note}\n";

/// A workspace with a watch on it.
struct Watched {
    folder: tempfile::TempDir,
    child: Child,
    lines: Receiver<String>,
}

impl Watched {
    fn new(files: &[(&str, &str)]) -> Self {
        Self::with(&[], files)
    }

    fn with(arguments: &[&str], files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sequences")).unwrap();
        for (name, text) in files {
            write(folder.path(), name, text);
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_segue"))
            .args(["watch", "--format", "json"])
            .args(arguments)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { folder, child, lines }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn next(&self) -> Value {
        let line = self.lines.recv_timeout(PATIENCE).expect("the watch says something within a minute");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    /// Reads on until a summary counts that many errors. Returns everything told on the way.
    fn until_errors(&self, errors: u64) -> Vec<Value> {
        let mut told = Vec::new();
        loop {
            let event = self.next();
            let is_there = event["event"] == "summary" && event["errors"] == errors;
            told.push(event);
            if is_there {
                return told;
            }
        }
    }

    /// What a fresh check counts now.
    fn fresh(&self) -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_segue"))
            .args(["validate", "--format", "json"])
            .current_dir(self.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["summary"].clone()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn codes(told: &[Value], event: &str) -> Vec<String> {
    let of_event = told.iter().filter(|value| value["event"] == event);
    let code = |value: &Value| if event == "fixed" { value["code"].clone() } else { value["diagnostic"]["code"].clone() };
    of_event.map(|value| code(value).as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_bad_first_load_is_told_and_a_mended_file_is_good_again() {
    let watched = Watched::new(&[("sequences/inbound.yaml", BROKEN)]);
    let told = watched.until_errors(1);
    assert_eq!(told[0]["event"], "start");
    assert_eq!(told[0]["format_version"], "1.0");
    assert_eq!(codes(&told, "finding"), ["unclosed-quote"]);
    write(watched.path(), "sequences/inbound.yaml", SOUND);
    let told = watched.until_errors(0);
    assert_eq!(codes(&told, "fixed"), ["unclosed-quote"]);
    assert_eq!(codes(&told, "finding"), Vec::<String>::new());
}

#[test]
fn each_way_to_save_is_answered_once_with_what_it_changed() {
    let watched = Watched::new(&[("sequences/inbound.yaml", SOUND)]);
    watched.until_errors(0);
    let file = watched.path().join("sequences/inbound.yaml");

    // by rename, as most editors do
    let beside = watched.path().join("sequences/.inbound.yaml.tmp");
    fs::write(&beside, BROKEN).unwrap();
    fs::rename(&beside, &file).unwrap();
    assert_eq!(codes(&watched.until_errors(1), "finding"), ["unclosed-quote"]);

    // moved away and written anew, as vim does
    fs::rename(&file, watched.path().join("sequences/inbound.yaml~")).unwrap();
    fs::write(&file, SOUND).unwrap();
    fs::remove_file(watched.path().join("sequences/inbound.yaml~")).unwrap();
    let told = watched.until_errors(0);
    assert_eq!(codes(&told, "finding"), Vec::<String>::new(), "nobody is told of the moment in which it was gone");

    // half first, then the rest: what counts is the end
    fs::write(&file, &SOUND[..20]).unwrap();
    fs::write(&file, SOUND.replace("type: task", "type: tsk")).unwrap();
    watched.until_errors(1);
    assert_eq!(watched.fresh()["errors"], 1);
}

#[test]
fn what_depends_on_a_file_is_judged_again_with_it() {
    let advance = SOUND
        .replace("steps:\n", "steps:\n  - {id: call, type: phone_call, name: Call}\n")
        .replace("{id: note, type: task, name: Write a note}", "{id: on, type: advance_to, sequence: other}");
    let watched =
        Watched::new(&[("sequences/inbound.yaml", &advance), ("sequences/other.yaml", &SOUND.replace("Inbound", "Other"))]);
    watched.until_errors(0);
    fs::rename(watched.path().join("sequences/other.yaml"), watched.path().join("sequences/another.yaml")).unwrap();
    let told = watched.until_errors(1);
    assert_eq!(codes(&told, "finding"), ["unknown-sequence"]);
    write(watched.path(), "sequences/other.yaml", &SOUND.replace("Inbound", "Other, anew"));
    assert_eq!(codes(&watched.until_errors(0), "fixed"), ["unknown-sequence"]);
    // settings concern everything
    write(watched.path(), "segue.yaml", "people:\n  bo.lind: {roles: [salesperson]}\n");
    assert_eq!(codes(&watched.until_errors(3), "finding"), ["unknown-owner"; 3]);
}

#[test]
fn a_folder_that_goes_and_comes_back_is_watched_again() {
    let watched = Watched::new(&[("sequences/lead/inbound.yaml", SOUND), ("sequences/lead/broken.yaml", BROKEN)]);
    watched.until_errors(1);
    fs::remove_dir_all(watched.path().join("sequences")).unwrap();
    watched.until_errors(0);
    write(watched.path(), "sequences/lead/inbound.yaml", SOUND);
    write(watched.path(), "sequences/lead/broken.yaml", BROKEN);
    watched.until_errors(1);
    write(watched.path(), "sequences/lead/broken.yaml", &SOUND.replace("Inbound", "Mended"));
    watched.until_errors(0);
    assert_eq!(watched.fresh()["files"], 2);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_with_130() {
    let mut watched = Watched::new(&[("sequences/inbound.yaml", SOUND)]);
    watched.until_errors(0);
    let id = watched.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(watched.child.wait().unwrap().code(), Some(130));
}

#[test]
fn what_is_silenced_or_not_asked_for_is_not_told() {
    let waiting = |comment: &str| SOUND.to_owned() + "  - {id: breathe, type: wait, for: 2d}" + comment + "\n";
    let silenced = waiting(" # segue: ignore[trailing-wait] so it is");
    let watched = Watched::with(&["--ignore", "duplicate-name"], &[("sequences/a.yaml", SOUND), ("sequences/b.yaml", &silenced)]);
    let first = watched.until_errors(0);
    assert_eq!(first.last().unwrap()["silenced"], 1);
    assert!(first.iter().all(|event| event["event"] != "finding"), "{first:?}");
    write(watched.path(), "sequences/b.yaml", &waiting(""));
    let told = watched.until_errors(1);
    assert!(told.iter().any(|event| event["diagnostic"]["code"] == "trailing-wait"), "{told:?}");
    write(watched.path(), "segue.yaml", "rules: {trailing-wait: warning}\n");
    let lowered = watched.until_errors(0);
    assert_eq!(lowered.last().unwrap()["warnings"], 1);
}
