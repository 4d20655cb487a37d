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
use crate::yaml::did_you_mean_or;

pub(super) fn unknown_sequence(summary: &Summary, library: &Library) -> Vec<Diagnostic> {
    let unknown = summary.advances.iter().filter(|advance| library.sequence(&advance.target.value).is_none());
    unknown.map(|advance| problem(library, summary, advance)).collect()
}

fn problem(library: &Library, summary: &Summary, advance: &Advance) -> Diagnostic {
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
    did_you_mean_or(problem, library.near_id(&target.value), target.span, "name the other sequence's file without `.yaml`")
}
