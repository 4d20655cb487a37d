//! # merge-conflict
//!
//! Git could not merge the file and left its marks in it. The first of the sides is read, what stands
//! below it is not.
//!
//! ## Why
//!
//! Two people changed the same lines, and nobody has decided yet which change counts. Until somebody does,
//! the sequence is neither of the two.
//!
//! ## Bad
//!
//! ```yaml
//! <<<<<<< HEAD
//! description: Reach a web lead within a day.
//! =======
//! description: Reach a web lead within two days.
//! >>>>>>> longer-waits
//! ```
//!
//! ## Good
//!
//! ```yaml
//! description: Reach a web lead within two days.
//! ```

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};
use crate::yaml::read::Foreign;
use crate::yaml::scan;

/// How many of them a file is told about.
const MAX_FINDINGS: usize = 20;

/// Every conflict of a text: its marks and all but the first of its sides, which are left out. Those that are not told of stand
/// with the last one that is.
pub(in crate::yaml) fn find(source: &Source) -> Vec<Foreign> {
    let text = source.text();
    if !text.contains("<<<<<<< ") {
        return Vec::new();
    }
    let first = scan::line(text, 0);
    let mut lines = std::iter::once(first).chain(scan::lines_below(text, first));
    let mut conflicts: Vec<Foreign> = Vec::new();
    while let Some(start) = lines.find(|line| is_mark(source, *line, "<<<<<<<")) {
        let is_middle = |line: &Span| is_mark(source, *line, "=======");
        // Between the two sides may stand what both of them came from.
        let Some(ours_end) = lines.find(|line| is_middle(line) || is_mark(source, *line, "|||||||")) else { break };
        let Some(middle) = std::iter::once(ours_end).chain(&mut lines).find(is_middle) else { break };
        let Some(end) = lines.find(|line| is_mark(source, *line, ">>>>>>>")) else { break };
        let spans = [start, ours_end.to(end)];
        let is_told = conflicts.len() < MAX_FINDINGS;
        match conflicts.last_mut().filter(|_| !is_told) {
            Some(last) => last.spans.extend(spans),
            None => conflicts.push(Foreign { spans: spans.into(), problem: merge_conflict(source, start, middle, end) }),
        }
    }
    conflicts
}

fn is_mark(source: &Source, line: Span, mark: &str) -> bool {
    source.slice(line).strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

fn merge_conflict(source: &Source, start: Span, middle: Span, end: Span) -> Diagnostic {
    Diagnostic::new(Code::MergeConflict, source.at(start), "a conflict starts here that git could not merge")
        .related(source.at(middle), "the other side starts here")
        .related(source.at(end), "the conflict ends here")
        .help("keep one side or join the two, and delete the marks")
}
