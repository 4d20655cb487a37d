//! # edited-while-active
//!
//! A sequence is active, and its file says something else than its published version.
//!
//! ## Why
//!
//! Records are on their way through it. They stay on the version that they were connected to, so the edit
//! changes nothing for them, and the file no longer shows what runs. Comments, layout, tags and the owner
//! are free: only what the sequence says counts.
//!
//! ## Bad
//!
//! ```text
//! # published as version 3, with `for: 2d`
//! state: active
//! version: 3
//! steps:
//!   - {id: breathe, type: wait, for: 5d}
//! ```
//!
//! ## Good
//!
//! ```text
//! state: active
//! version: 4
//! message: wait longer before the reminder
//! steps:
//!   - {id: breathe, type: wait, for: 5d}
//! ```
//!
//! ## See also
//!
//! `version-taken`, `immutable-property`, `deleted-while-active`

use crate::diagnostic::Diagnostic;
use crate::lifecycle::change::Judgement;
use crate::lifecycle::comparison::Published;
use crate::lifecycle::table::{Bar, Verb};
use crate::sequence::{Difference, Sequence};
use crate::text::Span;

use super::immutable_property::immutable_property;

/// The most other places that are shown beside the first.
const SHOWN: usize = 4;

/// A change that the table refuses, as a finding in the file.
pub(in crate::lifecycle) fn refused(
    sequence: &Sequence,
    verb: Verb,
    bar: &Bar,
    span: Span,
    judgement: &Judgement,
    published: &Published,
) -> Diagnostic {
    if verb == Verb::ChangeRecordType {
        return immutable_property(sequence, span);
    }
    let id = &sequence.id;
    let message =
        format!("`{id}` {}: {} another than in version {}", bar.reason, what(judgement.differences.first()), published.number);
    let finding = Diagnostic::new(bar.code, sequence.file.at(span), message);
    let next = published.number + 1;
    with_other_places(finding, sequence, judgement)
        .help(format!("publish it as the next version: write `version: {next}` and a `message` under `state: active`"))
        .help(format!("or deactivate it first (`segue deactivate {id}`), or work on a copy (`segue clone {id} NEW-ID`)"))
}

/// Shows where else the two differ.
pub(super) fn with_other_places(finding: Diagnostic, sequence: &Sequence, judgement: &Judgement) -> Diagnostic {
    let others = judgement.differences.iter().skip(1).take(SHOWN);
    others.fold(finding, |finding, difference| {
        finding.related(sequence.file.at(difference.span), format!("{} another, too", what(Some(difference))))
    })
}

/// What differs, with its verb: `` `for` of step `breathe` is ``.
fn what(difference: Option<&Difference>) -> String {
    match difference {
        None => "it is".to_owned(),
        Some(Difference { step: None, key, .. }) => format!("`{key}` is"),
        Some(Difference { step: Some(step), key: "step", .. }) => format!("step `{step}` is"),
        Some(Difference { step: Some(step), key, .. }) => format!("`{key}` of step `{step}` is"),
    }
}
