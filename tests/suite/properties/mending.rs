//! Mending makes nothing worse, whatever the text.

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::sample::{Index, select};
use proptest::test_runner::{TestCaseError, TestCaseResult, TestRunner};
use segue::text::FilePath;
use segue::workspace::Workspace;

use super::invariants::mending::never_worse;
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
