//! What the fuzzer tries is tried here, too, on a few inputs: changes to files, expressions, scripts, tables.

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::sample::select;
use proptest::strategy::Union;
use proptest::test_runner::{TestCaseError, TestRunner};
use segue::sandbox::Meter;

use super::invariants::{self, Held};
use super::{cases, sound_texts, texts};

/// What expressions and scripts are made of, beside what trouble is.
#[rustfmt::skip]
const CODE: [&str; 46] = [
    "record", ".a", ".b", "?.c", "record.a", " == ", " != ", " < ", " && ", " || ", "!", " + ", " in ", "(", ")", "[", "]", "{", "}",
    "#{", ": ", ", ", "1", "1.5", "\"a\"", "\"", "'a'", "`${", "`", "let x = ", "x", ";", "\n", "if ", " else ", "while ", "for i in ",
    "0..9", "fn f(a) ", "f(1)", "|a| ", "return ", "throw ", "try ", " catch (e) ", "// ",
];

/// Rows, good and bad.
const CELLS: [&str; 20] = [
    "id",
    "name",
    "open",
    "closed",
    "1",
    "2",
    ",",
    ",",
    ",",
    ";",
    "\t",
    "\n",
    "\n",
    "\r\n",
    "\"",
    "\"\"",
    "yes",
    "{\"id\": \"a\"}",
    "ä",
    "\0",
];

#[test]
fn changes_of_damaged_files_are_made_or_refused() {
    let edits = (vec(any::<u8>(), 24), texts::damaged(sound_texts()));
    run(150, &edits, |(choices, text)| invariants::editing::editing(&[choices, text.into_bytes()].concat()));
}

#[test]
fn changes_of_scraps_are_made_or_refused() {
    let edits = (vec(any::<u8>(), 24), texts::scraps());
    run(1_000, &edits, |(choices, text)| invariants::editing::editing(&[choices, text.into_bytes()].concat()));
}

#[test]
fn any_scraps_of_code_are_expressions_or_told_of() {
    run(300, &pieces(&CODE), |text| invariants::expressions::expressions(text.as_bytes()));
}

#[test]
fn any_scraps_of_code_are_scripts_that_end() {
    run(300, &pieces(&CODE), |text| invariants::scripts::scripts(text.as_bytes(), Meter::NONE));
}

#[test]
fn any_scraps_of_tables_are_rows_or_told_of() {
    run(500, &pieces(&CELLS), |text| invariants::rows::rows(text.as_bytes()));
    run(200, &vec(any::<u8>(), 0..200), |bytes| invariants::rows::rows(&bytes));
}

fn pieces(of: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = Union::new_weighted(vec![
        (20, select(of).prop_map(str::to_owned).boxed()),
        (1, any::<char>().prop_map(String::from).boxed()),
    ]);
    vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

fn run<S: Strategy>(usual: u32, inputs: &S, holds: impl Fn(S::Value) -> Held) {
    let test = |input| holds(input).map_err(TestCaseError::fail);
    TestRunner::new(cases(usual)).run(inputs, test).unwrap_or_else(|error| panic!("{error}"));
}
