//! Comments that silence findings where they stand: `# segue: ignore[trailing-wait] the next step is in the other system`.
//! In come a file's text with its tree, then its findings; out comes what of them is told, with what is wrong with the
//! comments themselves. Never silences what the core cannot do without.
//!
//! A comment behind something silences what starts on its line; one that stands alone silences what starts on the next line
//! that holds more than a comment.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Findings, Severity};
use crate::settings::{Level, Settings};
use crate::text::{FilePath, Source, Span, suggest};
use crate::yaml::{FOR_US, Tree};

use super::rules::bad_ignore::bad_ignore;
use super::rules::cannot_be_silenced::ignored;
use super::rules::ignore_without_reason::ignore_without_reason;
use super::rules::unknown_code::unknown_code;
use super::rules::unused_ignore::{Removal, unused_ignore};
use super::scene::rests_on_settings;

/// The one word that may follow.
const WORD: &str = "ignore";

/// The comments of one file that silence findings. Cheap to clone; of a file without any, nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ignores(Option<Arc<Sheet>>);

#[derive(Debug, PartialEq, Eq)]
struct Sheet {
    file: FilePath,
    /// What is wrong with the comments, whatever is found in the file.
    problems: Vec<Diagnostic>,
    ignores: Vec<Ignore>,
}

/// One comment.
#[derive(Debug, PartialEq, Eq)]
struct Ignore {
    /// The comment from its `#` to its end.
    comment: Span,
    codes: Vec<Named>,
    /// The lines in which it silences what starts there.
    lines: Vec<Span>,
    /// What goes when the comment goes.
    whole: Span,
}

/// A code in the brackets.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    text: String,
    span: Span,
    code: Option<Code>,
}

/// What of some findings is told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// What is told, in no particular order.
    pub findings: Vec<Diagnostic>,
    /// What comments silence.
    pub silenced: Vec<Diagnostic>,
}

/// What a code in a comment did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Nothing,
    Silenced,
    /// It met a finding that cannot be silenced.
    Refused,
}

impl Ignores {
    /// Reads the comments of a file. Where nothing in the text looks like one, this costs a search for it and no more.
    pub fn read(source: &Source, tree: &Tree<'_>) -> Self {
        let text = source.text();
        if !text.contains(FOR_US) {
            return Self::default();
        }
        let mut reading = Reading { source, problems: Findings::default(), ignores: Vec::new(), below: None };
        for (at, _) in text.match_indices(FOR_US) {
            let comment = hash_before(text, at).filter(|hash| tree.is_comment(text, *hash));
            if let Some(hash) = comment {
                reading.take(hash, at + FOR_US.len());
            }
        }
        let Reading { problems, ignores, .. } = reading;
        Self(Some(Arc::new(Sheet { file: source.path().clone(), problems: problems.into_vec(), ignores })))
    }

    /// Whether there are none, nor anything that was meant to be one.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

/// The `#` that starts a comment in which nothing stands before `at`; more than one are taken as one.
fn hash_before(text: &str, at: usize) -> Option<usize> {
    let before = text[..at].trim_end_matches([' ', '\t']);
    let outside = before.trim_end_matches('#');
    let is_first = outside.is_empty() || outside.ends_with([' ', '\t', '\n', '\u{feff}']);
    (outside.len() < before.len() && is_first).then_some(outside.len())
}

/// The comments of a file while they are read, from its top to its end.
struct Reading<'s> {
    source: &'s Source,
    problems: Findings,
    ignores: Vec<Ignore>,
    /// The line with more than a comment that was found last below one, and whether there was any: comments that stand
    /// together need not look for it one by one.
    below: Option<Option<Span>>,
}

impl Reading<'_> {
    /// Takes the comment that starts at `hash` and says something behind `behind_mark`.
    fn take(&mut self, hash: usize, behind_mark: usize) {
        let source = self.source;
        let text = source.text();
        let end = behind_mark + line_at(text, behind_mark).trim_end().len();
        let comment = Span::new(hash, end);
        match parts(text, behind_mark, end) {
            Err(why) => self.problems.report(bad_ignore(source, comment, &why)),
            Ok((codes, reason)) => {
                let codes: Vec<Named> = codes.into_iter().map(|span| named(source, span)).collect();
                for named in codes.iter().filter(|named| named.code.is_none()) {
                    if !self.problems.is_full(Code::UnknownCode) {
                        let silenceable = Code::ALL.iter().filter(|code| !code.is_firm());
                        let near = suggest(&named.text, silenceable.map(|code| code.name()));
                        self.problems.report(unknown_code(source.at(named.span), &named.text, near));
                    }
                }
                if reason.is_empty() {
                    self.problems.report(ignore_without_reason(source, comment));
                }
                let lines = self.covered(hash);
                self.ignores.push(Ignore { comment, codes, lines, whole: whole(text, comment) });
            }
        }
    }

    /// The lines in which a comment silences what starts there: its own, and of one that stands alone the next that holds more.
    fn covered(&mut self, hash: usize) -> Vec<Span> {
        let text = self.source.text();
        let start = text[..hash].rfind('\n').map_or(0, |end| end + 1);
        let mut lines = vec![whole_line(text, start)];
        if stands_alone(text, start) {
            let below = match self.below {
                Some(known) if known.is_none_or(|line| line.start as usize > hash) => known,
                Some(_) | None => line_with_more(text, start),
            };
            self.below = Some(below);
            lines.extend(below);
        }
        lines
    }
}

