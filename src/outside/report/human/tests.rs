use super::*;
use crate::diagnostic::{Code, Safety};

/// What is printed for findings in files of these paths and texts, on 80 cells.
fn printed(files: &[(&str, &str)], findings: &[Diagnostic], colour: Colour) -> String {
    let sources: Vec<_> = files.iter().map(|(path, text)| Source::new(FilePath::new(*path), (*text).to_owned())).collect();
    let lookup = |path: &FilePath| sources.iter().find(|source| source.path() == path).cloned();
    let mut out = Vec::new();
    human(&mut out, findings, &lookup, Terminal { width: 80, colour }).expect("a vector takes everything");
    String::from_utf8(out).expect("reports are UTF-8")
}

/// What is printed for one finding in `a.yaml`.
fn plain(text: &str, finding: Diagnostic) -> String {
    printed(&[("a.yaml", text)], &[finding], Colour::Never)
}

fn a_yaml() -> FilePath {
    FilePath::new("a.yaml")
}

/// A finding at a range of bytes of `a.yaml`.
fn wrong(start: usize, end: usize) -> Diagnostic {
    Diagnostic::new(Code::BadYaml, a_yaml().at(Span::new(start, end)), "this is wrong")
}

/// A finding where a word first stands.
fn wrong_word(text: &str, word: &str) -> Diagnostic {
    let span = span_of(text, word);
    wrong(span.start as usize, span.end as usize)
}

fn span_of(text: &str, word: &str) -> Span {
    let start = text.find(word).expect("the test's text holds the word");
    Span::new(start, start + word.len())
}

const STEPS: &str = "steps:\n  - id: hello\n  - advance_to: inbuond-lead\n  - id: hello\n";

fn unknown_sequence() -> Diagnostic {
    let place = a_yaml().at(span_of(STEPS, "inbuond-lead"));
    Diagnostic::new(Code::UnknownSequence, place, "no sequence is called `inbuond-lead`").did_you_mean(Some("inbound-lead"))
}

#[test]
fn a_finding_with_help() {
    let expected = "\
error[unknown-sequence]: no sequence is called `inbuond-lead`
 --> a.yaml:3:17
  |
3 |   - advance_to: inbuond-lead
  |                 ^^^^^^^^^^^^
  |
  = help: did you mean `inbound-lead`?

";
    assert_eq!(plain(STEPS, unknown_sequence()), expected);
}

