//! # duplicate-name
//!
//! Two sequences with the same name.

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
