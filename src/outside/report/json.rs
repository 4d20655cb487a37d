//! Findings for programs: one JSON object.
//! In come findings, texts and counts; out goes the object, indented, the same bytes for the same findings.
//! Keys are only ever added within a major version of the format; the shapes here are no other module's types.

use std::io;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Edit, Fix, Related, Severity};
use crate::text::{Location, Source, Span};

use super::{Sources, Summary};

const FORMAT_VERSION: &str = "1.0";

/// Writes the findings and the counts as one JSON object, sorted and indented.
///
/// A file whose text nobody has gets line 1, column 1. Bytes count from the start of the file; a place ends before its end.
///
/// # Errors
/// What the writer says.
pub fn json(out: &mut dyn io::Write, findings: &[Diagnostic], sources: Sources<'_>, summary: &Summary) -> io::Result<()> {
    let mut findings: Vec<&Diagnostic> = findings.iter().collect();
    findings.sort_by_key(|finding| finding.sort_key());
    let report = Report {
        format_version: FORMAT_VERSION,
        diagnostics: findings.into_iter().map(|finding| diagnostic(finding, sources)).collect(),
        summary: counts(summary),
    };
    json_document(out, &report)
}

/// One finding as it stands in the object that [`json`] writes.
pub fn diagnostic_json(finding: &Diagnostic, sources: Sources<'_>) -> serde_json::Value {
    serde_json::to_value(diagnostic(finding, sources)).expect("findings have text for keys and finite numbers")
}

/// Writes a value as an indented JSON document, harmless to a terminal.
///
/// # Errors
/// What the writer says.
pub fn json_document(out: &mut dyn io::Write, value: &impl Serialize) -> io::Result<()> {
    write_json(out, serde_json::to_string_pretty(value)?)
}

/// Writes a value as one line of JSON, harmless to a terminal.
///
/// # Errors
/// What the writer says.
pub fn json_line(out: &mut dyn io::Write, value: &impl Serialize) -> io::Result<()> {
    write_json(out, serde_json::to_string(value)?)
}

fn write_json(out: &mut dyn io::Write, mut text: String) -> io::Result<()> {
    text.push('\n');
    out.write_all(escape_the_rest(text).as_bytes())
}

#[derive(Serialize)]
struct Report<'a> {
    format_version: &'static str,
    diagnostics: Vec<DiagnosticShape<'a>>,
    summary: SummaryShape,
}

#[derive(Serialize)]
struct DiagnosticShape<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    at: PlaceShape<'a>,
    related: Vec<RelatedShape<'a>>,
    help: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixShape<'a>>,
}

#[derive(Serialize)]
struct RelatedShape<'a> {
    message: &'a str,
    #[serde(flatten)]
    at: PlaceShape<'a>,
}

#[derive(Serialize)]
struct PlaceShape<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    start_byte: u32,
    end_byte: u32,
}

#[derive(Serialize)]
struct FixShape<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<EditShape<'a>>,
}

#[derive(Serialize)]
struct EditShape<'a> {
    file: &'a str,
    start_byte: u32,
    end_byte: u32,
    text: &'a str,
}

#[derive(Serialize)]
struct SummaryShape {
    files: usize,
    sequences: usize,
    errors: usize,
    warnings: usize,
    silenced: usize,
    left_out: usize,
}

fn diagnostic<'a>(finding: &'a Diagnostic, sources: Sources<'_>) -> DiagnosticShape<'a> {
    DiagnosticShape {
        code: finding.code.name(),
        severity: severity(finding.severity),
        message: &finding.message,
        at: place(&finding.primary, sources),
        related: finding.related.iter().map(|related| self::related(related, sources)).collect(),
        help: &finding.help,
        fix: finding.fix.as_ref().map(fix),
    }
}

/// The words of the format, which stay even if those for people change.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn related<'a>(related: &'a Related, sources: Sources<'_>) -> RelatedShape<'a> {
    RelatedShape { message: &related.message, at: place(&related.location, sources) }
}

fn place<'a>(location: &'a Location, sources: Sources<'_>) -> PlaceShape<'a> {
    let Location { file, span } = location;
    let ((line, column), (end_line, end_column)) = sources(file).map_or(((1, 1), (1, 1)), |source| ends(&source, *span));
    PlaceShape { file: file.as_str(), line, column, end_line, end_column, start_byte: span.start, end_byte: span.end }
}

