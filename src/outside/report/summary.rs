//! The counts at the end of a report.

use std::collections::BTreeSet;
use std::io;

use crate::diagnostic::{Diagnostic, Severity};

/// How much was looked at, and how much was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The files that were read.
    pub files: usize,
    /// The sequences among them.
    pub sequences: usize,
    /// The findings that are errors.
    pub errors: usize,
    /// The findings that are warnings.
    pub warnings: usize,
    /// The files that have a finding.
    pub files_with_findings: usize,
    /// The findings that comments silence.
    pub silenced: usize,
    /// The findings that whoever asked did not want to hear of.
    pub left_out: usize,
}

impl Summary {
    /// Counts the findings of a run that read so many files and sequences.
    pub fn count<'f>(findings: impl IntoIterator<Item = &'f Diagnostic>, files: usize, sequences: usize) -> Self {
        let mut summary = Self { files, sequences, errors: 0, warnings: 0, files_with_findings: 0, silenced: 0, left_out: 0 };
        let mut found_in = BTreeSet::new();
        for finding in findings {
            match finding.severity {
                Severity::Error => summary.errors += 1,
                Severity::Warning => summary.warnings += 1,
            }
            found_in.insert(&finding.primary.file);
        }
        Self { files_with_findings: found_in.len(), ..summary }
    }

    /// The same with so many findings that are not told: silenced by comments, and left out as it was asked for.
    #[must_use]
    pub fn without(self, silenced: usize, left_out: usize) -> Self {
        Self { silenced, left_out, ..self }
    }

    /// Writes the one line that ends a report for people.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let files = number(self.files, "file");
        let Some(findings) = self.findings() else {
            let untold = self.untold().map(|untold| format!(" ({untold})")).unwrap_or_default();
            return writeln!(out, "checked {files}, {}: no problems{untold}", number(self.sequences, "sequence"));
        };
        let untold = self.untold().map(|untold| format!(", {untold}")).unwrap_or_default();
        writeln!(out, "{findings} in {} ({files} checked{untold})", number(self.files_with_findings, "file"))
    }

    fn findings(&self) -> Option<String> {
        listed([(self.errors, "error"), (self.warnings, "warning")].map(|(count, noun)| (count, number(count, noun))))
    }

    fn untold(&self) -> Option<String> {
        listed([(self.silenced, "silenced"), (self.left_out, "left out")].map(|(count, word)| (count, format!("{count} {word}"))))
    }
}

/// The words for what there is any of.
fn listed(counts: [(usize, String); 2]) -> Option<String> {
    let words: Vec<String> = counts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

pub(super) fn number(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::text::{FilePath, Span};

    fn line(findings: &[Diagnostic], files: usize, sequences: usize) -> String {
        let mut out = Vec::new();
        Summary::count(findings, files, sequences).write(&mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("reports are UTF-8")
    }

    fn finding(file: &str, code: Code) -> Diagnostic {
        Diagnostic::new(code, FilePath::new(file).at(Span::at(0)), "wrong")
    }

    #[test]
    fn no_findings() {
        assert_eq!(line(&[], 12, 11), "checked 12 files, 11 sequences: no problems\n");
        assert_eq!(line(&[], 1, 1), "checked 1 file, 1 sequence: no problems\n");
    }

    #[test]
    fn findings_are_counted_by_severity_and_file() {
        let findings = [
            finding("a.yaml", Code::BadId),
            finding("a.yaml", Code::BadYaml),
            finding("b.yaml", Code::BadYaml),
            finding("b.yaml", Code::IgnoredFile),
        ];
        assert_eq!(line(&findings, 12, 11), "3 errors, 1 warning in 2 files (12 files checked)\n");
        assert_eq!(line(&findings[..1], 1, 1), "1 error in 1 file (1 file checked)\n");
        assert_eq!(line(&findings[3..], 2, 0), "1 warning in 1 file (2 files checked)\n");
        let written = |summary: Summary| {
            let mut out = Vec::new();
            summary.write(&mut out).expect("a vector takes everything");
            String::from_utf8(out).expect("reports are UTF-8")
        };
        let untold = Summary::count(&findings[..1], 1, 1).without(2, 3);
        assert_eq!(written(untold), "1 error in 1 file (1 file checked, 2 silenced, 3 left out)\n");
        assert_eq!(written(Summary::count(&[], 1, 1).without(2, 0)), "checked 1 file, 1 sequence: no problems (2 silenced)\n");
    }
}
