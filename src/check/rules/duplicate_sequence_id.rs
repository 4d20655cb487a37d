//! # duplicate-sequence-id
//!
//! Two files declare the same sequence: they have the same name and lie in different folders.
//!
//! ## Why
//!
//! Folders only sort; the file's name is the sequence's id. With two of them nobody can say which one a
//! record is connected to or where an `advance_to` leads, and one team's edit changes nothing for the other.
//!
//! ## Bad
//!
//! ```yaml
//! # sequences/emea/inbound-lead.yaml
//! name: Inbound lead (EMEA)
//!
//! # sequences/amer/inbound-lead.yaml
//! name: Inbound lead (Americas)
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # sequences/emea/inbound-lead-emea.yaml
//! name: Inbound lead (EMEA)
//!
//! # sequences/amer/inbound-lead-amer.yaml
//! name: Inbound lead (Americas)
//! ```
//!
//! ## See also
//!
//! `duplicate-name`, `duplicate-step-id`, `ignored-file`

use crate::check::library::Library;
use crate::check::summary::Summary;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::Span;

pub(super) fn duplicate_sequence_id(summary: &Summary, library: &Library) -> Vec<Diagnostic> {
    let first = library.sequence(summary.id.as_str()).filter(|first| first.file != summary.file);
    let problem = |first: &Summary| {
        Diagnostic::new(
            Code::DuplicateSequenceId,
            summary.file.at(Span::default()),
            format!("a second file is called `{}`: folders only sort, the name is the id", summary.id),
        )
        .related(first.file.at(Span::default()), format!("the first `{}` is this file", summary.id))
        .help("rename one of the two files")
    };
    first.map(problem).into_iter().collect()
}