/// The codes and the reason of a comment, of which `text[at..end]` stands behind `segue:`.
fn parts(text: &str, at: usize, end: usize) -> Result<(Vec<Span>, &str), String> {
    let said = text[at..end].trim_start();
    let word_end = said.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(said.len());
    let (word, rest) = said.split_at(word_end);
    if word != WORD {
        return Err(format!("`{word}` is nothing that a comment can ask for"));
    }
    let Some(list) = rest.trim_start().strip_prefix('[') else {
        return Err("it does not say which code".to_owned());
    };
    let Some((codes, reason)) = list.split_once(']') else {
        return Err("the bracket is never closed".to_owned());
    };
    let start = end - list.len();
    let mut spans = Vec::new();
    for part in codes.split(',') {
        let from = start + (part.as_ptr() as usize - list.as_ptr() as usize) + (part.len() - part.trim_start().len());
        if !part.trim().is_empty() {
            spans.push(Span::new(from, from + part.trim().len()));
        }
    }
    if spans.is_empty() {
        return Err("it does not say which code".to_owned());
    }
    // `ignore[code]: reason` and `ignore[code] - reason` are ways to write it, too.
    Ok((spans, reason.trim_start_matches([':', '-', '\u{2013}', '\u{2014}', ' ', '\t']).trim()))
}

fn named(source: &Source, span: Span) -> Named {
    let text = source.slice(span);
    Named { text: text.to_owned(), span, code: Code::from_name(text) }
}

/// The next line that holds more than a comment.
fn line_with_more(text: &str, start: usize) -> Option<Span> {
    let mut below = std::iter::successors(next_line(text, start), |start| next_line(text, *start));
    let more = below.find(|start| !line_at(text, *start).trim().is_empty() && !stands_alone(text, *start));
    more.map(|start| whole_line(text, start))
}

/// Whether the line that starts there holds a comment and nothing else.
fn stands_alone(text: &str, start: usize) -> bool {
    line_at(text, start).trim_start_matches(['\u{feff}', ' ', '\t']).starts_with('#')
}

fn whole_line(text: &str, start: usize) -> Span {
    Span::new(start, start + line_at(text, start).len())
}

/// The rest of the line from `at`, without its end.
fn line_at(text: &str, at: usize) -> &str {
    text[at..].split('\n').next().unwrap_or_default()
}

fn next_line(text: &str, at: usize) -> Option<usize> {
    text[at..].find('\n').map(|length| at + length + 1)
}

/// A comment with the blanks before it, or with all of its line where nothing else stands there.
fn whole(text: &str, comment: Span) -> Span {
    let (hash, end) = (comment.start as usize, comment.end as usize);
    let before = text[..hash].trim_end_matches([' ', '\t']).len();
    let line_end = hash + line_at(text, hash).trim_end_matches('\r').len();
    if text[..before].is_empty() || text[..before].ends_with(['\n', '\u{feff}']) {
        return Span::new(before, next_line(text, end).unwrap_or(text.len()));
    }
    Span::new(before, line_end)
}

/// What of one file's findings is told: without what its comments silence, each as severe as the settings say, and with
/// what is wrong with the comments.
pub fn told(ignores: &Ignores, settings: &Settings, findings: Vec<Diagnostic>) -> Told {
    let mut told = match &ignores.0 {
        None => Told { findings, silenced: Vec::new() },
        Some(sheet) => sheet.silence(settings, findings),
    };
    if !settings.rules.is_empty() {
        told.findings = told.findings.into_iter().filter_map(|finding| weighed(finding, settings)).collect();
        told.silenced = told.silenced.into_iter().filter_map(|finding| weighed(finding, settings)).collect();
    }
    told
}

/// A finding as severe as the settings say; `None` where they want none of its code.
fn weighed(finding: Diagnostic, settings: &Settings) -> Option<Diagnostic> {
    match settings.level(finding.code) {
        None => Some(finding),
        Some(Level::Error) => Some(finding.with_severity(Severity::Error)),
        // What the core cannot do without stays what it is where it is an error, and is told in any case.
        Some(Level::Warning | Level::Off) if finding.is_firm() => Some(finding),
        Some(Level::Warning) => Some(finding.with_severity(Severity::Warning)),
        Some(Level::Off) => None,
    }
}

