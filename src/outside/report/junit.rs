//! Findings as JUnit's XML, which every system for continuous integration can show.
//! In come findings, texts and the files that were checked; out goes a suite for each file: with a case that passed where
//! nothing is wrong there, else with a case for each finding. No times: the same bytes for the same findings.

use std::collections::BTreeMap;
use std::io;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::diagnostic::{Diagnostic, Severity};
use crate::text::FilePath;

use super::Sources;
use super::clean::clean_line;

/// What a warning counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warnings {
    /// The case passes, and says what was found.
    Pass,
    /// The case fails.
    Fail,
}

/// Writes the findings as test results, files and findings sorted.
///
/// # Errors
/// What the writer says.
pub fn junit(
    out: &mut dyn io::Write,
    findings: &[Diagnostic],
    files: impl IntoIterator<Item = FilePath>,
    sources: Sources<'_>,
    warnings: Warnings,
) -> io::Result<()> {
    let mut by_file: BTreeMap<FilePath, Vec<&Diagnostic>> = files.into_iter().map(|file| (file, Vec::new())).collect();
    for finding in findings {
        by_file.entry(finding.primary.file.clone()).or_default().push(finding);
    }
    let mut report = Report::new("segue validate");
    for (file, mut findings) in by_file {
        findings.sort_by_key(|finding| finding.sort_key());
        let mut suite = TestSuite::new(clean_line(file.as_str()));
        if findings.is_empty() {
            suite.add_test_case(case(&file, "no problems".to_owned(), TestCaseStatus::success()));
        }
        suite.add_test_cases(findings.into_iter().map(|finding| of_finding(finding, sources, warnings)));
        report.add_test_suite(suite);
    }
    let text = report.to_string().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn of_finding(finding: &Diagnostic, sources: Sources<'_>, warnings: Warnings) -> TestCase {
    let message = clean_line(&finding.message);
    // A name without a line: the same finding is the same case in the next run.
    let name = format!("{}: {message}", finding.code);
    let words = words(finding, sources);
    if finding.severity == Severity::Warning && warnings == Warnings::Pass {
        let mut case = case(&finding.primary.file, name, TestCaseStatus::success());
        case.set_system_out(words);
        return case;
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(finding.code.name()).set_message(&*message).set_description(words);
    case(&finding.primary.file, name, status)
}

fn case(file: &FilePath, name: String, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(clean_line(file.as_str()));
    case
}

/// The place, the finding and what to do, as lines.
fn words(finding: &Diagnostic, sources: Sources<'_>) -> String {
    let file = clean_line(finding.primary.file.as_str());
    let place = sources(&finding.primary.file).map(|source| source.place(finding.primary.span.start));
    let place = place.map(|place| format!(":{}:{}", place.line, place.column)).unwrap_or_default();
    let helps = finding.help.iter().map(|help| format!("\nhelp: {}", clean_line(help)));
    let message = clean_line(&finding.message);
    format!("{file}{place}: {}[{}]: {message}{}", finding.severity, finding.code, helps.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::text::{Source, Span};

    #[test]
    fn a_file_is_a_suite_and_a_finding_a_case() {
        let source = Source::new(FilePath::new("a & b.yaml"), "one: <two>\n".to_owned());
        let error =
            Diagnostic::new(Code::BadId, source.at(Span::new(5, 10)), "`<two>` is no id\x1b[0m\u{1}").help("write \"two\"");
        let warning = Diagnostic::new(Code::DuplicateName, source.at(Span::at(0)), "twice");
        let written = |warnings| {
            let mut out = Vec::new();
            let files = [FilePath::new("c.yaml"), source.path().clone()];
            let findings = [error.clone(), warning.clone()];
            junit(&mut out, &findings, files, &|_| Some(source.clone()), warnings).expect("a vector takes everything");
            String::from_utf8(out).expect("reports are UTF-8")
        };
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="segue validate" tests="3" skipped="0" failures="1" errors="0">
    <testsuite name="a &amp; b.yaml" tests="2" skipped="0" errors="0" failures="1">
        <testcase name="duplicate-name: twice" classname="a &amp; b.yaml">
            <system-out>a &amp; b.yaml:1:1: warning[duplicate-name]: twice</system-out>
        </testcase>
        <testcase name="bad-id: `&lt;two&gt;` is no id␛[0m␁" classname="a &amp; b.yaml">
            <failure message="`&lt;two&gt;` is no id␛[0m␁" type="bad-id">a &amp; b.yaml:1:6: error[bad-id]: `&lt;two&gt;` is no id␛[0m␁
help: write &quot;two&quot;</failure>
        </testcase>
    </testsuite>
    <testsuite name="c.yaml" tests="1" skipped="0" errors="0" failures="0">
        <testcase name="no problems" classname="c.yaml"/>
    </testsuite>
</testsuites>
"#;
        assert_eq!(written(Warnings::Pass), expected);
        assert!(written(Warnings::Fail).contains("failures=\"2\""));
    }
}
