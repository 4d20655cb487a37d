//! A workspace with mistakes whose places are known: each is found where it is, and nothing else is.

use segue::diagnostic::{Code, Diagnostic, Severity};
use segue::text::FilePath;
use segue::workspace::{Content, Workspace};

use crate::workspaces::{self, Planted, Recipe};

/// How far from the planted line a finding may point.
const NEAR: usize = 3;

#[test]
fn planted_mistakes_are_found_and_nothing_else() {
    let made = workspaces::workspace(Recipe { sequences: 240, seed: 1, mistakes: 36, active: 0.0 });
    let mut workspace = Workspace::new();
    workspace.update(made.files.iter().map(|(path, text)| (FilePath::new(path.as_str()), content(text))).collect());
    let findings = workspace.findings();
    let errors: Vec<&Diagnostic> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();

    let missed = made.planted.iter().filter(|planted| !errors.iter().any(|error| answers(&workspace, planted, error)));
    let missed: Vec<String> = missed.map(|planted| format!("not found: {planted:?}")).collect();
    let excess = errors.iter().filter(|error| !made.planted.iter().any(|planted| explains(planted, error)));
    let excess: Vec<String> = excess.map(|error| format!("found without being planted: {error:?}")).collect();
    assert!(missed.is_empty() && excess.is_empty(), "{}", [missed, excess].concat().join("\n"));
}

/// Warnings that nobody needs are read by nobody.
#[test]
fn a_sound_workspace_is_not_warned() {
    let made = workspaces::workspace(Recipe { sequences: 240, seed: 1, mistakes: 0, active: 0.2 });
    let mut workspace = Workspace::new();
    workspace.update(made.files.iter().map(|(path, text)| (FilePath::new(path.as_str()), content(text))).collect());
    // Which of them are active is left to chance, and so is what they advance to.
    let findings = workspace.findings().into_iter().filter(|finding| finding.code != Code::InactiveTarget);
    let findings: Vec<String> = findings.map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
    assert!(findings.is_empty(), "{} of 240: {:?}", findings.len(), &findings[..findings.len().min(5)]);
}

fn content(text: &str) -> Content {
    Content::Bytes(text.as_bytes().to_vec())
}

fn answers(workspace: &Workspace, planted: &Planted, error: &Diagnostic) -> bool {
    let place = || {
        let source = workspace.source(&error.primary.file).expect("a finding in a file that was given has its source");
        source.place(error.primary.span.start)
    };
    error.primary.file.as_str() == planted.path
        && error.code.name() == planted.code
        && place().line.abs_diff(planted.line) <= NEAR
}

fn explains(planted: &Planted, error: &Diagnostic) -> bool {
    let code = error.code.name();
    error.primary.file.as_str() == planted.path && (code == planted.code || planted.also.contains(&code))
}
