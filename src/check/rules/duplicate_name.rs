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

use crate::check::library::Library;
use crate::check::summary::Summary;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn duplicate_name(summary: &Summary, library: &Library) -> Vec<Diagnostic> {
    let Some(name) = &summary.name else { return Vec::new() };
    let first = library.first_called(&name.value).filter(|first| first.file != summary.file);
    let place = first.and_then(|first| Some(first.file.at(first.name.as_ref()?.span)));
    let problem = |place| {
        Diagnostic::new(
            Code::DuplicateName,
            summary.file.at(name.span),
            format!("another sequence is called `{}` too", name.value),
        )
        .related(place, "the other one is here")
        .help("give each a name of its own: people choose sequences by name")
    };
    place.map(problem).into_iter().collect()
}
