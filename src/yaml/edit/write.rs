//! Values as YAML text, written so that every reader of YAML 1.1 and 1.2 takes them for what they are.
//! In come values and the place where they go, out goes text whose lines end in `\n`. Never looks at a file.

use serde_yaml::{Mapping, Value};

use crate::yaml::{Style, is_ambiguous};

/// How a file is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Manner {
    /// How far a value is indented below its key.
    pub step: usize,
    /// How far the dashes of a list are indented below its key.
    pub dashes: usize,
}

/// What stands around a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    /// Lines and indentation.
    Block,
    /// Brackets, where `,` and brackets end a value.
    Flow,
}

/// A list of single values stands on one line up to this many characters.
const MAX_FLOW: usize = 80;

/// A value that was written for a place behind a key or dash.
pub(super) enum Written {
    /// On the line of the key.
    Inline(String),
    /// A block scalar: its sign on the line of the key, its lines below.
    Headed {
        /// `|`, `|-`, `>2+`.
        header: String,
        /// The lines, indented, without the last line end.
        lines: String,
    },
    /// A list or mapping on lines of its own.
    Nested(Lines),
}

/// Lines that were written.
pub(super) struct Lines {
    /// The lines, the last one not ended.
    pub text: String,
    /// What they end with.
    pub ending: Ending,
}

/// What a piece of text ends with: it says what may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// A value on one line.
    Line,
    /// A block scalar, whose last line must be ended.
    Block,
    /// A block scalar to which blank lines below would belong.
    Keeping,
}

impl Written {
    /// What it ends with.
    pub fn ending(&self) -> Ending {
        match self {
            Written::Inline(_) => Ending::Line,
            Written::Headed { header, .. } if header.contains('+') => Ending::Keeping,
            Written::Headed { .. } => Ending::Block,
            Written::Nested(lines) => lines.ending,
        }
    }
}

/// The place of a value in block style.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The column of the key or dash that the value stands behind.
    pub column: usize,
    /// What the value stands behind.
    pub sign: Sign,
    /// How far the lines of a block scalar are indented that stands there already.
    pub deep: Option<usize>,
}

/// What a value stands behind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// A key and its colon.
    Key,
    /// A dash.
    Dash,
    /// Nothing: the file's root.
    Root,
}

impl Place {
    /// Where the entries of a mapping start that stands here.
    fn entries(self, manner: Manner) -> usize {
        match self.sign {
            Sign::Key => self.column + manner.step,
            Sign::Dash => self.column + 2,
            Sign::Root => 0,
        }
    }

    /// Where the dashes of a list start that stands here.
    fn items(self, manner: Manner) -> usize {
        match self.sign {
            Sign::Key => self.column + manner.dashes,
            Sign::Dash => self.column + 2,
            Sign::Root => 0,
        }
    }
}

/// A value for a place in block style. `old` is how the value that stood there is written.
pub(super) fn written(value: &Value, place: Place, manner: Manner, old: Option<Style>) -> Written {
    match value {
        Value::String(text) => {
            let has_lines = text.contains('\n') && old != Some(Style::DoubleQuoted);
            let wants_block = has_lines || matches!(old, Some(Style::Literal | Style::Folded));
            let block = if wants_block && place.sign != Sign::Root { block_scalar(text, place, manner, old) } else { None };
            block.unwrap_or_else(|| Written::Inline(scalar(text, Around::Block, old)))
        }
        Value::Mapping(mapping) if !mapping.is_empty() => {
            Written::Nested(indented_entries(mapping, place.entries(manner), manner))
        }
        Value::Sequence(items) if !items.is_empty() && !is_short(items) => {
            Written::Nested(indented_items(items, place.items(manner), manner))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Mapping(_) | Value::Sequence(_) | Value::Tagged(_) => {
            Written::Inline(flow(value))
        }
    }
}

/// Whether a list is one of few single values, as tags are.
fn is_short(items: &[Value]) -> bool {
    let is_single = |item: &Value| matches!(item, Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_));
    let has_lines = |item: &Value| item.as_str().is_some_and(|text| text.contains('\n'));
    items.iter().all(|item| is_single(item) && !has_lines(item))
        && items.iter().map(|item| flow(item).chars().count() + 2).sum::<usize>() <= MAX_FLOW
}

