//! # several-documents
//!
//! A second YAML document starts in the file, at a line `---`.
//!
//! ## Why
//!
//! A file holds one sequence and its name is the sequence's id, so the second one has no id: no record could
//! be connected to it. It is not read at all, and its author would wait for steps that never come.
//!
//! ## Bad
//!
//! ```yaml
//! name: Inbound lead
//! steps:
//!   - {id: call, type: phone_call, name: Call back within the hour}
//! ---
//! name: Trade show lead
//! steps:
//!   - {id: intro, type: email, name: Thank them for the visit}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # sequences/inbound-lead.yaml
//! name: Inbound lead
//! steps:
//!   - {id: call, type: phone_call, name: Call back within the hour}
//!
//! # sequences/trade-show-lead.yaml
//! name: Trade show lead
//! steps:
//!   - {id: intro, type: email, name: Thank them for the visit}
//! ```
//!
//! ## See also
//!
//! `duplicate-sequence-id`, `ignored-file`

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::{Source, Span};

/// A second document starts at `span`.
pub(in crate::yaml) fn several_documents(source: &Source, span: Span) -> Diagnostic {
    let problem = Diagnostic::new(Code::SeveralDocuments, source.at(span), "a second document starts here, and is not read");
    let behind = &source.text()[span.end as usize..];
    let says_nothing = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    if source.slice(span).trim_end() == "---" && behind.lines().all(says_nothing) {
        let next = behind.find('\n').map_or(source.text().len(), |length| span.end as usize + length + 1);
        let line = Span::new(span.start as usize, next);
        return problem.help("delete this line: nothing follows").fix(
            "delete this line: nothing follows",
            Safety::Safe,
            line,
            "",
        );
    }
    problem.help("put it into a file of its own: one file, one sequence")
}