#[test]
fn colour_is_written_only_when_asked_for() {
    let expected = "\
\x1b[1m\x1b[91merror[unknown-sequence]\x1b[0m\x1b[1m: no sequence is called `inbuond-lead`\x1b[0m
 \x1b[1m\x1b[94m--> \x1b[0ma.yaml:3:17
  \x1b[1m\x1b[94m|\x1b[0m
\x1b[1m\x1b[94m3\x1b[0m \x1b[1m\x1b[94m|\x1b[0m   - advance_to: inbuond-lead
  \x1b[1m\x1b[94m|\x1b[0m                 \x1b[1m\x1b[91m^^^^^^^^^^^^\x1b[0m
  \x1b[1m\x1b[94m|\x1b[0m
  \x1b[1m\x1b[94m= \x1b[0m\x1b[1mhelp\x1b[0m: did you mean `inbound-lead`?

";
    assert_eq!(printed(&[("a.yaml", STEPS)], &[unknown_sequence()], Colour::Always), expected);
}

#[test]
fn findings_come_sorted_and_apart() {
    let warning = Diagnostic::new(Code::AdvanceFirst, a_yaml().at(Span::new(0, 5)), "odd");
    let expected = "\
warning[advance-first]: odd
 --> a.yaml:1:1
  |
1 | steps:
  | ^^^^^

error[bad-yaml]: this is wrong
 --> a.yaml:2:9
  |
2 |   - id: hello
  |         ^^^^^

";
    assert_eq!(printed(&[("a.yaml", STEPS)], &[wrong_word(STEPS, "hello"), warning], Colour::Never), expected);
}

#[test]
fn a_related_place_nearby_shares_the_snippet() {
    let second = STEPS.rfind("hello").expect("there are two");
    let finding = wrong(second, second + 5).related(a_yaml().at(span_of(STEPS, "hello")), "the first one");
    let expected = "\
error[bad-yaml]: this is wrong
 --> a.yaml:4:9
  |
2 |   - id: hello
  |         ----- the first one
3 |   - advance_to: inbuond-lead
4 |   - id: hello
  |         ^^^^^

";
    assert_eq!(plain(STEPS, finding), expected);
}

#[test]
fn a_related_place_far_away_or_elsewhere_has_its_own_snippet() {
    let far = format!("id: one\n{}id: two\n", "# line\n".repeat(120));
    let other = "x: 1\nid: two\n";
    let finding = wrong_word(&far, "two")
        .related(a_yaml().at(span_of(&far, "one")), "near the top")
        .related(FilePath::new("b.yaml").at(span_of(other, "two")), "in another file")
        .related(FilePath::new("c.yaml").at(Span::at(7)), "in a file that is gone");
    let expected = "\
error[bad-yaml]: this is wrong
   --> a.yaml:122:5
    |
122 | id: two
    |     ^^^
    |
   ::: a.yaml:1:5
    |
  1 | id: one
    |     --- near the top
    |
   ::: b.yaml:2:5
    |
  2 | id: two
    |     --- in another file
    |
    = note: c.yaml: in a file that is gone

";
    assert_eq!(printed(&[("a.yaml", &far), ("b.yaml", other)], &[finding], Colour::Never), expected);
}

/// The lines of help that a fix adds.
fn help_of(finding: Diagnostic) -> Vec<String> {
    helps(&finding).map(|(_, help)| help).collect()
}

#[test]
fn a_fix_says_what_to_write_unless_the_help_did() {
    let span = Span::new(0, 3);
    let fixed = |title: &str, text: &str| wrong(0, 3).fix(title, Safety::Safe, span, text);
    assert_eq!(help_of(fixed("quote the text", "'yes'")), ["quote the text: write `'yes'`"]);
    assert_eq!(help_of(fixed("write `wait`", "wait")), ["write `wait`"]);
    assert_eq!(help_of(fixed("rename it", "wait").help("did you mean `wait`?")), ["did you mean `wait`?"]);
    assert_eq!(help_of(fixed("remove the step", "")), ["remove the step"]);
    assert_eq!(help_of(fixed("remove the step", "").help("remove the step")), ["remove the step"]);
    assert_eq!(help_of(fixed("split the step", "- a\n- b\n")), ["split the step"]);
}

#[test]
fn a_tab_is_one_column_and_four_cells() {
    let text = "a:\tyes\n";
    let expected = "\
error[bad-yaml]: this is wrong
 --> a.yaml:1:4
  |
1 | a:    yes
  |       ^^^

";
    assert_eq!(plain(text, wrong_word(text, "yes")), expected);
}

#[test]
fn windows_line_ends_are_not_printed() {
    let text = "a: 1\r\nb: 2\r\n";
    let expected = "\
error[bad-yaml]: this is wrong
 --> a.yaml:2:4
  |
2 | b: 2
  |    ^

";
    assert_eq!(plain(text, wrong_word(text, "2")), expected);
    let line_end = "\
error[bad-yaml]: this is wrong
 --> a.yaml:1:5
  |
1 | a: 1
  |     ^

";
    assert_eq!(plain(text, wrong(4, 6)), line_end);
}

#[test]
fn a_byte_order_mark_is_no_column_and_is_not_printed() {
    let text = "\u{feff}name: x\n";
    let expected = "\
error[bad-yaml]: this is wrong
 --> a.yaml:1:7
  |
1 | name: x
  |       ^

";
    assert_eq!(plain(text, wrong_word(text, "x")), expected);
}

#[test]
fn a_span_of_several_lines_ends_where_something_is_written() {
    let text = "steps:\n  - email:\n      subject: x\n      body: y\n\n\n  - wait: 1d\n";
    let expected = "\
error[bad-yaml]: this is wrong
 --> a.yaml:2:3
  |
2 | /   - email:
3 | |       subject: x
4 | |       body: y
  | |_____________^

";
    assert_eq!(plain(text, wrong(9, text.find("  - wait").expect("it is there"))), expected);
}

#[test]
fn of_a_span_of_very_many_lines_only_the_first_is_marked() {
    let text = format!("a:\n{}", "  - x\n".repeat(60));
    let expected = "\
error[bad-yaml]: this is wrong
 --> a.yaml:1:1
  |
1 | a:
  | ^^

";
    assert_eq!(plain(&text, wrong(0, text.len())), expected);
}

#[test]
fn an_empty_span_is_one_caret() {
    let expected = "\
error[bad-yaml]: this is wrong
 --> a.yaml:1:4
  |
1 | a: b
  |    ^

";
    assert_eq!(plain("a: b\n", wrong(3, 3)), expected);
}

#[test]
fn the_end_of_a_file_is_a_place() {
    let behind_the_last_line = "\
error[bad-yaml]: this is wrong
 --> a.yaml:2:1
  |
2 |
  | ^

";
    assert_eq!(plain("a: b\n", wrong(5, 5)), behind_the_last_line);
    let behind_the_last_character = "\
error[bad-yaml]: this is wrong
 --> a.yaml:1:5
  |
1 | a: b
  |     ^

";
    assert_eq!(plain("a: b", wrong(4, 4)), behind_the_last_character);
    assert_eq!(plain("a: b", wrong(100, 200)), behind_the_last_character);
    let empty_file = "\
error[bad-yaml]: this is wrong
 --> a.yaml:1:1
  |
1 |
  | ^

";
    assert_eq!(plain("", wrong(0, 0)), empty_file);
}

#[test]
fn a_file_that_nobody_could_read_has_no_snippet() {
    let expected = "\
error[bad-yaml]: this is wrong
 --> a.yaml
  = help: mend it

";
    assert_eq!(printed(&[], &[wrong(0, 0).help("mend it")], Colour::Never), expected);
}

#[test]
fn a_long_line_is_cut_around_the_carets() {
    let text = format!("body: {}needle {}\n", "word ".repeat(60), "more ".repeat(4000));
    let expected = "\
error[bad-yaml]: this is wrong
 --> a.yaml:1:307
  |
1 | ...d word word word word word word needle more more more more more more m...
  |                                    ^^^^^^

";
    assert_eq!(plain(&text, wrong_word(&text, "needle")), expected);
    let whole_line = "\
error[bad-yaml]: this is wrong
 --> a.yaml:1:7
  |
1 | body: word word word word word word word word word word word word word wo...
  |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

";
    assert_eq!(plain(&text, wrong(6, text.len())), whole_line);
    let text = text.trim_end();
    let its_end = "\
error[bad-yaml]: this is wrong
 --> a.yaml:1:20313
  |
1 | ...more more more more more more more
  |                                      ^

";
    assert_eq!(plain(text, wrong(text.len(), text.len())), its_end);
}

#[test]
fn related_places_that_do_not_fit_one_screen_are_shown_apart() {
    let text = format!("a: {} b\nc: d\n", "word ".repeat(40));
    let finding = wrong_word(&text, "c").related(a_yaml().at(span_of(&text, "b")), "far right");
    let expected = "\
error[bad-yaml]: this is wrong
 --> a.yaml:2:1
  |
2 | c: d
  | ^
  |
 ::: a.yaml:1:205
  |
1 | ...rd word word word word word  b
  |                                 - far right

";
    assert_eq!(plain(&text, finding), expected);
}

#[test]
fn control_characters_are_shown_and_never_sent() {
    let text = "a: \x1b[31m\u{9b}\x07\u{202e}x\n";
    let finding = Diagnostic::new(Code::ControlCharacter, a_yaml().at(span_of(text, "\x1b")), "`\x1b]0;\n` is odd")
        .help("remove \x1b")
        .related(a_yaml().at(span_of(text, "x")), "\x1b[2J");
    let expected = "\
error[control-character]: `␛]0;␊` is odd
 --> a.yaml:1:4
  |
1 | a: ␛[31m�␇�x
  |    ^       - ␛[2J
  |
  = help: remove ␛

";
    assert_eq!(plain(text, finding), expected);
    let path = Diagnostic::new(Code::UnreadableFile, FilePath::new("\x1b[2J.yaml").at(Span::at(0)), "gone");
    assert_eq!(plain("", path), "error[unreadable-file]: gone\n --> ␛[2J.yaml\n\n");
}

#[test]
fn wide_characters_are_one_column_and_two_cells() {
    let text = "名前: 日本 x\n";
    let expected = "\
error[bad-yaml]: this is wrong
 --> a.yaml:1:5
  |
1 | 名前: 日本 x
  |       ^^^^

";
    assert_eq!(plain(text, wrong_word(text, "日本")), expected);
}
