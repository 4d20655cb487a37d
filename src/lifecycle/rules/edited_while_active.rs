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
use crate::sequence::{Difference, Sequence, Way};
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
    let here = judgement.differences.iter().find(|difference| difference.span == span);
    let message = format!("`{id}` {}: {}", bar.reason, against(here, published.number));
    let finding = Diagnostic::new(bar.code, sequence.file.at(span), message);
    let next = published.number + 1;
    with_other_places(finding, sequence, judgement)
        .help(format!("publish it as the next version: write `version: {next}` and a `message` under `state: active`"))
        .help(format!("or deactivate it first (`segue deactivate {id}`), or work on a copy (`segue clone {id} NEW-ID`)"))
}

/// Shows where else the two differ.
pub(super) fn with_other_places(finding: Diagnostic, sequence: &Sequence, judgement: &Judgement) -> Diagnostic {
    let here = finding.primary.span;
    let others = judgement.differences.iter().filter(|difference| difference.span != here && difference.key != "record_type");
    others.take(SHOWN).fold(finding, |finding, difference| {
        let way = match difference.way {
            Way::New => "new",
            Way::Gone => "gone",
            Way::Other => "another, too",
        };
        finding.related(sequence.file.at(difference.span), format!("{} is {way}", subject(difference)))
    })
}

/// How a file differs from a version at a place.
fn against(difference: Option<&Difference>, version: u32) -> String {
    match difference.map(|difference| (subject(difference), difference.way)) {
        None => format!("it is another than version {version}"),
        Some((subject, Way::New)) => format!("{subject} is not in version {version}"),
        Some((subject, Way::Gone)) => format!("{subject} is gone, and is in version {version}"),
        Some((subject, Way::Other)) => format!("{subject} is another than in version {version}"),
    }
}

/// What differs: `` `for` of step `breathe` ``.
fn subject(Difference { step, key, .. }: &Difference) -> String {
    match (step, *key) {
        (None, key) => format!("`{key}`"),
        (Some(step), "step") => format!("step `{step}`"),
        (Some(step), key) => format!("`{key}` of step `{step}`"),
    }
}