/// As [`told`], for the findings of any number of files, of which those with comments come with them.
pub fn told_by_file<'a>(
    files: impl Iterator<Item = (&'a FilePath, &'a Ignores)>,
    settings: &Settings,
    findings: Vec<Diagnostic>,
) -> Told {
    let commented: BTreeMap<&FilePath, &Ignores> = files.filter(|(_, ignores)| !ignores.is_empty()).collect();
    if commented.is_empty() {
        return told(&Ignores::default(), settings, findings);
    }
    let (here, elsewhere): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|finding| commented.contains_key(&finding.primary.file));
    let mut by_file: BTreeMap<&FilePath, Vec<Diagnostic>> = commented.keys().map(|file| (*file, Vec::new())).collect();
    for finding in here {
        if let Some(of_file) = by_file.get_mut(&finding.primary.file) {
            of_file.push(finding);
        }
    }
    let mut all = told(&Ignores::default(), settings, elsewhere);
    for (file, findings) in by_file {
        let of_file = told(commented[file], settings, findings);
        all.findings.extend(of_file.findings);
        all.silenced.extend(of_file.silenced);
    }
    all
}

impl Sheet {
    fn silence(&self, settings: &Settings, findings: Vec<Diagnostic>) -> Told {
        let mut deeds: Vec<Vec<Deed>> = self.ignores.iter().map(|ignore| vec![Deed::Nothing; ignore.codes.len()]).collect();
        let unsure = Unsure::new(settings, &findings);
        let mut told = Told { findings: self.problems.clone(), silenced: Vec::new() };
        for finding in findings {
            let silenced = self.silences(&finding, &mut deeds);
            if silenced { told.silenced.push(finding) } else { told.findings.push(finding) }
        }
        let mut of_comments = Findings::default();
        for (ignore, deeds) in self.ignores.iter().zip(&deeds) {
            of_comments.extend(self.judge(ignore, deeds, &unsure));
        }
        told.findings.extend(of_comments.into_vec());
        told
    }

    /// Whether a finding is silenced. Every comment that says so has done something.
    fn silences(&self, finding: &Diagnostic, deeds: &mut [Vec<Deed>]) -> bool {
        let start = Span { end: finding.primary.span.start, ..finding.primary.span };
        let deed = if finding.is_firm() { Deed::Refused } else { Deed::Silenced };
        let mut is_named = false;
        for (ignore, deeds) in self.ignores.iter().zip(deeds) {
            if !ignore.lines.iter().any(|line| line.contains(start)) {
                continue;
            }
            for (_, done) in ignore.codes.iter().zip(deeds).filter(|(named, _)| named.code == Some(finding.code)) {
                *done = deed;
                is_named = true;
            }
        }
        is_named && deed == Deed::Silenced
    }

    /// What is wrong with a comment that has done what it could.
    fn judge(&self, ignore: &Ignore, deeds: &[Deed], unsure: &Unsure) -> Vec<Diagnostic> {
        let with_deeds = || ignore.codes.iter().zip(deeds);
        let refused = with_deeds().filter(|(_, deed)| **deed == Deed::Refused);
        let mut problems: Vec<Diagnostic> = refused.map(|(named, _)| ignored(self.file.at(named.span), &named.text)).collect();
        let is_unused = |named: &Named, deed: Deed| deed == Deed::Nothing && named.code.is_some_and(|code| unsure.is_known(code));
        let (unused, needed): (Vec<_>, Vec<_>) = with_deeds().partition(|(named, deed)| is_unused(named, **deed));
        if let Some((first, _)) = unused.first() {
            let names: Vec<&str> = unused.iter().map(|(named, _)| named.text.as_str()).collect();
            let needed: Vec<&str> = needed.iter().map(|(named, _)| named.text.as_str()).collect();
            let list = ignore.codes.iter().map(|named| named.span).fold(first.span, Span::to);
            let removal = match needed.is_empty() {
                true => Removal { at: ignore.comment, edit: ignore.whole, text: String::new() },
                false => Removal { at: first.span, edit: list, text: needed.join(", ") },
            };
            problems.push(unused_ignore(&self.file, &names, removal));
        }
        problems
    }
}

/// Codes of which nobody can say that they are not found, because not everything was looked at.
struct Unsure {
    is_all: bool,
    is_of_settings: bool,
    full: Vec<Code>,
}

impl Unsure {
    fn new(settings: &Settings, findings: &[Diagnostic]) -> Self {
        let hides = |finding: &Diagnostic| finding.code.is_of_reading() || finding.code == Code::TooManySteps;
        let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
        findings.iter().for_each(|finding| *counts.entry(finding.code).or_default() += 1);
        let full = counts.into_iter().filter(|(_, count)| *count >= Findings::MOST_OF_ONE_CODE).map(|(code, _)| code);
        Self { is_all: findings.iter().any(hides), is_of_settings: !settings.is_whole, full: full.collect() }
    }

