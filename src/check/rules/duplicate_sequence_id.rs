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

use std::collections::HashMap;

use crate::check::library::Library;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::Span;

pub(super) fn duplicate_sequence_id(library: &Library<'_>) -> Vec<Diagnostic> {
    let mut first_by_id = HashMap::new();
    let mut findings = Vec::new();
    for summary in &library.summaries {
        match first_by_id.get(&summary.id) {
            None => drop(first_by_id.insert(&summary.id, &summary.file)),
            Some(first) => findings.push(
                Diagnostic::new(
                    Code::DuplicateSequenceId,
                    summary.file.at(Span::default()),
                    format!("a second file is called `{}`: folders only sort, the name is the id", summary.id),
                )
                .related(first.at(Span::default()), format!("the first `{}` is this file", summary.id))
                .help("rename one of the two files"),
            ),
        }
    }
    findings
}
