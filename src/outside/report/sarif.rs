//! Findings as SARIF 2.1.0, for code scanning and for editors.
//! In come findings and texts; out goes one run with the rules that found something, their pages as help, places, fixes, and
//! fingerprints that stay while lines move. The same bytes for the same findings; nothing of the machine is in it.

use std::collections::BTreeMap;
use std::io;

use serde_json::{Value as Json, json};

use crate::check::page;
use crate::diagnostic::{Code, Diagnostic, Edit, Fix, Related, Severity};
use crate::text::{Digest, FilePath, Location, Source, Span};

use super::clean::clean_line;
use super::json::json_document;
use super::{Prefix, Sources};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The name under which the repository's root is known to whoever reads the run.
const ROOT: &str = "%SRCROOT%";

/// How many digits of a digest tell one line from another.
const DIGITS: usize = 16;

/// Writes the findings as one SARIF log, sorted and indented.
///
/// # Errors
/// What the writer says.
pub fn sarif(out: &mut dyn io::Write, findings: &[Diagnostic], sources: Sources<'_>, prefix: &Prefix) -> io::Result<()> {
    let mut findings: Vec<&Diagnostic> = findings.iter().collect();
    findings.sort_by_key(|finding| finding.sort_key());
    let mut codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
    codes.sort_by_key(|code| code.name());
    codes.dedup();
    let mut files: Vec<&FilePath> = findings.iter().map(|finding| &finding.primary.file).collect();
    files.dedup();
    let mut log = Log { codes: &codes, files: &files, sources, prefix, alike: BTreeMap::new() };
    let results: Vec<Json> = findings.iter().map(|finding| log.result(finding)).collect();
    let artifacts: Vec<Json> = files.iter().map(|file| json!({"location": log.artifact(file)})).collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "segue",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            }},
            "invocations": [{"executionSuccessful": true}],
            "originalUriBaseIds": {ROOT: {"description": {"text": "the root of the repository"}}},
            "columnKind": "unicodeCodePoints",
            "artifacts": artifacts,
            "results": results,
        }],
    });
    json_document(out, &document)
}

fn rule(code: Code) -> Json {
    let page = page(code);
    // The title is the rule's id, which is shown above the page anyway.
    let help = page.markdown.split_once("\n\n").map_or(page.markdown.as_str(), |(_, help)| help);
    let (is_of_yaml, is_of_reading) = (code.is_of_yaml(), code.is_of_reading());
    let layer = match (is_of_yaml, is_of_reading) {
        (true, _) => "yaml",
        (false, true) => "shape",
        (false, false) => "sequence",
    };
    json!({
        "id": code.name(),
        "name": in_capitals(code.name()),
        "shortDescription": {"text": page.first_sentence()},
        "fullDescription": {"text": page.first_sentence()},
        "help": {"text": help, "markdown": help},
        "defaultConfiguration": {"level": code.severity().word()},
        "properties": {"tags": [layer], "problem.severity": code.severity().word(), "precision": "very-high"},
    })
}

/// `trailing-wait` as `TrailingWait`.
fn in_capitals(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    };
    name.split('-').map(word).collect()
}

/// What the results of one run share.
struct Log<'a> {
    codes: &'a [Code],
    files: &'a [&'a FilePath],
    sources: Sources<'a>,
    prefix: &'a Prefix,
    /// How many results had a fingerprint already, by file.
    alike: BTreeMap<(FilePath, String), usize>,
}

impl Log<'_> {
    fn result(&mut self, finding: &Diagnostic) -> Json {
        let related: Vec<Json> = finding.related.iter().enumerate().map(|(id, related)| self.related(id, related)).collect();
        let level = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let mut result = json!({
            "ruleId": finding.code.name(),
            "ruleIndex": self.codes.iter().position(|code| *code == finding.code),
            "level": level,
            "message": {"text": message(finding)},
            "locations": [{"physicalLocation": self.place(&finding.primary)}],
            "partialFingerprints": {"primaryLocationLineHash": self.fingerprint(finding)},
        });
        if !related.is_empty() {
            result["relatedLocations"] = related.into();
        }
        if let Some(fix) = &finding.fix {
            result["fixes"] = json!([self.fix(fix)]);
        }
        result
    }

    fn related(&self, id: usize, related: &Related) -> Json {
        json!({
            "id": id,
            "message": {"text": clean_line(&related.message)},
            "physicalLocation": self.place(&related.location),
        })
    }

    fn place(&self, location: &Location) -> Json {
        let region = match (self.sources)(&location.file) {
            Some(source) => region(&source, location.span),
            // Whoever shows it needs a line.
            None => json!({"startLine": 1}),
        };
        json!({"artifactLocation": self.artifact(&location.file), "region": region})
    }

    fn artifact(&self, file: &FilePath) -> Json {
        let mut artifact = json!({"uri": uri(&self.prefix.of(file)), "uriBaseId": ROOT});
        if let Some(index) = self.files.iter().position(|other| *other == file) {
            artifact["index"] = index.into();
        }
        artifact
    }

    fn fix(&self, fix: &Fix) -> Json {
        let mut by_file: Vec<(&FilePath, Vec<&Edit>)> = Vec::new();
        for edit in &fix.edits {
            match by_file.iter_mut().find(|(file, _)| **file == edit.location.file) {
                Some((_, edits)) => edits.push(edit),
                None => by_file.push((&edit.location.file, vec![edit])),
            }
        }
        let changes: Vec<Json> = by_file.into_iter().map(|(file, edits)| self.change(file, &edits)).collect();
        json!({"description": {"text": clean_line(&fix.title)}, "artifactChanges": changes})
    }

    fn change(&self, file: &FilePath, edits: &[&Edit]) -> Json {
        let source = (self.sources)(file);
        let replacement = |edit: &&Edit| {
            let deleted = source.as_ref().map_or_else(|| json!({"startLine": 1}), |source| region(source, edit.location.span));
            json!({"deletedRegion": deleted, "insertedContent": {"text": edit.text}})
        };
        json!({"artifactLocation": self.artifact(file), "replacements": edits.iter().map(replacement).collect::<Vec<_>>()})
    }

    /// What the finding is known by while lines move: its code and what its line says; of those alike in a file, which one.
    fn fingerprint(&mut self, finding: &Diagnostic) -> String {
        let Location { file, span } = &finding.primary;
        let line = (self.sources)(file).map(|source| line_of(&source, *span)).unwrap_or_default();
        let digest = Digest::of(format!("{}\n{line}", finding.code)).to_string();
        let digest = digest[..DIGITS].to_owned();
        let count = self.alike.entry((file.clone(), digest.clone())).or_default();
        *count += 1;
        format!("{digest}:{count}")
    }
}

