//! How two editions of a sequence differ, step by step: for people, for programs, for a pull request.

use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};
use unicode_width::UnicodeWidthStr;

use crate::outside::store::VersionLine;
use crate::sequence::{Differences, Fate, KeyDifference, Place, SequenceId, StepDifference};
use crate::text::FilePath;

use super::clean::clean_line;
use super::json::json_document;
use super::properties::wrap;
use super::{Colour, Terminal};

const ADDED: anstyle::Style = anstyle::AnsiColor::Green.on_default();
const REMOVED: anstyle::Style = anstyle::AnsiColor::Red.on_default();
const CHANGED: anstyle::Style = anstyle::AnsiColor::Yellow.on_default();
const BOLD: anstyle::Style = anstyle::Style::new().bold();

/// What a key said that was not there.
const NONE: &str = "(none)";

/// One of the two that are compared.
#[derive(Clone, Copy, Debug)]
pub enum Edition<'a> {
    /// A published version.
    Version(&'a VersionLine),
    /// What the file says.
    File(&'a FilePath),
}

/// Two editions, and how they differ.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// The sequence.
    pub sequence: &'a SequenceId,
    /// The earlier edition.
    pub before: Edition<'a>,
    /// The later edition.
    pub after: Edition<'a>,
    /// How they differ.
    pub differences: &'a Differences,
}

/// Writes the differences for people.
///
/// # Errors
/// What the writer says.
pub fn differences(out: &mut dyn Write, compared: &Compared<'_>, terminal: Terminal) -> io::Result<()> {
    if compared.differences.is_empty() {
        return writeln!(out, "{}", clean_line(&same(compared)));
    }
    let mut page = Page { out, terminal };
    page.line(BOLD, &format!("--- {}", headline(&compared.before)))?;
    page.line(BOLD, &format!("+++ {}", headline(&compared.after)))?;
    if !compared.differences.own.is_empty() {
        page.head(CHANGED, "~", compared.sequence.as_str(), "the sequence itself")?;
        compared.differences.own.iter().try_for_each(|key| page.key(key))?;
    }
    compared.differences.steps.iter().try_for_each(|step| page.step(step))
}

/// Writes the differences as one JSON object. Keys are only ever added within a major format version.
///
/// # Errors
/// What the writer says.
pub fn differences_json(out: &mut dyn Write, compared: &Compared<'_>) -> io::Result<()> {
    let Differences { own, steps } = compared.differences;
    json_document(
        out,
        &json!({
            "format_version": "1.0",
            "sequence": compared.sequence.as_str(),
            "from": edition_json(&compared.before),
            "to": edition_json(&compared.after),
            "equal": compared.differences.is_empty(),
            "properties": own.iter().map(key_json).collect::<Json>(),
            "steps": steps.iter().map(step_json).collect::<Json>(),
        }),
    )
}

/// Writes the differences as Markdown.
///
/// # Errors
/// What the writer says.
pub fn differences_markdown(out: &mut dyn Write, compared: &Compared<'_>) -> io::Result<()> {
    let Compared { sequence, before, after, differences } = compared;
    writeln!(out, "### {}: {} → {}\n", code(sequence.as_str()), title(before), title(after))?;
    for edition in [before, after] {
        if let Edition::Version(version) = edition {
            let message = version.message.as_ref().map_or_else(String::new, |message| format!(": {}", code(message)));
            writeln!(out, "Version {}, {} by {}{message}\n", version.number, version.at, code(&version.actor))?;
        }
    }
    if differences.is_empty() {
        return writeln!(out, "Both say the same.");
    }
    if !differences.own.is_empty() {
        writeln!(out, "- **changed** the sequence itself")?;
        differences.own.iter().try_for_each(|key| markdown_key(out, key))?;
    }
    for step in &differences.steps {
        let place = place_words(step, code).map_or_else(String::new, |place| format!(", {place}"));
        writeln!(out, "- **{}** {}{place}", word(step), code(&step.id))?;
        for detail in details(step, code) {
            writeln!(out, "  - {detail}")?;
        }
        keys_told(step).iter().try_for_each(|key| markdown_key(out, key))?;
    }
    Ok(())
}

fn same(compared: &Compared<'_>) -> String {
    format!("`{}`: {} and {} say the same", compared.sequence, name(&compared.before), name(&compared.after))
}

fn name(edition: &Edition<'_>) -> String {
    match edition {
        Edition::Version(version) => format!("version {}", version.number),
        Edition::File(file) => file.to_string(),
    }
}

