//! What a file means, known beforehand: made-up values are written in every style that can hold them, and read again. An
//! independent reader, libyaml, must read the same.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof};
use proptest::sample::select;
use proptest::test_runner::{TestCaseResult, TestRunner};
use segue::yaml::{self, Content, Node, Style};
use serde_yaml::Value as Theirs;

use super::texts::Form;
use super::{cases, sound_texts, source};

#[test]
fn libyaml_reads_the_samples_alike() {
    for text in sound_texts() {
        for form in Form::ALL {
            let text = form.of(&text);
            let source = source(&text);
            let tree = yaml::read(&source);
            let theirs = libyaml(&text).expect("libyaml takes a sound file");
            is_alike(&tree.root.expect("a sound file has a value"), &theirs).unwrap_or_else(|error| panic!("{form:?}: {error}"));
        }
    }
}

#[test]
fn what_was_written_is_read() {
    let mut runner = TestRunner::new(cases(800));
    let outcome = runner.run(&(value(), super::texts::form()), |(value, form)| {
        let text = form.of(&written(&value));
        let source = source(&text);
        let tree = yaml::read(&source);
        prop_assert!(tree.problems.is_empty(), "{:?} in {}", tree.problems, text);
        let root = tree.root.expect("something is there");
        is_meant(&root, &value).map_err(|error| proptest::test_runner::TestCaseError::fail(format!("{error} in\n{text}")))?;
        let theirs =
            libyaml(&text).map_err(|error| proptest::test_runner::TestCaseError::fail(format!("libyaml: {error} in\n{text}")))?;
        is_alike(&root, &theirs)
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

/// A value and how it wishes to be written.
#[derive(Clone, Debug)]
pub enum Value {
    Scalar(Text),
    List(Layout, Vec<Value>),
    Mapping(Layout, Vec<(Text, Value)>),
}

/// A text and how it wishes to be written; what cannot be written so stands in double quotes.
#[derive(Clone, Debug)]
pub struct Text {
    pub text: String,
    style: Style,
    /// Whether a line may end inside it where the style folds lines.
    is_wrapped: bool,
}

/// How a list or mapping wishes to be written.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    is_flow: bool,
    /// Whether the items of a list stand deeper than the key above, and those in brackets on lines of their own.
    is_loose: bool,
    has_comments: bool,
}

const WORDS: [&str; 36] = [
    "a",
    "b",
    "name",
    "Hello",
    "intro",
    "7",
    "1.50",
    "012",
    "0x1F",
    "true",
    "no",
    "null",
    "~",
    "2026-01-02",
    "12:30",
    "é",
    "日本",
    "🙂",
    " ",
    " ",
    " ",
    " ",
    "  ",
    "\n",
    "\n",
    ":",
    ": ",
    "#",
    " #",
    ",",
    "'",
    "\"",
    "\\",
    "-",
    "[x]",
    "{{y}}",
];

const CODES: [&str; 6] = [
    "record.a == 1 && record.country in [\"DE\", \"FR\"]",
    "record.ab > 500 || !record[\"bé\"]",
    "record.name == \"日本: #1\" && record.x.y > record.z",
    "record.a == 'b' && record.b == \"it's\" && record.c",
    "record.a >= 1.5 && (record.b || record.c)",
    "record.a",
];

/// A mapping or list of anything.
pub fn value() -> impl Strategy<Value = Value> {
    let leaf = text().prop_map(Value::Scalar);
    let any_value = leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            (layout(), vec(inner.clone(), 0..4)).prop_map(|(layout, items)| Value::List(layout, items)),
            entries(inner).prop_map(|(layout, entries)| Value::Mapping(layout, entries)),
        ]
    });
    entries(any_value).prop_map(|(layout, entries)| Value::Mapping(layout, entries))
}

