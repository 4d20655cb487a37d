//! Whatever a file looks like, its layout says the same, keeps every comment, and is done in one go. The checks here share
//! nothing with the formatter's own.

use segue::sequence::{self, SequenceId};
use segue::text::{FilePath, Source};
use segue::workspace::{Content, Workspace};
use segue::yaml::edit::Value;
use segue::yaml::format::FormatError;
use segue::{settings, trial, yaml};

use super::{Held, hold};

/// Under which names a text is laid out: each has an order of keys of its own.
const FILES: [&str; 3] = ["sequences/made-up.yaml", "sequences/made-up.test.yaml", settings::FILE_NAME];

/// As a sequence, as tests and as the settings.
pub fn formatting(bytes: &[u8]) -> Held {
    let text = super::text(bytes);
    FILES.iter().try_for_each(|path| laid_out_well(path, &text))
}

/// The layout of a file, as the command would write it.
pub fn laid_out(path: &str, text: &str) -> Result<String, FormatError> {
    let source = Source::new(FilePath::new(path), text.to_owned());
    let after = match path {
        settings::FILE_NAME => settings::format(&source),
        path if path.ends_with(".test.yaml") => trial::format(&source),
        _ => sequence::format(&source, &SequenceId::parse("made-up").expect("this is an id")),
    };
    after.map(|after| after.text().to_owned())
}

/// Whether the layout of a text is one: it says the same, has every comment, and stays as it is.
pub fn laid_out_well(path: &str, text: &str) -> Held {
    let after = match laid_out(path, text) {
        Ok(after) => after,
        Err(FormatError::NotSound(_)) => {
            let source = Source::new(FilePath::new(path), text.to_owned());
            return hold(!yaml::read(&source).problems.is_empty(), || format!("refused for no reason:\n{text}"));
        }
        Err(FormatError::Disputed(_) | FormatError::TooLarge) => return Ok(()),
        Err(FormatError::Unverified(why)) => return Err(format!("{why}:\n{text}\n----\n{text:?}")),
    };
    let told = |why: &str| format!("{why}\n---- before\n{text}\n---- after\n{after}\n----\n{text:?}");
    match laid_out(path, &after) {
        Ok(again) => hold(again == after, || told(&format!("a second run changes it again:\n{again}")))?,
        Err(error) => return Err(told(&format!("a second run: {error}"))),
    }
    // Readers disagree about a block scalar whose last line is not ended; its layout has that end.
    let is_same = libyaml(text) == libyaml(&after) || libyaml(&format!("{text}\n")) == libyaml(&after);
    hold(is_same, || told("libyaml reads something else"))?;
    hold(letters(text) == letters(&after), || told("something is lost or made up"))?;
    hold(comments(text) == comments(&after), || told("comments"))?;
    hold(text.starts_with('\u{feff}') == after.starts_with('\u{feff}'), || told("the mark"))?;
    let returns = after.matches("\r\n").count();
    let is_one_way = after == text || returns == 0 || returns == after.matches('\n').count();
    hold(is_one_way, || told("lines end in both ways"))?;
    hold(findings(path, text) == findings(path, &after), || told("other findings"))
}

/// Every character that is no blank, sorted. A comma before a bracket goes, and what tells how far a text is indented is ours.
fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && *c != ',' && !c.is_ascii_digit()).collect();
    letters.sort_unstable();
    letters
}

/// What stands behind a `#` that may start a comment, on every line; without blanks and commas, which brackets may move.
fn comments(text: &str) -> Vec<String> {
    let lines = text.trim_start_matches('\u{feff}').lines().filter(|line| !line.contains(['"', '\'']));
    let mut found: Vec<String> = lines
        .filter_map(|line| {
            let at = line.match_indices('#').map(|(at, _)| at).find(|at| *at == 0 || line[..*at].ends_with([' ', '\t']))?;
            Some(line[at..].chars().filter(|c| !c.is_whitespace() && *c != ',').collect())
        })
        .collect();
    found.sort_unstable();
    found
}

fn libyaml(text: &str) -> Result<Value, String> {
    serde_yaml::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| error.to_string())
}

/// What is found in a file, wherever it stands there.
fn findings(path: &str, text: &str) -> Vec<String> {
    let mut workspace = Workspace::new();
    workspace.update(vec![(FilePath::new(path), Content::Bytes(text.as_bytes().to_vec()))]);
    let mut found: Vec<String> =
        workspace.findings().iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
    found.sort();
    found
}