fn title(edition: &Edition<'_>) -> String {
    match edition {
        Edition::Version(version) => format!("version {}", version.number),
        Edition::File(file) => code(file.as_str()),
    }
}

fn headline(edition: &Edition<'_>) -> String {
    match edition {
        Edition::File(file) => file.to_string(),
        Edition::Version(VersionLine { number, message, actor, at, .. }) => {
            let message = message.as_ref().map_or_else(String::new, |message| format!(": {message}"));
            format!("version {number}, {} by {actor}{message}", at.strftime("%Y-%m-%d %H:%M"))
        }
    }
}

/// What became of a step, in a word: the most that is to say of it.
fn word(step: &StepDifference) -> &'static str {
    match &step.fate {
        Fate::Added { .. } => "added",
        Fate::Removed { .. } => "removed",
        Fate::Kept { .. } if !step.keys.is_empty() => "changed",
        Fate::Kept { moved_from: Some(_), .. } => "moved",
        Fate::Kept { moved_from: None, .. } => "renamed",
    }
}

/// The keys that are told of in words. Of a step that went it is enough to know which it was.
fn keys_told(step: &StepDifference) -> Vec<KeyDifference> {
    match step.fate {
        Fate::Added { .. } | Fate::Kept { .. } => step.keys.clone(),
        Fate::Removed { .. } => {
            let known = step.keys.iter().filter(|key| matches!(key.key.as_str(), "type" | "name"));
            let was = |key: &KeyDifference| KeyDifference { key: key.key.clone(), before: Vec::new(), after: key.before.clone() };
            known.map(was).collect()
        }
    }
}

/// Where a step stands, as far as it is worth telling.
fn place_words(step: &StepDifference, quoted: Quoted) -> Option<String> {
    match &step.fate {
        Fate::Added { at } | Fate::Kept { at, moved_from: Some(_), .. } => Some(full_place(at, quoted)),
        Fate::Removed { from } => Some(format!("was {}", full_place(from, quoted))),
        Fate::Kept { at, moved_from: None, .. } => branch(at, quoted),
    }
}

fn full_place(place: &Place, quoted: Quoted) -> String {
    let behind = place.behind.as_ref().map_or_else(|| "first".to_owned(), |behind| format!("behind {}", quoted(behind)));
    match branch(place, quoted) {
        Some(branch) => format!("{behind} {branch}"),
        None => behind,
    }
}

fn branch(place: &Place, quoted: Quoted) -> Option<String> {
    (!place.branches.is_empty()).then(|| format!("in {}", quoted(&place.to_string())))
}

/// What else happened to a step, a line each.
fn details(step: &StepDifference, quoted: Quoted) -> Vec<String> {
    match &step.fate {
        Fate::Added { .. } | Fate::Removed { .. } => Vec::new(),
        Fate::Kept { renamed_from, moved_from, .. } => {
            let renamed = renamed_from.as_ref().map(|former| format!("renamed from {}", quoted(former)));
            let moved = moved_from.as_ref().map(|from| format!("moved, was {}", full_place(from, quoted)));
            renamed.into_iter().chain(moved).collect()
        }
    }
}

/// How names stand in a sentence.
type Quoted = fn(&str) -> String;

fn plain(text: &str) -> String {
    text.to_owned()
}

/// A page for people, while it is written.
struct Page<'o> {
    out: &'o mut dyn Write,
    terminal: Terminal,
}

