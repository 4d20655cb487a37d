//! # unknown-sequence
//!
//! An `advance_to` names a sequence that does not exist.
//!
//! ## Why
//!
//! A record that comes there stops with an error and stays connected, and nobody works it. This happens when
//! the other sequence is deleted, or renamed without `formerly`. The name to write is its id: its file's name
//! without `.yaml`.
//!
//! ## Bad
//!
//! ```yaml
//! # sequences/inbound-lead.yaml
//! - {id: call, type: phone_call, name: Call}
//! - {id: hand-over, type: advance_to, sequence: Enterprise lead}
//!
//! # sequences/enterprise-lead.yaml
//! name: Enterprise lead
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # sequences/inbound-lead.yaml
//! - {id: call, type: phone_call, name: Call}
//! - {id: hand-over, type: advance_to, sequence: enterprise-lead}
//!
//! # sequences/enterprise-lead.yaml
//! name: Enterprise lead
//! ```
//!
//! ## See also
//!
//! `inactive-target`, `advance-other-type`

use crate::check::library::Library;
use crate::check::summary::{Advance, Summary};
use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::Suggestions;

pub(super) fn unknown_sequence(library: &Library<'_>) -> Vec<Diagnostic> {
    let unknown: Vec<_> = library.advances().filter(|(_, advance)| library.sequence(&advance.target.value).is_none()).collect();
    if unknown.is_empty() {
        return Vec::new();
    }
    let ids = Suggestions::new(library.ids());
    unknown.into_iter().map(|(summary, advance)| problem(library, &ids, summary, advance)).collect()
}

fn problem(library: &Library<'_>, ids: &Suggestions<'_>, summary: &Summary, advance: &Advance) -> Diagnostic {
    let target = &advance.target;
    let problem =
        Diagnostic::new(Code::UnknownSequence, summary.file.at(target.span), format!("no sequence is called `{}`", target.value));
    if let Some(renamed) = library.renamed_from(&target.value) {
        return problem.help(format!("`{}` is called `{}` now", target.value, renamed.id)).fix(
            format!("write `{}`", renamed.id),
            Safety::Safe,
            target.span,
            renamed.id.as_str(),
        );
    }
    problem.did_you_mean_or(ids.near(&target.value), target.span, "name the other sequence's file without `.yaml`")
}
