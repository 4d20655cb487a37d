//! Expectations that are files: found, compared with what happened, and rewritten when `UPDATE` is set.

use std::fs;
use std::path::{Path, PathBuf};

use snapbox::{Assert, Data, IntoData};

/// A folder of this repository.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The files under `tests/cases/THEME` that end in `extension`, sorted.
///
/// # Panics
/// Where there is none: a test over no data would pass and say nothing.
pub fn cases(theme: &str, extension: &str) -> Vec<PathBuf> {
    let folder = folder("tests/cases").join(theme);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no .{extension} file in {}", folder.display());
    files
}

/// Accepts the two texts if they are equal, writes `actual` into the file if `UPDATE` is set, and else says how they differ.
pub fn settle(path: &Path, expected: &str, actual: &str) -> Result<(), String> {
    let Some(difference) = difference(expected, actual) else { return Ok(()) };
    if updating() {
        return fs::write(path, actual).map_err(|error| format!("{}: {error}", path.display()));
    }
    let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(path);
    Err(format!("{} says otherwise:\n{difference}", name.display()))
}

/// Ends the test if anything failed, with all of it.
pub fn report(failures: &[String]) {
    assert!(
        failures.is_empty(),
        "{}\n{} failed; if the new words are right, `UPDATE=1 cargo test` writes them",
        failures.join("\n"),
        failures.len()
    );
}

/// How two texts differ, line by line; `None` if they do not.
pub fn difference(expected: &str, actual: &str) -> Option<String> {
    let failed = Assert::new().normalize_paths(false).try_eq(None, Data::text(actual), expected.raw()).err()?;
    Some(failed.to_string())
}

/// Whether `actual` is what `pattern` describes: `[..]` stands for anything in a line, `...` for any lines.
pub fn matches(pattern: &str, actual: &str) -> bool {
    Assert::new().normalize_paths(false).try_eq(None, Data::text(actual), pattern.into_data()).is_ok()
}

fn updating() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| !value.is_empty() && value != "0")
}

#[test]
fn wildcards_stand_for_parts_of_lines_and_for_lines() {
    assert!(matches("checked 3 files in [..]\n", "checked 3 files in 2 ms\n"));
    assert!(matches("first\n...\nlast\n", "first\nsecond\nthird\nlast\n"));
    assert!(!matches("checked 3 files\n", "checked 4 files\n"));
    assert!(difference("[..]\n", "anything\n").is_some(), "a difference knows no wildcards");
}

/// Copies a file or a folder with all in it; what is not there is left out.
pub fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let name = entry.unwrap().file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else if from.exists() {
        fs::copy(from, to).unwrap();
    }
}
