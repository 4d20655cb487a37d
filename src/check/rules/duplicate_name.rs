//! # duplicate-name
//!
//! Two sequences have the same name.
//!
//! ## Why
//!
//! Sellers choose a sequence by its name and see nothing else of it. With two of the same name, half of them
//! connect their records to the one that was meant to be retired. It is a warning, for the ids still tell the
//! two apart.
//!
//! ## Bad
//!
//! ```yaml
//! # sequences/inbound-lead.yaml
//! name: Inbound lead
//!
//! # sequences/inbound-lead-2026.yaml
//! name: Inbound lead
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # sequences/inbound-lead.yaml
//! name: Inbound lead
//!
//! # sequences/inbound-lead-2026.yaml
//! name: Inbound lead 2026
//! ```
//!
//! ## See also
//!
//! `duplicate-sequence-id`

use std::collections::HashMap;

use crate::check::library::Library;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn duplicate_name(library: &Library<'_>) -> Vec<Diagnostic> {
    let mut first_by_name = HashMap::new();
    let mut findings = Vec::new();
    for summary in &library.summaries {
        let Some(name) = &summary.name else { continue };
        match first_by_name.get(&name.value) {
            None => drop(first_by_name.insert(&name.value, summary.file.at(name.span))),
            Some(first) => findings.push(
                Diagnostic::new(
                    Code::DuplicateName,
                    summary.file.at(name.span),
                    format!("another sequence is called `{}` too", name.value),
                )
                .related(first.clone(), "the other one is here")
                .help("give each a name of its own: people choose sequences by name"),
            ),
        }
    }
    findings
}
