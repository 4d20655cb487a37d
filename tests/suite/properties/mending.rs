//! Mending makes nothing worse, whatever the text: nothing is found that was not there, but for what a line hid that could not
//! be read; what could be read says the same; no comment is lost; and a second time there is nothing to do.

use std::collections::HashMap;

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::sample::{Index, select};
use proptest::test_runner::{TestCaseError, TestCaseResult, TestRunner};
use segue::diagnostic::{Code, Diagnostic};
use segue::mending::mend;
use segue::text::{Digest, FilePath, Source};
use segue::workspace::Workspace;
use segue::yaml::edit::agreed;

use super::texts::{damaged, form, scraps};
use super::{cases, content, sound_texts};

#[test]
fn mending_makes_no_damaged_text_worse() {
    let texts = sound_texts();
    let mut runner = TestRunner::new(cases(300));
    let in_any_form = (damaged(texts), form());
    runner.run(&in_any_form, |(text, form)| on_text(&form.of(&text))).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn mending_makes_no_scraps_worse() {
    let mut runner = TestRunner::new(cases(300));
    runner.run(&scraps(), |text| on_text(&text)).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn slips_that_are_certain_are_mended() {
    let mut runner = TestRunner::new(cases(200));
    let mended = std::cell::Cell::new(0);
    let outcome = runner.run(&(with_slips(sound_texts()), form()), |(text, form)| {
        let mut workspace = alone(&form.of(&text));
        mended.set(mended.get() + never_worse(&mut workspace).map_err(TestCaseError::fail)?);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(mended.get() > 100, "only {} fixes were applied: nothing much is tested", mended.get());
}

fn on_text(text: &str) -> TestCaseResult {
    never_worse(&mut alone(text)).map(drop).map_err(TestCaseError::fail)
}

fn alone(text: &str) -> Workspace {
    let mut workspace = Workspace::new();
    workspace.update(vec![(FilePath::new("sequences/made-up.yaml"), content(text))]);
    workspace
}

/// What a hand slips on, and we know to mend.
const SLIPS: [(&str, &str); 12] = [
    (": true", ": yes"),
    ("type: ", "type:"),
    ("name: ", "name: Re: "),
    ("type: phone_call", "type: Phone-Call"),
    ("for: 2d", "for: 2 days"),
    ("    ", "\t\t"),
    ("owner: ", "Owner: "),
    ("\n", " # segue: ignore[trailing-wait] it was so\n"),
    ("\n", "\n# segue: ignore[duplicate-name, wait-too-long] they were so\n"),
    ("within: ", "within: 1 day # "),
    ("tags: [", "tags: [a, a, "),
    ("when: ", "when: !"),
];

fn with_slips(texts: Vec<String>) -> impl Strategy<Value = String> {
    let slip = (select(SLIPS.to_vec()), any::<Index>());
    (select(texts), vec(slip, 1..4)).prop_map(|(text, slips)| {
        slips.into_iter().fold(text, |text, ((before, after), place)| {
            let places: Vec<usize> = text.match_indices(before).map(|(at, _)| at).collect();
            if places.is_empty() {
                return text;
            }
            let at = places[place.index(places.len())];
            format!("{}{after}{}", &text[..at], &text[at + before.len()..])
        })
    })
}

/// Mends a workspace; says how many fixes were applied.
pub fn never_worse(workspace: &mut Workspace) -> Result<usize, String> {
    let before = State::of(workspace);
    let mended = mend(workspace, &|_| true);
    let after = State::of(workspace);
    let told = |what: &str| format!("{what}\nfixed {:#?}\nbefore {:#?}\nafter {:#?}", mended.fixed, before, after);
    let (old, new) = (counts(&before.findings), counts(&after.findings));
    let of_reading = |finding: &Diagnostic| finding.code.is_of_reading();
    for finding in after.findings.iter().filter(|finding| new[&key(finding)] > *old.get(&key(finding)).unwrap_or(&0)) {
        let hid = mended.fixed.iter().any(|fixed| if of_reading(finding) { fixed.code.is_of_yaml() } else { of_reading(fixed) });
        if !hid {
            return Err(told(&format!("{} is new: {}", finding.code, finding.message)));
        }
    }
    let of_yaml = |state: &State| state.findings.iter().filter(|finding| finding.code.is_of_yaml()).count();
    if of_yaml(&after) > of_yaml(&before) {
        return Err(told("less of it can be read"));
    }
    for (file, text) in &before.texts {
        let Some(now) = after.texts.iter().find(|(other, _)| other == file) else { return Err(told("a file is gone")) };
        keeps_comments(text, &now.1).map_err(|comment| told(&format!("`{comment}` is lost")))?;
    }
    for (file, meaning) in before.meanings.iter().filter(|(_, meaning)| meaning.is_some()) {
        if !after.meanings.contains(&(file.clone(), *meaning)) {
            return Err(told("it says something else"));
        }
    }
    if !mend(workspace, &|_| true).files.is_empty() {
        return Err(told("a second time there was something to mend"));
    }
    Ok(mended.fixed.len())
}

#[derive(Debug)]
struct State {
    findings: Vec<Diagnostic>,
    texts: Vec<(FilePath, Source)>,
    meanings: Vec<(FilePath, Option<Digest>)>,
}

impl State {
    fn of(workspace: &Workspace) -> State {
        let source = |path: &FilePath| Some((path.clone(), workspace.source(path)?));
        State {
            findings: workspace.findings(),
            texts: workspace.paths().filter_map(source).collect(),
            meanings: workspace.summaries().map(|summary| (summary.file.clone(), summary.meaning)).collect(),
        }
    }
}

type Key<'d> = (&'d FilePath, Code, &'d str);

fn key(finding: &Diagnostic) -> Key<'_> {
    (&finding.primary.file, finding.code, &finding.message)
}

fn counts(findings: &[Diagnostic]) -> HashMap<Key<'_>, usize> {
    let mut counts = HashMap::new();
    findings.iter().for_each(|finding| *counts.entry(key(finding)).or_default() += 1);
    counts
}

/// Every comment is there, but for those that were for us; of a text that cannot be read nobody knows the comments.
fn keeps_comments(before: &Source, after: &Source) -> Result<(), String> {
    let text = after.text();
    let (Ok(before), Ok(mut after)) = (agreed(before), agreed(after)) else { return Ok(()) };
    for comment in before.into_iter().filter(|comment| !comment.contains("segue:")) {
        match after.iter().position(|other| *other == comment) {
            Some(at) => drop(after.swap_remove(at)),
            // What YAML took for a comment was the rest of an expression.
            None if text.contains(&comment) => {}
            None => return Err(comment),
        }
    }
    Ok(())
}
