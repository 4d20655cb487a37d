//! Hostile files: whatever lies in a workspace is told of, costs little memory, and keeps nothing else from being checked.
//!
//! Each workspace is checked by a child, whose memory the kernel counts. A neighbour with a known mistake lies beside what is
//! hostile, and its mistake must be found.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::hostile_texts::{LARGEST, Text, texts};

/// How much more memory a child may take than one that checks the neighbour alone.
const MOST_MEMORY: u64 = 64 << 20;

/// How long a child may take before it counts as hanging.
const PATIENCE: Duration = Duration::from_secs(60);

const NEIGHBOUR: &str = "sequences/neighbour.yaml";

/// A sequence with one mistake, in its sixth line.
const ITS_MISTAKE: &str =
    "name: Neighbour\nrecord_type: lead\nowner: ana\nsteps:\n  - id: call\n    type: phonecall\n    name: Call\n";

/// Settings may say nothing at all; a sequence may not.
const HARMLESS_AS_SETTINGS: [&str; 5] = ["tabs", "blanks", "line-ends", "comment", "comments"];

#[test]
fn each_text_as_the_settings_is_told_of_in_little_memory() {
    let baseline = baseline();
    let texts = texts();
    let failures = in_two_threads(&texts, |text| {
        let workspace = workspace();
        fs::write(workspace.path().join("segue.yaml"), &text.bytes).unwrap();
        let checked = check(workspace.path());
        let told = (!HARMLESS_AS_SETTINGS.contains(&text.name)).then(|| checked.is_told("segue.yaml", &[])).flatten();
        told.or(checked.is_told(NEIGHBOUR, &["unknown-step-type"]))
            .or(too_much(checked.peak, baseline))
            .map(|failure| format!("{} as segue.yaml: {failure}", text.name))
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn all_texts_at_once_are_told_of_in_little_memory() {
    let workspace = workspace();
    let texts = texts();
    for text in &texts {
        fs::write(workspace.path().join(format!("sequences/{}.yaml", text.name)), &text.bytes).unwrap();
    }
    let checked = check(workspace.path());
    let mut failures: Vec<String> =
        texts.iter().filter_map(|text| checked.is_told(&format!("sequences/{}.yaml", text.name), text.codes)).collect();
    failures.extend(checked.is_told(NEIGHBOUR, &["unknown-step-type"]));
    // The texts themselves are kept for showing; what the program makes of them is what counts.
    let held: u64 = texts.iter().filter(|text| text.bytes.len() <= LARGEST).map(|text| text.bytes.len() as u64).sum();
    failures.extend(too_much(checked.peak, baseline().map(|baseline| baseline + held)));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_told_of_and_waited_for_by_nobody() {
    use std::os::unix::fs::symlink;

    let workspace = workspace();
    let place = |name: &str| workspace.path().join("sequences").join(name);
    let mut expected: BTreeMap<&str, &[&str]> = BTreeMap::new();
    if Command::new("mkfifo").arg(place("pipe.yaml")).status().is_ok_and(|status| status.success()) {
        expected.insert("sequences/pipe.yaml", &["unreadable-file"]);
    }
    let _socket = std::os::unix::net::UnixListener::bind(place("socket.yaml")).unwrap();
    expected.insert("sequences/socket.yaml", &["unreadable-file"]);
    // Only the superuser may make a device.
    if Command::new("mknod")
        .arg(place("zeros.yaml"))
        .args(["c", "1", "5"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|it| it.success())
    {
        expected.insert("sequences/zeros.yaml", &["unreadable-file"]);
    }
    for (name, target) in [
        ("dangling.yaml", "nowhere.yaml"),
        ("itself.yaml", "itself.yaml"),
        ("device.yaml", "/dev/zero"),
        ("outside.yaml", "/etc/passwd"),
        ("around", "."),
        ("up", ".."),
    ] {
        symlink(target, place(name)).unwrap();
    }
    for name in ["dangling.yaml", "itself.yaml", "device.yaml", "outside.yaml", "around", "up"] {
        expected.insert(Box::leak(format!("sequences/{name}").into_boxed_str()), &["ignored-file"]);
    }
    fs::write(place("lead"), "a file that is called like a folder").unwrap();
    fs::create_dir_all(place("folder.yaml/inner")).unwrap();
    fs::copy(place("neighbour.yaml"), place("folder.yaml/inner/within.yaml")).unwrap();
    expected.insert("sequences/folder.yaml", &["ignored-file"]);
    expected.insert("sequences/folder.yaml/inner/within.yaml", &["unknown-step-type"]);
    // A workspace in a file system of its own may still hold every name that is no UTF-8.
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStrExt;

        fs::write(place("x").with_file_name(std::ffi::OsStr::from_bytes(b"caf\xe9.yaml")), "name: a\n").unwrap();
        expected.insert("sequences/caf\u{fffd}.yaml", &["ignored-file"]);
    }
    let checked = check(workspace.path());
    let mut failures: Vec<String> = expected.iter().filter_map(|(file, codes)| checked.is_told(file, codes)).collect();
    failures.extend(checked.is_told(NEIGHBOUR, &["unknown-step-type"]));
    failures.extend(too_much(checked.peak, baseline()));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// How something that is no file comes to be at a path.
type Making = fn(&Path);

#[cfg(unix)]
#[test]
fn settings_that_are_no_file_are_told_of() {
    let makings: [(&str, Making); 3] = [
        ("a folder", |path| fs::create_dir(path).unwrap()),
        ("a link to itself", |path| std::os::unix::fs::symlink("segue.yaml", path).unwrap()),
        ("a pipe", |path| drop(Command::new("mkfifo").arg(path).status())),
    ];
    for (what, make) in makings {
        let workspace = workspace();
        make(&workspace.path().join("segue.yaml"));
        let checked = check(workspace.path());
        // A file system without pipes has nothing there.
        let is_there = fs::symlink_metadata(workspace.path().join("segue.yaml")).is_ok();
        assert_eq!(
            is_there.then(|| checked.is_told("segue.yaml", &["unreadable-file", "ignored-file"])).flatten(),
            None,
            "{what}"
        );
        assert_eq!(checked.is_told(NEIGHBOUR, &["unknown-step-type"]), None, "{what}");
    }
}

#[test]
fn files_that_come_go_and_grow_while_they_are_read_do_no_harm() {
    let workspace = workspace();
    let folder = workspace.path().join("sequences");
    let until = Instant::now() + Duration::from_secs(3);
    thread::scope(|scope| {
        scope.spawn(|| {
            let line = "# a line that grows\n".repeat(2_000);
            let mut number = 0;
            while Instant::now() < until {
                let (grown, gone) =
                    (folder.join(format!("grown-{}.yaml", number % 20)), folder.join(format!("gone-{}.yaml", number % 20)));
                let mut text = fs::read_to_string(&grown).unwrap_or_default();
                text = if text.len() > LARGEST { String::new() } else { text + &line };
                fs::write(&grown, text).unwrap();
                // Whichever is there: the file goes, or the folder in its place.
                drop(fs::remove_file(&gone).or_else(|_| fs::remove_dir(&gone)));
                drop(if number % 3 == 0 { fs::create_dir(&gone) } else { fs::write(&gone, ITS_MISTAKE) });
                number += 1;
            }
        });
        scope.spawn(|| {
            while Instant::now() < until {
                let checked = check(workspace.path());
                assert_eq!(checked.is_told(NEIGHBOUR, &["unknown-step-type"]), None);
            }
        });
    });
}

fn workspace() -> tempfile::TempDir {
    let workspace = tempfile::tempdir().unwrap();
    fs::create_dir(workspace.path().join("sequences")).unwrap();
    fs::write(workspace.path().join(NEIGHBOUR), ITS_MISTAKE).unwrap();
    workspace
}

/// What a child said of a workspace, and the most memory that it held, where the kernel tells that.
struct Checked {
    findings: Vec<(String, String)>,
    peak: Option<u64>,
}

impl Checked {
    /// What is wrong where a file is not told of by one of these codes.
    fn is_told(&self, file: &str, codes: &[&str]) -> Option<String> {
        let found: Vec<&str> = self.findings.iter().filter(|(other, _)| other == file).map(|(_, code)| code.as_str()).collect();
        let is_told = found.iter().any(|code| codes.is_empty() || codes.contains(code));
        (!is_told).then(|| format!("{file} should have earned one of {codes:?}, and has {found:?}"))
    }
}

fn too_much(peak: Option<u64>, baseline: Option<u64>) -> Option<String> {
    let more = peak?.saturating_sub(baseline?);
    (more > MOST_MEMORY).then(|| format!("it took {} MiB more than the neighbour alone", more >> 20))
}

/// What checking the neighbour alone takes.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn baseline() -> Option<u64> {
    let peak = check(workspace().path()).peak;
    match peak {
        None if cfg!(target_os = "linux") => panic!("the kernel should tell how much memory a child took"),
        None => eprintln!("skipped in part: this system does not tell how much memory a child took"),
        Some(_) => {}
    }
    peak
}

fn check(workspace: &Path) -> Checked {
    let mut child = Command::new(env!("CARGO_BIN_EXE_segue"))
        .arg("-C")
        .arg(workspace)
        .args(["validate", "--format", "json"])
        .env_remove("SEGUE_STORE")
        // On many cores as much as on few.
        .env("RAYON_NUM_THREADS", "16")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut output, mut errors) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let reader = thread::spawn(move || {
        let mut text = String::new();
        output.read_to_string(&mut text).unwrap();
        text
    });
    let (start, mut peak) = (Instant::now(), None);
    let status = loop {
        peak = high_water_mark(child.id()).or(peak);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("after {} s this still ran: segue validate in {}", PATIENCE.as_secs(), workspace.display());
        }
        thread::sleep(Duration::from_micros(500));
    };
    let mut said = String::new();
    errors.read_to_string(&mut said).unwrap();
    let text = reader.join().unwrap();
    assert_eq!(status.code(), Some(1), "{said}");
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let word = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let findings = report["diagnostics"].as_array().unwrap().iter().map(|one| (word(one, "file"), word(one, "code"))).collect();
    Checked { findings, peak }
}

/// The most memory that a process has held so far, in bytes: it only grows, so that the last answer before the end is the
/// one.
fn high_water_mark(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}

fn in_two_threads(texts: &[Text], check: impl Fn(&Text) -> Option<String> + Sync) -> Vec<String> {
    let check = &check;
    thread::scope(|scope| {
        let halves =
            [0, 1].map(|half| scope.spawn(move || texts.iter().skip(half).step_by(2).filter_map(check).collect::<Vec<_>>()));
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    })
}
