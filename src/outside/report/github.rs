//! Findings as GitHub Actions shows them beside the lines of a pull request: workflow commands, one a line.
//! In come findings and texts; out go `::error` and `::warning` lines, and a notice where GitHub will hide some of them.
//! The words of an annotation name the place too: the log, where all of them stand, shows nothing else of it.

use std::io;

use crate::diagnostic::{Diagnostic, Severity};

use super::clean::clean_line;
use super::summary::number;
use super::{Prefix, Sources, Summary};

/// How many errors, and how many warnings, GitHub shows of one step. Source: its documentation of workflow commands.
const MOST_OF_A_KIND: usize = 10;

/// Writes an annotation for each finding, sorted, and how much there is.
///
/// # Errors
/// What the writer says.
pub fn github(
    out: &mut dyn io::Write,
    findings: &[Diagnostic],
    sources: Sources<'_>,
    prefix: &Prefix,
    summary: &Summary,
) -> io::Result<()> {
    let mut findings: Vec<&Diagnostic> = findings.iter().collect();
    findings.sort_by_key(|finding| finding.sort_key());
    for finding in findings {
        writeln!(out, "{}", annotation(finding, sources, prefix))?;
    }
    let hidden = [(summary.errors, "error"), (summary.warnings, "warning")].map(|(count, noun)| {
        let hidden = count.saturating_sub(MOST_OF_A_KIND);
        (hidden > 0).then(|| number(hidden, noun))
    });
    let hidden: Vec<String> = hidden.into_iter().flatten().collect();
    if !hidden.is_empty() {
        let words = format!(
            "{} not shown here: GitHub shows at most {MOST_OF_A_KIND} errors and {MOST_OF_A_KIND} warnings of a step; the log holds all",
            hidden.join(" and ")
        );
        writeln!(out, "::notice title=segue::{}", data(&words))?;
    }
    summary.write(out)
}

fn annotation(finding: &Diagnostic, sources: Sources<'_>, prefix: &Prefix) -> String {
    let file = prefix.of(&finding.primary.file);
    let title = format!("segue: {}", finding.code);
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let (mut place, mut shown) = (String::new(), clean_line(&file).into_owned());
    if let Some(source) = sources(&finding.primary.file) {
        let (start, end) = (source.place(finding.primary.span.start), source.place(finding.primary.span.end));
        place = format!(",line={},endLine={}", start.line, end.line);
        // Columns are for one line: with more, GitHub refuses the annotation.
        if start.line == end.line {
            place = format!(
                ",line={},endLine={},col={},endColumn={}",
                start.line,
                end.line,
                start.column,
                end.column.max(start.column)
            );
        }
        shown = format!("{shown}:{}:{}", start.line, start.column);
    }
    let mut words = format!("{shown}: {}[{}]: {}", finding.severity, finding.code, clean_line(&finding.message));
    for help in &finding.help {
        words = format!("{words}\nhelp: {}", clean_line(help));
    }
    format!("::{command} file={}{place},title={}::{}", property(&file), property(&title), data(&words))
}

/// Text behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which ends at a comma or at `::`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::text::{FilePath, Source, Span};

    fn written(findings: &[Diagnostic], sources: Sources<'_>, prefix: &str) -> String {
        let mut out = Vec::new();
        let summary = Summary::count(findings, 1, 1);
        github(&mut out, findings, sources, &Prefix::new(prefix), &summary).expect("a vector takes everything");
        String::from_utf8(out).expect("reports are UTF-8")
    }

    #[test]
    fn what_ends_a_command_is_escaped() {
        let source = Source::new(FilePath::new("a,b:c%.yaml"), "one: two\nthree\n".to_owned());
        let finding = Diagnostic::new(Code::UnknownKey, source.at(Span::new(5, 8)), "`a::b` is 100 %,\r\nor \x1b[31m so");
        let finding = finding.help("write it");
        let expected = "::error file=sub/a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=6,endColumn=9,title=segue%3A unknown-key::\
                        sub/a,b:c%25.yaml:1:6: error[unknown-key]: `a::b` is 100 %25,␍␊or ␛[31m so%0Ahelp: write it\n\
                        1 error in 1 file (1 file checked)\n";
        assert_eq!(written(&[finding], &|_| Some(source.clone()), "sub"), expected);
    }

    #[test]
    fn what_github_hides_is_counted() {
        let finding = |code, at| Diagnostic::new(code, FilePath::new("a.yaml").at(Span::at(at)), "wrong");
        let errors = (0..12).map(|at| finding(Code::BadId, at));
        let findings: Vec<Diagnostic> = errors.chain((0..11).map(|at| finding(Code::DuplicateName, at))).collect();
        let text = written(&findings, &|_| None, "");
        assert!(text.contains("\n::notice title=segue::2 errors and 1 warning not shown here: GitHub shows"), "{text}");
        assert!(text.starts_with("::error file=a.yaml,title=segue%3A bad-id::a.yaml: error[bad-id]: wrong\n"), "{text}");
        assert!(!written(&findings[2..12], &|_| None, "").contains("notice"));
    }
}