impl Page<'_> {
    fn step(&mut self, step: &StepDifference) -> io::Result<()> {
        let (style, sign) = match &step.fate {
            Fate::Added { .. } => (ADDED, "+"),
            Fate::Removed { .. } => (REMOVED, "-"),
            Fate::Kept { .. } => (CHANGED, "~"),
        };
        let place = place_words(step, plain).unwrap_or_default();
        self.head(style, sign, &step.id, &place)?;
        for detail in details(step, plain) {
            self.text("    ", &detail)?;
        }
        keys_told(step).iter().try_for_each(|key| self.key(key))
    }

    fn head(&mut self, style: anstyle::Style, sign: &str, id: &str, beside: &str) -> io::Result<()> {
        let gap = if beside.is_empty() { "" } else { "  " };
        let (id, beside) = (clean_line(id), clean_line(beside));
        match self.terminal.colour {
            Colour::Always => writeln!(self.out, "{style}{sign} {}{id}{0:#}{gap}{beside}", BOLD),
            Colour::Never => writeln!(self.out, "{sign} {id}{gap}{beside}"),
        }
    }

    /// A key on one line, or what it said and says below it where that is long.
    fn key(&mut self, key: &KeyDifference) -> io::Result<()> {
        let KeyDifference { key, before, after } = key;
        let (before, after) = (joined(before), joined(after));
        let line = match (&before, &after) {
            (None, Some(after)) => format!("{key}: {after}"),
            (before, after) => {
                let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| NONE.to_owned());
                format!("{key}: {} -> {}", or_none(before), or_none(after))
            }
        };
        if line.width() + 4 <= self.terminal.width {
            return self.text("    ", &line);
        }
        self.text("    ", &format!("{key}:"))?;
        for (sign, text) in [("-", before), ("+", after)] {
            if let Some(text) = text {
                self.text(&format!("      {sign} "), &text)?;
            }
        }
        Ok(())
    }

    /// Text that goes on below where the screen ends.
    fn text(&mut self, margin: &str, text: &str) -> io::Result<()> {
        let room = self.terminal.width.saturating_sub(margin.width()).max(20);
        for (number, line) in wrap(&clean_line(text), room).iter().enumerate() {
            let margin = if number == 0 { margin.to_owned() } else { " ".repeat(margin.width()) };
            writeln!(self.out, "{margin}{line}")?;
        }
        Ok(())
    }

    fn line(&mut self, style: anstyle::Style, line: &str) -> io::Result<()> {
        writeln!(self.out, "{}", self.terminal.colour.paint(style, &clean_line(line)))
    }
}

/// The values on one line; `None` where there are none.
fn joined(values: &[String]) -> Option<String> {
    let in_one_line = |value: &String| value.split_whitespace().collect::<Vec<_>>().join(" ");
    (!values.is_empty()).then(|| values.iter().map(in_one_line).collect::<Vec<_>>().join(", "))
}

fn markdown_key(out: &mut dyn Write, key: &KeyDifference) -> io::Result<()> {
    let KeyDifference { key, before, after } = key;
    let spans = |values: &[String]| values.iter().map(|value| code(value)).collect::<Vec<_>>().join(", ");
    match (before.is_empty(), after.is_empty()) {
        (true, _) => writeln!(out, "  - {key}: {}", spans(after)),
        (false, true) => writeln!(out, "  - {key}: {} → none", spans(before)),
        (false, false) => writeln!(out, "  - {key}: {} → {}", spans(before), spans(after)),
    }
}

/// Text as code in Markdown: whatever stands in it means nothing there.
fn code(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = clean_line(&line);
    if line.is_empty() {
        return "(empty)".to_owned();
    }
    let longest = line.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let gap = if line.starts_with('`') || line.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{line}{gap}{fence}")
}

fn edition_json(edition: &Edition<'_>) -> Json {
    match edition {
        Edition::File(file) => json!({"file": file.as_str()}),
        Edition::Version(VersionLine { number, message, actor, at, .. }) => {
            json!({"version": number, "message": message, "actor": actor, "at": at.to_string()})
        }
    }
}

fn step_json(step: &StepDifference) -> Json {
    let mut keys = Map::from_iter([("id".to_owned(), json!(step.id)), ("change".to_owned(), json!(word(step)))]);
    let mut put = |key: &str, value: Json| drop(keys.insert(key.to_owned(), value));
    match &step.fate {
        Fate::Added { at } => put("at", place_json(at)),
        Fate::Removed { from } => put("from", place_json(from)),
        Fate::Kept { at, renamed_from, moved_from } => {
            put("at", place_json(at));
            put("renamed_from", json!(renamed_from));
            put("moved_from", moved_from.as_ref().map_or(Json::Null, place_json));
        }
    }
    put("keys", step.keys.iter().map(key_json).collect());
    Json::Object(keys)
}

fn place_json(place: &Place) -> Json {
    json!({"path": place.to_string(), "behind": place.behind})
}

/// A key for programs: what is no list in the file is none here.
fn key_json(key: &KeyDifference) -> Json {
    let is_list = matches!(key.key.as_str(), "exit_on" | "any_of" | "all_of" | "stage");
    let value = |values: &[String]| match values {
        [] => Json::Null,
        [one] if !is_list => json!(one),
        several => json!(several),
    };
    json!({"key": key.key, "from": value(&key.before), "to": value(&key.after)})
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn nothing_means_anything_within_code() {
        assert_eq!(code("2d"), "`2d`");
        assert_eq!(code("a `b` ``c"), "```a `b` ``c```");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code(" a\n<b>| \n"), "`a <b>|`");
        assert_eq!(code(""), "(empty)");
    }
}
