//! Edit cases: a file, what is to be changed in it, and the file as it is afterwards, together in one file.
//!
//! A case lies in `tests/cases/edit`. It is the file before, then the changes in lines that start with `#>`, then the file
//! after behind the line `#===`:
//!
//! ```yaml
//! name: A
//! #> set tags = [inbound] after description, name
//! #===
//! name: A
//! tags: [inbound]
//! ```
//!
//! The changes are `set ROUTE = VALUE [after KEY, ...]`, `insert LIST INDEX = VALUE`, `remove ROUTE`,
//! `move ROUTE to LIST INDEX` and `rename ROUTE to NAME`; a route is written `steps[intro].then[0].template`. Below the
//! changes stands what else is told: `#< removed # a comment` or, instead of a file after, `#< refused: why`.
//!
//! `#! crlf`, `#! bom` and `#! open end` at the start say how both files lie on the disk: lines that end in `\r\n`, a byte
//! order mark, nothing that ends the last line. `#! closed` says that the file after ends its last line nevertheless.

use std::fs;
use std::path::Path;

use segue::text::{FilePath, Source};
use segue::yaml::edit::{self, Change, Route, Stop, Value};

use crate::data;

#[test]
fn every_case_is_edited_as_by_hand() {
    let failures: Vec<String> = data::cases("edit", "yaml").iter().filter_map(|path| check(path).err()).collect();
    data::report(&failures);
}

/// A case taken apart.
struct Case {
    directives: Vec<String>,
    before: String,
    changes: Vec<String>,
}

fn check(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let case = Case::read(&text);
    let changes: Result<Vec<Change>, String> = case.changes.iter().map(|line| change(line)).collect();
    let changes = changes.map_err(|error| format!("{}: {error}", path.display()))?;
    data::settle(path, &text, &case.told(&changes))
}

impl Case {
    fn read(text: &str) -> Case {
        let given = text.split("#===\n").next().unwrap_or_default();
        let mut case = Case { directives: Vec::new(), before: String::new(), changes: Vec::new() };
        for line in given.lines() {
            if let Some(words) = line.strip_prefix("#! ") {
                case.directives.push(words.to_owned());
            } else if let Some(words) = line.strip_prefix("#> ") {
                case.changes.push(words.to_owned());
            } else if !line.starts_with("#< ") {
                case.before.extend([line, "\n"]);
            }
        }
        case
    }

    fn is(&self, directive: &str) -> bool {
        self.directives.iter().any(|own| own == directive)
    }

    /// As the disk has it.
    fn source(&self) -> Source {
        let mut text = self.before.clone();
        if self.is("open end") {
            text.truncate(text.trim_end_matches('\n').len());
        }
        if self.is("crlf") {
            text = text.replace('\n', "\r\n");
        }
        if self.is("bom") {
            text.insert(0, '\u{feff}');
        }
        Source::new(FilePath::new("sequences/case.yaml"), text)
    }

    /// The case as it should read.
    fn told(&self, changes: &[Change]) -> String {
        let lines = |mark: &str, lines: &[String]| lines.iter().map(|line| format!("{mark} {line}\n")).collect::<String>();
        let outcome = edit::edit(&self.source(), changes);
        let is_closed = outcome.as_ref().is_ok_and(|edited| self.is("open end") && edited.source.text().ends_with('\n'));
        let mut directives: Vec<String> = self.directives.iter().filter(|words| *words != "closed").cloned().collect();
        directives.extend(is_closed.then(|| "closed".to_owned()));
        let given = lines("#!", &directives) + &self.before + &lines("#>", &self.changes);
        match outcome {
            Ok(edited) => {
                let removed: String = edited.removed_comments.iter().map(|comment| format!("#< removed {comment}\n")).collect();
                format!("{given}{removed}#===\n{}", self.shown(edited.source.text()))
            }
            Err(error) => {
                let guess = error.suggestion().map(|word| format!(" (did you mean `{word}`?)")).unwrap_or_default();
                format!("{given}#< refused: {error}{guess}\n")
            }
        }
    }

    /// A text from the disk in the case's own form; what is not as the directives say shows.
    fn shown(&self, text: &str) -> String {
        let text = if self.is("bom") { text.strip_prefix('\u{feff}').unwrap_or("the mark is gone") } else { text };
        let text = if self.is("crlf") {
            assert_eq!(text.matches("\r\n").count(), text.matches('\n').count(), "a line lacks its return: {text:?}");
            text.replace("\r\n", "\n")
        } else {
            text.to_owned()
        };
        if self.is("open end") && !text.ends_with('\n') { text + "\n" } else { text }
    }
}

/// One change as a case writes it.
fn change(line: &str) -> Result<Change, String> {
    let (word, rest) = line.split_once(' ').ok_or_else(|| format!("`{line}` is no change"))?;
    let value = |text: &str| serde_yaml::from_str::<Value>(text).map_err(|error| format!("{line}: {error}"));
    let parted = |at: &str| rest.split_once(at).ok_or_else(|| format!("`{line}` lacks `{at}`"));
    let placed = |text: &str| {
        let (list, index) = text.rsplit_once(' ').ok_or_else(|| format!("`{line}` lacks a place"))?;
        Ok::<_, String>((route(list)?, index.parse::<usize>().map_err(|error| format!("{line}: {error}"))?))
    };
    Ok(match word {
        "set" => {
            let (at, text) = parted(" = ")?;
            let (text, after) = text.split_once(" after ").unwrap_or((text, ""));
            let after = after.split(", ").filter(|key| !key.is_empty()).map(str::to_owned).collect();
            Change::Set { route: route(at)?, value: value(text)?, after }
        }
        "insert" => {
            let (at, text) = parted(" = ")?;
            let (list, index) = placed(at)?;
            Change::Insert { list, index, value: value(text)? }
        }
        "remove" => Change::Remove { route: route(rest)? },
        "move" => {
            let (from, to) = parted(" to ")?;
            let (list, index) = placed(to)?;
            Change::Move { from: route(from)?, list, index }
        }
        "rename" => {
            let (at, name) = parted(" to ")?;
            Change::Rename { route: route(at)?, name: name.to_owned() }
        }
        _ => return Err(format!("`{word}` is no change")),
    })
}

/// `steps[intro].then[0].template`; `.` alone is the root.
fn route(text: &str) -> Result<Route, String> {
    let mut stops = Vec::new();
    for part in text.split(['.', '[']).filter(|part| !part.is_empty()) {
        stops.push(match part.strip_suffix(']') {
            None => Stop::Key(part.to_owned()),
            Some(inside) => match (inside.parse::<usize>(), inside.split_once('=')) {
                (Ok(index), _) => Stop::Index(index),
                (Err(_), Some((key, is))) => Stop::Item { key: key.to_owned(), is: is.to_owned() },
                (Err(_), None) => Stop::Item { key: "id".to_owned(), is: inside.to_owned() },
            },
        });
    }
    Ok(stops.into_iter().collect())
}
