//! Whatever the bytes are, the program does not fall, points into the file, and says the same twice.

use std::fs;

use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq};
use proptest::test_runner::{TestCaseError, TestCaseResult, TestRunner};
use segue::diagnostic::Diagnostic;
use segue::outside::report::{Summary, Terminal, human, json};
use segue::text::{FilePath, Location};
use segue::workspace::{Content, Workspace};

use super::texts::{self, Form};
use super::{cases, sound_texts};

#[test]
fn any_bytes_are_read() {
    let bytes = vec(any::<u8>(), 0..200);
    run(200, &bytes, holds);
}

#[test]
fn any_scraps_of_yaml_are_read() {
    let texts = (texts::scraps(), texts::form());
    run(1500, &texts, |(text, form)| holds(form.of(&text).into_bytes()));
}

#[test]
fn files_that_somebody_damaged_are_read() {
    let texts = (texts::damaged(sound_texts()), texts::form());
    run(250, &texts, |(text, form)| holds(form.of(&text).into_bytes()));
}

/// A finding for every mistake that somebody thought of: all of them are in the cases.
#[test]
fn damaged_cases_are_read() {
    let cases = crate::data::cases("check", "yaml").into_iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let texts = (texts::damaged(cases), texts::form());
    run(400, &texts, |(text, form)| holds(form.of(&text).into_bytes()));
}

/// A file that ends within every one of its characters, and one with each of its lines missing.
#[test]
fn a_file_may_end_anywhere() {
    let steps = "steps:\n  - id: \"a\\\"\"\n    when: 'x \\'\n    any_of: [email, {a: \"b\\\\\"}, 'c''']\n  - {id: b, when: !a [1] # c\n    d: |2\n      é\n";
    for form in Form::ALL {
        let text = form.of(steps);
        for (end, _) in text.char_indices() {
            holds(text.as_bytes()[..end].to_vec()).unwrap();
            holds(text.as_bytes()[end..].to_vec()).unwrap();
        }
    }
}

fn run<S: Strategy>(usual: u32, strategy: &S, test: impl Fn(S::Value) -> TestCaseResult) {
    TestRunner::new(cases(usual)).run(strategy, test).unwrap_or_else(|error| panic!("{error}"));
}

/// As a sequence and as the settings: two findings' worth of workspace, judged twice and printed.
fn holds(bytes: Vec<u8>) -> TestCaseResult {
    for path in ["sequences/made-up.yaml", "segue.yaml"] {
        let workspace = workspace(path, &bytes);
        let findings = workspace.findings();
        for finding in &findings {
            points_into_its_files(&workspace, finding)?;
        }
        let keys: Vec<_> = findings.iter().map(Diagnostic::sort_key).collect();
        prop_assert!(keys.is_sorted(), "the findings are not sorted: {findings:?}");
        let mut once = findings.clone();
        once.dedup();
        prop_assert_eq!(&once, &findings, "something is found twice");
        prop_assert_eq!(&findings, &self::workspace(path, &bytes).findings(), "the second time something else is found");
        is_printed(&workspace, &findings)?;
    }
    Ok(())
}

fn workspace(path: &str, bytes: &[u8]) -> Workspace {
    let mut workspace = Workspace::new();
    workspace.update(vec![(FilePath::new(path), Content::Bytes(bytes.to_vec()))]);
    workspace
}

fn points_into_its_files(workspace: &Workspace, finding: &Diagnostic) -> TestCaseResult {
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
    let places = std::iter::once(&finding.primary)
        .chain(finding.related.iter().map(|related| &related.location))
        .chain(edits.map(|edit| &edit.location));
    for Location { file, span } in places {
        let source = workspace
            .source(file)
            .ok_or_else(|| TestCaseError::fail(format!("a finding in a file that is not there: {finding:?}")))?;
        prop_assert!(source.text().get(span.range()).is_some(), "{span:?} is no part of the text: {finding:?}");
    }
    let mut edited: Vec<_> = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.location.clone()).collect();
    edited.sort();
    let are_disjoint = edited.windows(2).all(|pair| pair[0].file != pair[1].file || pair[0].span.end <= pair[1].span.start);
    prop_assert!(are_disjoint, "edits overlap: {finding:?}");
    Ok(())
}

fn is_printed(workspace: &Workspace, findings: &[Diagnostic]) -> TestCaseResult {
    let sources = |path: &FilePath| workspace.source(path);
    let mut out = Vec::new();
    human(&mut out, findings, &sources, Terminal::PLAIN)?;
    let text = String::from_utf8(out)?;
    let stray = text.chars().find(|c| c.is_control() && *c != '\n');
    prop_assert!(stray.is_none(), "{stray:?} reaches the terminal in {text:?}");
    let summary = Summary::count(findings, 1, 1);
    json(&mut Vec::new(), findings, &sources, &summary)?;
    Ok(())
}