fn message(finding: &Diagnostic) -> String {
    let helps = finding.help.iter().map(|help| format!("\nhelp: {}", clean_line(help)));
    format!("{}{}", clean_line(&finding.message), helps.collect::<String>())
}

fn region(source: &Source, span: Span) -> Json {
    let (start, end) = (source.place(span.start), source.place(span.end));
    // A byte order mark is no character of the text.
    let characters = |until: u32| source.text()[..until as usize].trim_start_matches('\u{feff}').chars().count();
    let (from, to) = (characters(span.start), characters(span.end));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "charOffset": from,
        "charLength": to - from,
        "byteOffset": span.start,
        "byteLength": span.end - span.start,
    })
}

fn line_of(source: &Source, span: Span) -> String {
    let text = source.text();
    let at = text.floor_char_boundary(span.start as usize);
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let line = text[start..].split('\n').next().unwrap_or_default();
    line.trim_matches(['\u{feff}', ' ', '\t', '\r']).to_owned()
}

/// A path as a relative reference: what may not stand in one is written as `%` and two digits.
fn uri(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let written = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    path.bytes().map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Safety;

    fn written(source: &Source, findings: &[Diagnostic]) -> Json {
        let lookup = |path: &FilePath| (source.path() == path).then(|| source.clone());
        let mut out = Vec::new();
        sarif(&mut out, findings, &lookup, &Prefix::new("crm")).expect("a vector takes everything");
        serde_json::from_slice(&out).expect("it is JSON")
    }

    fn finding(source: &Source, word: &str) -> Diagnostic {
        let start = source.text().find(word).expect("the word is there");
        let span = Span::new(start, start + word.len());
        Diagnostic::new(Code::UnknownSequence, source.at(span), "no sequence is called `x`\x1b[0m")
            .related(source.at(Span::at(0)), "a place")
            .help("try another")
            .fix("write `inbound`", Safety::Guess, span, "inbound")
    }

    #[test]
    fn places_are_given_in_all_the_ways_there_are() {
        let source = Source::new(FilePath::new("sequences/ä b.yaml"), "\u{feff}ä: x\nö: inbuond\n".to_owned());
        let log = written(&source, &[finding(&source, "inbuond")]);
        let result = &log["runs"][0]["results"][0];
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "crm/sequences/%C3%A4%20b.yaml");
        let region = json!({
            "startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 11,
            "charOffset": 8, "charLength": 7, "byteOffset": 13, "byteLength": 7,
        });
        assert_eq!(place["region"], region);
        assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"], region);
        assert_eq!(result["message"]["text"], "no sequence is called `x`␛[0m\nhelp: try another");
        assert_eq!(result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 1);
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][0]["name"], "UnknownSequence");
    }

    #[test]
    fn fingerprints_stay_while_lines_move_and_tell_alike_ones_apart() {
        let prints = |text: &str, words: &[usize]| -> Vec<String> {
            let source = Source::new(FilePath::new("a.yaml"), text.to_owned());
            let at = |at: &usize| Diagnostic::new(Code::BadId, source.at(Span::at(*at)), "wrong");
            let log = written(&source, &words.iter().map(at).collect::<Vec<_>>());
            let results = log["runs"][0]["results"].as_array().expect("a list").clone();
            results.iter().map(|result| result["partialFingerprints"]["primaryLocationLineHash"].to_string()).collect()
        };
        let before = prints("a: 1\nb: 2\na: 1\n", &[0, 5, 10]);
        assert_eq!(before, prints("# new\n  a: 1\n\nb: 2\r\na: 1\n", &[6, 14, 20]));
        assert_eq!(before.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
    }
}
