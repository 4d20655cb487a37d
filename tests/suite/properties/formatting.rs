//! Whatever a file looks like, its layout says the same, keeps every comment, and is done in one go.

use std::fs;

use proptest::sample::select;
use proptest::strategy::Strategy;
use proptest::test_runner::{TestCaseError, TestCaseResult, TestRunner};
use segue::settings;

use super::edits::HAND_MADE;
use super::invariants::formatting::{laid_out, laid_out_well};
use super::texts::{self, Form};
use super::{Sound, cases, sound_texts};
use crate::data;
use crate::workspaces::{self, Recipe};

const FILES: [&str; 2] = ["sequences/made-up.yaml", settings::FILE_NAME];

/// The samples, and what a new workspace starts with, are laid out already.
#[test]
fn the_samples_have_their_layout() {
    let mut files: Vec<(String, String)> =
        Sound::samples().yaml().map(|(path, text)| (path.as_str().to_owned(), text.clone())).collect();
    for (path, starter) in [("segue.yaml", "segue.yaml"), ("sequences/first-contact.yaml", "first-contact.yaml")] {
        let text = fs::read_to_string(data::folder("src/outside/cli/starter").join(starter)).unwrap();
        files.push((path.to_owned(), text));
    }
    let otherwise = files.iter().filter_map(|(path, text)| data::difference(text, &laid_out(path, text).unwrap()));
    let otherwise: Vec<String> = otherwise.collect();
    assert!(otherwise.is_empty(), "{}", otherwise.join("\n"));
}

#[test]
fn a_generated_corpus_says_the_same() {
    let made = workspaces::workspace(Recipe { sequences: 150, seed: 11, mistakes: 0, active: 0.2 });
    for (path, text) in made.files.iter().filter(|(path, _)| path.ends_with(".yaml")) {
        for form in Form::ALL {
            laid_out_well(path, &form.of(text)).unwrap_or_else(|error| panic!("{path}: {error}"));
        }
    }
}

/// What was only moved by somebody's indentation comes back as it was, to the byte.
#[test]
fn a_corpus_indented_otherwise_comes_back() {
    let made = workspaces::workspace(Recipe { sequences: 60, seed: 12, mistakes: 0, active: 0.2 });
    for (path, text) in made.files.iter().filter(|(path, _)| path.ends_with(".yaml")) {
        let wide: String = text
            .lines()
            .map(|line| {
                let content = line.trim_start_matches(' ');
                let blanks = " ".repeat((line.len() - content.len()) * 2);
                let dash = content.strip_prefix("- ").map_or_else(|| content.to_owned(), |rest| format!("-   {rest}"));
                format!("{blanks}{dash}\n")
            })
            .collect();
        let difference = data::difference(text, &laid_out(path, &wide).unwrap());
        assert!(difference.is_none(), "{path}: {}", difference.unwrap_or_default());
    }
}

#[test]
fn every_case_says_the_same() {
    let files = ["check", "edit", "format"].into_iter().flat_map(|theme| data::cases(theme, "yaml"));
    let texts = files.flat_map(|path| {
        let text = fs::read_to_string(path).unwrap();
        // Several files in one, and each of them.
        let parts: Vec<String> = text.split("\n#===\n").chain(text.split("\n#--- ")).map(str::to_owned).collect();
        parts.into_iter().chain([text])
    });
    for text in texts.chain(HAND_MADE.map(str::to_owned)) {
        for form in Form::ALL {
            holds(&form.of(&text)).unwrap_or_else(|error| panic!("{error}"));
        }
        holds(text.trim_end_matches('\n')).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn damaged_files_say_the_same_or_are_left_alone() {
    let texts = sound_texts().into_iter().chain(HAND_MADE.iter().flat_map(|text| vec![(*text).to_owned(); 8])).collect();
    run(400, &(texts::damaged(texts), texts::form()), |(text, form)| holds(&form.of(&text)));
}

#[test]
fn scraps_say_the_same_or_are_left_alone() {
    run(1500, &(texts::scraps(), texts::form()), |(text, form)| holds(&form.of(&text)));
}

/// Lines in any order, at any depth: comments and blank lines in every position.
#[test]
fn any_lines_say_the_same_or_are_left_alone() {
    const LINES: [&str; 26] = [
        "# one",
        "# two",
        "#three",
        "",
        "",
        "  ",
        "a: 1",
        "b: x # beside",
        "c:",
        "d:   # sign",
        "- x",
        "- y: 1",
        "-",
        "-   z: 2",
        "- # dash",
        "- - p",
        "e: |",
        "f: >+",
        "text",
        "g: [a,  b]",
        "h: {x: 1,",
        "  y: 2 }",
        "id: a",
        "type: wait",
        "for: 2d",
        "steps:",
    ];
    let line = (0..5_usize, select(LINES.to_vec())).prop_map(|(depth, line)| " ".repeat(depth * 2) + line + "\n");
    let texts = proptest::collection::vec(line, 1..14).prop_map(|lines| lines.concat());
    run(6_000, &(texts, texts::form()), |(text, form)| holds(&form.of(&text)));
}

fn run<S: Strategy>(usual: u32, strategy: &S, test: impl Fn(S::Value) -> TestCaseResult) {
    let outcome = TestRunner::new(cases(usual)).run(strategy, test);
    outcome.unwrap_or_else(|error| panic!("{}", error.to_string().replace("\\n", "\n")));
}

fn holds(text: &str) -> TestCaseResult {
    FILES.iter().try_for_each(|path| laid_out_well(path, text)).map_err(TestCaseError::fail)
}