fn ends(source: &Source, span: Span) -> ((usize, usize), (usize, usize)) {
    let (start, end) = (source.place(span.start), source.place(span.end));
    ((start.line, start.column), (end.line, end.column))
}

fn fix(fix: &Fix) -> FixShape<'_> {
    FixShape { title: &fix.title, safe: fix.safe, edits: fix.edits.iter().map(edit).collect() }
}

fn edit(edit: &Edit) -> EditShape<'_> {
    let Location { file, span } = &edit.location;
    EditShape { file: file.as_str(), start_byte: span.start, end_byte: span.end, text: &edit.text }
}

fn counts(summary: &Summary) -> SummaryShape {
    let Summary { files, sequences, errors, warnings, silenced, left_out, files_with_findings: _ } = *summary;
    SummaryShape { files, sequences, errors, warnings, silenced, left_out }
}

/// JSON lets DEL and the C1 controls stand in a string; a terminal that shows the object would obey them.
fn escape_the_rest(json: String) -> String {
    let obeyed = |c: char| matches!(c, '\x7f'..='\u{9f}');
    if !json.contains(obeyed) {
        return json;
    }
    let escaped = |c: char| if obeyed(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    json.chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Safety};
    use crate::text::FilePath;

    fn written(files: &[Source], findings: &[Diagnostic]) -> String {
        let lookup = |path: &FilePath| files.iter().find(|source| source.path() == path).cloned();
        let mut out = Vec::new();
        json(&mut out, findings, &lookup, &Summary::count(findings, 12, 11)).expect("a vector takes everything");
        String::from_utf8(out).expect("reports are UTF-8")
    }

    #[test]
    fn a_finding_with_everything_and_one_with_nothing() {
        let source = Source::new(FilePath::new("a.yaml"), "ä: inbuond\nb: 1\n".to_owned());
        let span = Span::new(4, 11);
        let finding = Diagnostic::new(Code::UnknownSequence, source.at(span), "no sequence is called `inbuond`")
            .related(source.at(Span::new(12, 13)), "a place")
            .did_you_mean(Some("inbound"))
            .fix("write `inbound`", Safety::Guess, span, "inbound");
        let bare = Diagnostic::new(Code::IgnoredFile, FilePath::new("b.yaml").at(Span::at(0)), "\x1b\u{9b}");
        let expected = r#"{
  "format_version": "1.0",
  "diagnostics": [
    {
      "code": "unknown-sequence",
      "severity": "error",
      "message": "no sequence is called `inbuond`",
      "file": "a.yaml",
      "line": 1,
      "column": 4,
      "end_line": 1,
      "end_column": 11,
      "start_byte": 4,
      "end_byte": 11,
      "related": [
        {
          "message": "a place",
          "file": "a.yaml",
          "line": 2,
          "column": 1,
          "end_line": 2,
          "end_column": 2,
          "start_byte": 12,
          "end_byte": 13
        }
      ],
      "help": [
        "did you mean `inbound`?"
      ],
      "fix": {
        "title": "write `inbound`",
        "safe": false,
        "edits": [
          {
            "file": "a.yaml",
            "start_byte": 4,
            "end_byte": 11,
            "text": "inbound"
          }
        ]
      }
    },
    {
      "code": "ignored-file",
      "severity": "warning",
      "message": "\u001b\u009b",
      "file": "b.yaml",
      "line": 1,
      "column": 1,
      "end_line": 1,
      "end_column": 1,
      "start_byte": 0,
      "end_byte": 0,
      "related": [],
      "help": []
    }
  ],
  "summary": {
    "files": 12,
    "sequences": 11,
    "errors": 1,
    "warnings": 1,
    "silenced": 0,
    "left_out": 0
  }
}
"#;
        assert_eq!(written(&[source], &[bare, finding]), expected);
    }

    #[test]
    fn nothing_found() {
        let expected = r#"{
  "format_version": "1.0",
  "diagnostics": [],
  "summary": {
    "files": 12,
    "sequences": 11,
    "errors": 0,
    "warnings": 0,
    "silenced": 0,
    "left_out": 0
  }
}
"#;
        assert_eq!(written(&[], &[]), expected);
    }
}