fn entries(value: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = (Layout, Vec<(Text, Value)>)> {
    let code = (select(CODES.to_vec()), style(), any::<bool>());
    let code = code.prop_map(|(code, style, is_wrapped)| Value::Scalar(Text { text: code.to_owned(), style, is_wrapped }));
    (layout(), vec((text(), value), 1..4), proptest::option::weighted(0.3, code)).prop_map(|(layout, entries, code)| {
        let mut entries: Vec<(Text, Value)> =
            entries.into_iter().enumerate().map(|(index, (key, value))| (key_of(index, key), value)).collect();
        let when = Text { text: "when".to_owned(), style: Style::Plain, is_wrapped: false };
        entries.extend(code.map(|code| (when, code)));
        (layout, entries)
    })
}

/// Keys are unique and stand on one line.
fn key_of(index: usize, key: Text) -> Text {
    let text: String = format!("k{index}{}", key.text).replace('\n', " ").chars().take(30).collect();
    Text { text, is_wrapped: false, ..key }
}

pub fn text() -> impl Strategy<Value = Text> {
    (vec(select(WORDS.to_vec()), 1..8), style(), any::<bool>()).prop_map(|(words, style, is_wrapped)| Text {
        text: words.concat(),
        style,
        is_wrapped,
    })
}

fn style() -> impl Strategy<Value = Style> {
    prop_oneof![3 => Just(Style::Plain), 1 => Just(Style::SingleQuoted), 1 => Just(Style::DoubleQuoted), 1 => Just(Style::Literal), 1 => Just(Style::Folded)]
}

fn layout() -> impl Strategy<Value = Layout> {
    (proptest::bool::weighted(0.3), any::<bool>(), proptest::bool::weighted(0.2))
        .prop_map(|(is_flow, is_loose, has_comments)| Layout { is_flow, is_loose, has_comments })
}

/// The value as a file.
pub fn written(value: &Value) -> String {
    match value {
        Value::Mapping(_, entries) => block_mapping(entries, Layout { is_flow: false, is_loose: false, has_comments: true }, 0),
        Value::List(..) | Value::Scalar(_) => panic!("a file is a mapping"),
    }
}

/// Lines from the first key on, which is not indented here: it stands behind a dash or at the start of a line.
fn block_mapping(entries: &[(Text, Value)], layout: Layout, indentation: usize) -> String {
    let lines = entries.iter().map(|(key, value)| {
        format!("{}:{}", on_one_line(key, Around::Key), behind_sign(value, layout, indentation, Sign::Colon))
    });
    lines.collect::<Vec<String>>().join(&" ".repeat(indentation))
}

#[derive(Clone, Copy, PartialEq)]
enum Sign {
    Colon,
    Dash,
}

/// What stands behind `key:` or `-`, to the end of its last line.
fn behind_sign(value: &Value, around: Layout, indentation: usize, sign: Sign) -> String {
    let deeper = indentation + 2;
    let comment = if around.has_comments { "  # a comment: with signs" } else { "" };
    match value {
        Value::Scalar(text) => format!(" {}", scalar(text, indentation, comment)),
        Value::List(layout, items) if items.is_empty() || layout.is_flow => format!(" {}{comment}\n", flow(value, deeper)),
        Value::Mapping(layout, entries) if entries.is_empty() || layout.is_flow => format!(" {}{comment}\n", flow(value, deeper)),
        Value::List(layout, items) => {
            let at = if sign == Sign::Colon && !layout.is_loose { indentation } else { deeper };
            let start = if sign == Sign::Dash { " ".to_owned() } else { format!("{comment}\n{}", " ".repeat(at)) };
            let lines = items.iter().map(|item| format!("-{}", behind_sign(item, *layout, at, Sign::Dash)));
            start + &lines.collect::<Vec<String>>().join(&" ".repeat(at))
        }
        Value::Mapping(layout, entries) => {
            let start = if sign == Sign::Dash {
                " ".to_owned()
            } else {
                format!("{comment}\n\n{}# above\n{}", " ".repeat(deeper), " ".repeat(deeper))
            };
            start + &block_mapping(entries, *layout, deeper)
        }
    }
}

fn flow(value: &Value, indentation: usize) -> String {
    let joined = |parts: Vec<String>, is_loose: bool| {
        if is_loose { parts.join(&format!(",\n{}", " ".repeat(indentation))) } else { parts.join(", ") }
    };
    match value {
        Value::Scalar(text) => on_one_line(text, Around::Flow),
        Value::List(layout, items) => {
            format!("[{}]", joined(items.iter().map(|item| flow(item, indentation)).collect(), layout.is_loose))
        }
        Value::Mapping(layout, entries) => {
            let parts =
                entries.iter().map(|(key, value)| format!("{}: {}", on_one_line(key, Around::Flow), flow(value, indentation)));
            format!("{{{}}}", joined(parts.collect(), layout.is_loose))
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Around {
    Key,
    Block,
    Flow,
}

/// A scalar in block style, its line ended.
fn scalar(text: &Text, indentation: usize, comment: &str) -> String {
    let deeper = " ".repeat(indentation + 2);
    match text.style {
        Style::Literal if fits_literal(&text.text) => {
            let body = text.text.trim_end_matches('\n');
            let sign = if body.starts_with([' ', '\n']) { "2" } else { "" };
            let lines: String = body
                .split('\n')
                .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{deeper}{line}\n") })
                .collect();
            format!("|{sign}{}{comment}\n{lines}{}", chomping(&text.text), more_line_ends(&text.text))
        }
        Style::Folded if fits_folded(&text.text) => {
            // A line end of the text is an empty line of the file.
            let marked: Vec<String> = text
                .text
                .trim_end_matches('\n')
                .split('\n')
                .map(|line| if text.is_wrapped { wrapped(line, &deeper) } else { line.to_owned() })
                .collect();
            format!(
                ">{}{comment}\n{deeper}{}\n{}",
                chomping(&text.text),
                marked.join(&format!("\n\n{deeper}")),
                more_line_ends(&text.text)
            )
        }
        Style::Plain | Style::SingleQuoted | Style::DoubleQuoted | Style::Literal | Style::Folded => {
            let line = on_one_line(text, Around::Block);
            let may_wrap = text.is_wrapped && (line.starts_with('\'') || !line.starts_with('"') && !line.contains([':', '#']));
            let line = if may_wrap { wrapped(&line, &deeper) } else { line };
            format!("{line}{comment}\n")
        }
    }
}

fn fits_literal(text: &str) -> bool {
    !text.trim().is_empty() && text.split('\n').all(|line| line.is_empty() || !line.trim().is_empty())
}

fn fits_folded(text: &str) -> bool {
    let body = text.trim_end_matches('\n');
    !body.is_empty() && body.split('\n').all(|line| !line.is_empty() && line.trim() == line)
}

fn chomping(text: &str) -> &'static str {
    match text.len() - text.trim_end_matches('\n').len() {
        0 => "-",
        1 => "",
        _ => "+",
    }
}

fn more_line_ends(text: &str) -> String {
    "\n".repeat((text.len() - text.trim_end_matches('\n').len()).saturating_sub(1))
}

/// The text with its line ended at the first single blank between two letters.
fn wrapped(text: &str, indentation: &str) -> String {
    let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    let blank = (1..bytes.len()).find(|at| bytes[*at] == b' ' && is_letter(bytes.get(at - 1)) && is_letter(bytes.get(at + 1)));
    blank.map_or(text.to_owned(), |at| format!("{}\n{indentation}{}", &text[..at], &text[at + 1..]))
}

fn on_one_line(text: &Text, around: Around) -> String {
    match text.style {
        Style::Plain if fits_plain(&text.text, around) => text.text.clone(),
        Style::SingleQuoted if !text.text.contains('\n') => format!("'{}'", text.text.replace('\'', "''")),
        Style::Plain | Style::SingleQuoted | Style::DoubleQuoted | Style::Literal | Style::Folded => {
            let escaped = text.text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('é', "\\u00e9");
            format!("\"{escaped}\"")
        }
    }
}

fn fits_plain(text: &str, around: Around) -> bool {
    let signs: &[char] = if around == Around::Block { &['\n'] } else { &['\n', ':', ',', '[', ']', '{', '}'] };
    // The parser refuses `{a: b -}`, though a dash may end a text.
    let is_refused = around == Around::Flow && text.contains(" -");
    !is_refused
        && text.starts_with(char::is_alphanumeric)
        && text.trim() == text
        && !text.contains(signs)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
}

fn is_meant(node: &Node<'_>, value: &Value) -> TestCaseResult {
    match (&node.content, value) {
        (Content::Scalar(scalar), Value::Scalar(text)) => prop_assert_eq!(&scalar.text, &text.text),
        (Content::List(list), Value::List(_, items)) => {
            prop_assert_eq!(list.items.len(), items.len());
            for (node, item) in list.items.iter().zip(items) {
                is_meant(node, item)?;
            }
        }
        (Content::Mapping(mapping), Value::Mapping(_, entries)) => {
            prop_assert_eq!(mapping.entries.len(), entries.len());
            for (entry, (key, value)) in mapping.entries.iter().zip(entries) {
                prop_assert_eq!(&entry.key, &key.text);
                is_meant(&entry.value, value)?;
            }
        }
        (found, _) => prop_assert!(false, "{found:?} was read where {value:?} was written"),
    }
    Ok(())
}

/// What libyaml reads. It takes a byte order mark for a document of its own.
fn libyaml(text: &str) -> serde_yaml::Result<Theirs> {
    serde_yaml::from_str(text.trim_start_matches('\u{feff}'))
}

/// Whether both readers say the same. What kind a plain scalar is they may see differently, so libyaml is asked what kind
/// our text would be.
fn is_alike(node: &Node<'_>, theirs: &Theirs) -> TestCaseResult {
    match (&node.content, theirs) {
        (Content::Scalar(scalar), Theirs::String(text)) => prop_assert_eq!(&scalar.text, text),
        (Content::Scalar(scalar), other) if scalar.style == Style::Plain => {
            let alone: Theirs = serde_yaml::from_str(&scalar.text).unwrap_or_default();
            prop_assert_eq!(&alone, other);
        }
        (Content::List(list), Theirs::Sequence(items)) => {
            prop_assert_eq!(list.items.len(), items.len());
            for (node, item) in list.items.iter().zip(items) {
                is_alike(node, item)?;
            }
        }
        (Content::Mapping(mapping), Theirs::Mapping(entries)) => {
            prop_assert_eq!(mapping.entries.len(), entries.len());
            for (entry, (key, value)) in mapping.entries.iter().zip(entries) {
                let key_is_alike = key.as_str().map_or_else(
                    || serde_yaml::from_str::<Theirs>(&entry.key).unwrap_or_default() == *key,
                    |key| key == entry.key,
                );
                prop_assert!(key_is_alike, "the key {:?} is {key:?} to libyaml", entry.key);
                is_alike(&entry.value, value)?;
            }
        }
        (ours, theirs) => prop_assert!(false, "we read {ours:?}, libyaml {theirs:?}"),
    }
    Ok(())
}
