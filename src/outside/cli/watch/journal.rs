//! What a batch of changes made of the findings: which are new, which are fixed, and the line that says so.

use std::collections::HashMap;
use std::time::Duration;

use crate::diagnostic::Diagnostic;
use crate::outside::report::Summary;
use crate::text::FilePath;
use crate::workspace::FindingsChanged;

/// The findings that came and went.
pub(super) struct Difference<'d> {
    pub new: Vec<&'d Diagnostic>,
    pub fixed: Vec<&'d Diagnostic>,
}

/// What a finding in a file is known by from one batch to the next: not its line, since lines move while people type.
type Key<'d> = (&'static str, &'d str);

fn key(finding: &Diagnostic) -> Key<'_> {
    (finding.code.name(), &finding.message)
}

/// Compares the findings of two moments, of the files where they differ.
pub(super) fn difference(changed: &[FindingsChanged]) -> Difference<'_> {
    let new = changed.iter().flat_map(|file| missing_in(&file.after, &file.before));
    let fixed = changed.iter().flat_map(|file| missing_in(&file.before, &file.after));
    Difference { new: new.collect(), fixed: fixed.collect() }
}

/// Those of `these` that `those` lack; of several alike, as many as are too many.
fn missing_in<'d>(these: &'d [Diagnostic], those: &'d [Diagnostic]) -> Vec<&'d Diagnostic> {
    let mut known: HashMap<Key<'d>, usize> = HashMap::new();
    for finding in those {
        *known.entry(key(finding)).or_default() += 1;
    }
    let mut missing = Vec::new();
    for finding in these {
        match known.get_mut(&key(finding)) {
            Some(left) if *left > 0 => *left -= 1,
            Some(_) | None => missing.push(finding),
        }
    }
    missing
}

/// `12:01:03  lead.yaml · 2 new problems · 1 fixed · 7 remain in 4 files · 3.1 ms`
pub(super) fn line(clock: &str, changed: &[FilePath], difference: &Difference<'_>, summary: &Summary, took: Duration) -> String {
    let what = match changed {
        [] => "what can be read changed".to_owned(),
        [one] => one.to_string(),
        several => format!("{} files", several.len()),
    };
    let mut parts = vec![what];
    let new = difference.new.len();
    if new > 0 {
        parts.push(format!("{new} new {}", if new == 1 { "problem" } else { "problems" }));
    }
    if !difference.fixed.is_empty() {
        parts.push(format!("{} fixed", difference.fixed.len()));
    }
    let left = summary.errors + summary.warnings;
    let files = if summary.files_with_findings == 1 { "file" } else { "files" };
    parts.push(match left {
        0 => "no problems".to_owned(),
        1 => "1 problem in all".to_owned(),
        _ => format!("{left} problems in {} {files}", summary.files_with_findings),
    });
    parts.push(format!("{:.1} ms", took.as_secs_f64() * 1_000.0));
    format!("{clock}  {}", parts.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::text::Span;

    fn finding(message: &str, at: usize) -> Diagnostic {
        Diagnostic::new(Code::TrailingWait, FilePath::new("a.yaml").at(Span::at(at)), message)
    }

    fn changed(before: &[Diagnostic], after: &[Diagnostic]) -> [FindingsChanged; 1] {
        [FindingsChanged { file: FilePath::new("a.yaml"), before: before.to_vec(), after: after.to_vec() }]
    }

    #[test]
    fn a_finding_that_moved_is_neither_new_nor_fixed() {
        let (before, after) = ([finding("one", 1), finding("two", 2)], [finding("two", 9), finding("two", 12)]);
        let changed = changed(&before, &after);
        let difference = difference(&changed);
        assert_eq!(difference.new, [&after[1]]);
        assert_eq!(difference.fixed, [&before[0]]);
    }

    #[test]
    fn the_line_says_what_changed_and_what_is_left() {
        let after = [finding("one", 1)];
        let line = line(
            "12:00:00",
            &[FilePath::new("a.yaml")],
            &difference(&changed(&[], &after)),
            &Summary::count(&after, 3, 3),
            Duration::from_millis(2),
        );
        assert_eq!(line, "12:00:00  a.yaml · 1 new problem · 1 problem in all · 2.0 ms");
    }
}