    fn is_known(&self, code: Code) -> bool {
        let hidden = self.is_all || (self.is_of_settings && rests_on_settings(code)) || self.full.contains(&code);
        !hidden
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Rule;
    use crate::text::Located;
    use crate::yaml;

    fn source(text: &str) -> Source {
        Source::new(FilePath::new("sequences/a.yaml"), text.to_owned())
    }

    fn codes(findings: &[Diagnostic]) -> Vec<Code> {
        findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn a_comment_silences_whatever_is_not_firm() {
        for code in Code::ALL {
            let source = source(&format!("# segue: ignore[{code}] so it is\na: 1\n"));
            let ignores = Ignores::read(&source, &yaml::read(&source));
            let at = source.at(Span::at(source.text().find("a: 1").expect("it is there")));
            let finding = Diagnostic::new(*code, at, "wrong");
            let told = told(&ignores, &Settings::default(), vec![finding.clone()]);
            if code.is_firm() {
                assert_eq!(codes(&told.findings), [*code, Code::CannotBeSilenced], "{code}");
            } else {
                assert_eq!((told.findings, told.silenced), (Vec::new(), vec![finding]), "{code}");
            }
        }
    }

    #[test]
    fn a_level_lowers_whatever_is_not_firm() {
        for code in Code::ALL {
            for (level, severity) in
                [(Level::Error, Some(Severity::Error)), (Level::Warning, Some(Severity::Warning)), (Level::Off, None)]
            {
                let rule = Rule { code: Located::new(code.name().to_owned(), Span::default()), level };
                let settings = Settings { rules: vec![rule.clone()], ..Settings::default() };
                let finding = Diagnostic::new(*code, FilePath::new("a.yaml").at(Span::at(0)), "wrong");
                let told = told(&Ignores::default(), &settings, vec![finding]);
                let expected = if rule.lowers_what_is_firm() { Some(code.severity()) } else { severity };
                assert_eq!(told.findings.first().map(|finding| finding.severity), expected, "{code} as {level}");
                assert!(!code.is_firm() || expected.is_some_and(|severity| severity <= code.severity()), "{code} as {level}");
            }
        }
    }

    #[test]
    fn a_cycle_that_takes_its_time_may_be_silenced_and_one_that_does_not_may_not() {
        let source = source("a: 1 # segue: ignore[advance-cycle] they come round once a quarter\n");
        let ignores = Ignores::read(&source, &yaml::read(&source));
        let finding = Diagnostic::new(Code::AdvanceCycle, source.at(Span::at(0)), "round and round");
        let slow = finding.clone().with_severity(Severity::Warning);
        assert!(told(&ignores, &Settings::default(), vec![slow]).findings.is_empty());
        let fast = told(&ignores, &Settings::default(), vec![finding]);
        assert_eq!(codes(&fast.findings), [Code::AdvanceCycle, Code::CannotBeSilenced]);
    }

    #[test]
    fn nothing_is_called_unused_where_not_all_was_looked_at() {
        let source = source("a: 1 # segue: ignore[trailing-wait, unknown-owner] so it is\n");
        let ignores = Ignores::read(&source, &yaml::read(&source));
        let unused = |settings: &Settings, findings: Vec<Diagnostic>| {
            let told = told(&ignores, settings, findings).findings;
            told.into_iter().find(|finding| finding.code == Code::UnusedIgnore).map(|finding| finding.message)
        };
        let all = unused(&Settings::default(), Vec::new()).expect("both are unused");
        assert!(all.contains("trailing-wait") && all.contains("unknown-owner"), "{all}");
        let partly = Settings { is_whole: false, ..Settings::default() };
        assert!(unused(&partly, Vec::new()).is_some_and(|message| !message.contains("unknown-owner")));
        let unread = Diagnostic::new(Code::MissingKey, source.at(Span::at(0)), "a step lacks something");
        assert_eq!(unused(&Settings::default(), vec![unread]), None);
    }

    #[test]
    fn files_come_with_their_own_comments() {
        let (one, other) = (source("a: 1 # segue: ignore[duplicate-name] so it is\n"), FilePath::new("sequences/b.yaml"));
        let ignores = Ignores::read(&one, &yaml::read(&one));
        let found = [one.path(), &other].map(|path| Diagnostic::new(Code::DuplicateName, path.at(Span::at(0)), "twice"));
        let files = [(one.path(), &ignores)];
        let told = told_by_file(files.into_iter(), &Settings::default(), found.to_vec());
        assert_eq!((told.findings.as_slice(), told.silenced.as_slice()), (&found[1..], &found[..1]));
    }
}
