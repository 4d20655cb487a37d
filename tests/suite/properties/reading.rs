//! Whatever the bytes are, the program does not fall, points into the file, and says the same twice.

use std::fs;

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::test_runner::{TestCaseError, TestCaseResult, TestRunner};

use super::texts::{self, Form};
use super::{cases, invariants, sound_texts};

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

fn holds(bytes: Vec<u8>) -> TestCaseResult {
    invariants::reading::reading(&bytes).map_err(TestCaseError::fail)
}