fn indented_entries(mapping: &Mapping, column: usize, manner: Manner) -> Lines {
    let entries = mapping.iter().map(|(name, value)| entry(name.as_str().unwrap_or_default(), value, column, manner));
    indented(entries, column)
}

fn indented_items(items: &[Value], column: usize, manner: Manner) -> Lines {
    indented(items.iter().map(|value| item(value, column, manner)), column)
}

fn indented(parts: impl Iterator<Item = Lines>, column: usize) -> Lines {
    let mut all = Lines { text: String::new(), ending: Ending::Line };
    for part in parts {
        if !all.text.is_empty() {
            all.text.push('\n');
        }
        all.text.push_str(&" ".repeat(column));
        all.text.push_str(&part.text);
        all.ending = part.ending;
    }
    all
}

/// A key and its value. The first line is not indented, the others are; the last is not ended.
pub(super) fn entry(name: &str, value: &Value, column: usize, manner: Manner) -> Lines {
    let key = key(name, Around::Block, None);
    let written = written(value, Place { column, sign: Sign::Key, deep: None }, manner, None);
    let ending = written.ending();
    let text = match written {
        Written::Inline(text) => format!("{key}: {text}"),
        Written::Headed { header, lines } => format!("{key}: {header}\n{lines}"),
        Written::Nested(lines) => format!("{key}:\n{}", lines.text),
    };
    Lines { text, ending }
}

/// A dash and its value; see [`entry`].
pub(super) fn item(value: &Value, column: usize, manner: Manner) -> Lines {
    let written = written(value, Place { column, sign: Sign::Dash, deep: None }, manner, None);
    let ending = written.ending();
    let text = match written {
        Written::Inline(text) => format!("- {text}"),
        Written::Headed { header, lines } => format!("- {header}\n{lines}"),
        Written::Nested(lines) => format!("- {}", lines.text.trim_start_matches(' ')),
    };
    Lines { text, ending }
}

/// A value on one line, in flow style.
pub(super) fn flow(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => self::number(number),
        Value::String(text) => scalar(text, Around::Flow, None),
        Value::Sequence(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<String>>().join(", ")),
        Value::Mapping(mapping) => {
            let entries = mapping.iter().map(|(name, value)| flow_entry(name.as_str().unwrap_or_default(), value));
            format!("{{{}}}", entries.collect::<Vec<String>>().join(", "))
        }
        Value::Tagged(tagged) => flow(&tagged.value),
    }
}

/// A value on the line of its key, where lines below it have no place.
pub(super) fn on_one_line(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text, Around::Block, None),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => {
            flow(value)
        }
    }
}

/// A key and its value in flow style.
pub(super) fn flow_entry(name: &str, value: &Value) -> String {
    format!("{}: {}", key(name, Around::Flow, None), flow(value))
}

/// A number as JSON has it, and as YAML 1.1 takes it for one: with a point and the exponent's sign.
fn number(number: &serde_yaml::Number) -> String {
    let Some(float) = number.as_f64().filter(|_| number.is_f64()) else { return number.to_string() };
    let text = format!("{float:?}");
    let Some((digits, exponent)) = text.split_once('e') else { return text };
    let digits = if digits.contains('.') { digits.to_owned() } else { format!("{digits}.0") };
    let exponent = if exponent.starts_with('-') { exponent.to_owned() } else { format!("+{exponent}") };
    format!("{digits}e{exponent}")
}

/// A key. `old` is how the key that stood there is written.
pub(super) fn key(name: &str, around: Around, old: Option<Style>) -> String {
    scalar(name, around, old)
}

/// A text on one line, in the style of the old one where that can carry it, in quotes where it must be.
pub(super) fn scalar(text: &str, around: Around, old: Option<Style>) -> String {
    let fits_single = !text.chars().any(needs_escape);
    match old {
        Some(Style::SingleQuoted) if fits_single => return single_quoted(text),
        Some(Style::DoubleQuoted) => return double_quoted(text),
        Some(Style::Plain | Style::SingleQuoted | Style::Literal | Style::Folded) | None => {}
    }
    if fits_plain(text, around) {
        text.to_owned()
    } else if !fits_single || text.contains('\'') && !text.contains(['"', '\\']) {
        double_quoted(text)
    } else {
        single_quoted(text)
    }
}

fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if !needs_escape(c) => quoted.push(c),
            c if u32::from(c) <= 0xff => quoted.push_str(&format!("\\x{:02X}", u32::from(c))),
            c if u32::from(c) <= 0xffff => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

/// What no reader takes as it stands, or some take for the end of a line.
fn needs_escape(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') || u32::from(c) & 0xfffe == 0xfffe
}

fn fits_plain(text: &str, around: Around) -> bool {
    const INDICATORS: [char; 20] =
        ['-', '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', '='];
    let may_stand = !is_ambiguous(text)
        && !is_json_number(text)
        && text.trim() == text
        && !text.starts_with(INDICATORS)
        && !text.starts_with("...")
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(needs_escape);
    match around {
        Around::Block => may_stand,
        // Some readers end a plain text in flow style at any of these.
        Around::Flow => may_stand && !text.contains([',', '[', ']', '{', '}', ':', '?', '#']) && !text.contains(" -"),
    }
}

fn is_json_number(text: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(text).is_ok()
}

/// A text as a block scalar; `None` where its characters or blanks do not survive in one.
fn block_scalar(text: &str, place: Place, manner: Manner, old: Option<Style>) -> Option<Written> {
    let body = text.trim_end_matches('\n');
    let is_blank = |line: &str| !line.is_empty() && line.trim().is_empty();
    let is_lost = body.is_empty() || body.split('\n').any(|line| is_blank(line) || line.starts_with('\t'));
    if is_lost || text.chars().any(|c| needs_escape(c) && !matches!(c, '\n' | '\t')) {
        return None;
    }
    let step = place.deep.unwrap_or(if place.sign == Sign::Key { manner.step } else { 2 });
    let indentation = place.column + step;
    let fits_folded =
        body.split('\n').all(|line| !line.is_empty() && !line.starts_with([' ', '\t']) && !line.ends_with([' ', '\t']));
    let (sign, between) = if old == Some(Style::Folded) && fits_folded { ('>', "\n\n") } else { ('|', "\n") };
    // A text that starts with a blank hides how far it is indented.
    let indicator = if body.starts_with([' ', '\n']) { step.to_string() } else { String::new() };
    let ends = text.len() - body.len();
    let chomping = ["-", "", "+"][ends.min(2)];
    let lines = body.split('\n').map(|line| if line.is_empty() { String::new() } else { format!("{:indentation$}{line}", "") });
    let lines = lines.collect::<Vec<String>>().join(between) + &"\n".repeat(ends.saturating_sub(1));
    Some(Written::Headed { header: format!("{sign}{indicator}{chomping}"), lines })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_look_like_something_else_are_quoted() {
        for text in [
            "no",
            "on",
            "Y",
            "12:30",
            "2024-01-01",
            "1_000",
            "012",
            "12",
            "-1.5",
            "1e3",
            "<<",
            "=",
            "~",
            "",
            " a",
            "a ",
            "a: b",
            "a #b",
            "- a",
            "a:",
            "#a",
            "%a",
            "@a",
            "`a",
            "[a",
            "{a",
            "!a",
            "&a",
            "*a",
            "null",
            "True",
            "0x1F",
            ".5",
            "+1",
            "---",
            "...",
        ] {
            assert!(scalar(text, Around::Block, None).starts_with(['\'', '"']), "{text}");
        }
        for text in ["warm", "2d", "region/emea", "Is it 5 o'clock?", "a:b", "a#b", "12 seats", "record.a == \"b\" && c", "日本"]
        {
            assert_eq!(scalar(text, Around::Block, None), text);
        }
        for text in ["a, b", "a:b", "a]", "a -"] {
            assert_eq!(scalar(text, Around::Flow, None), format!("'{text}'"));
        }
        assert_eq!(scalar("a\u{2028}\u{7}\u{1F600}", Around::Block, None), "\"a\\u2028\\x07\u{1F600}\"");
        assert_eq!(scalar("it's", Around::Block, Some(Style::SingleQuoted)), "'it''s'");
    }

    #[test]
    fn numbers_are_numbers_to_every_reader() {
        assert_eq!(number(&1e300.into()), "1.0e+300");
        assert_eq!(number(&1.0.into()), "1.0");
        assert_eq!(number(&(-3).into()), "-3");
        assert_eq!(number(&2.5e-9.into()), "2.5e-9");
    }
}
