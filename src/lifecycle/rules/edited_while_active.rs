//! # edited-while-active
//!
//! A sequence is active, and its file says something else than its published version; with `--against`, than
//! at that revision.
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
use crate::lifecycle::table::{Bar, Verb};
use crate::sequence::{Difference, Sequence, Way};
use crate::text::Span;

use super::immutable_property::immutable_property;

/// The most other places that are shown beside the first.
const SHOWN: usize = 4;

/// What a file is compared with.
#[derive(Clone, Copy, Debug)]
pub(in crate::lifecycle) struct Earlier<'a> {
    /// The number of its version.
    pub number: u32,
    /// Why that version was made.
    pub message: Option<&'a str>,
    /// The record type that it has, where that is known.
    pub record_type: Option<&'a str>,
    /// The revision at which a file says it; `None` for what is published.
    pub revision: Option<&'a str>,
}

/// A change that the table refuses, as a finding in the file.
pub(in crate::lifecycle) fn refused(
    sequence: &Sequence,
    verb: Verb,
    bar: &Bar,
    span: Span,
    judgement: &Judgement,
    earlier: &Earlier<'_>,
) -> Diagnostic {
    if verb == Verb::ChangeRecordType {
        return immutable_property(sequence, span, earlier.record_type);
    }
    let id = &sequence.id;
    let here = judgement.differences.iter().find(|difference| difference.span == span);
    let message = format!("`{id}` {}: {}", bar.reason, against(here, earlier));
    let finding = Diagnostic::new(bar.code, sequence.file.at(span), message);
    let otherwise = match earlier.revision {
        None => format!(
            "or let it be the draft of the next version (`segue revise {id}`), deactivate it first (`segue deactivate {id}`), or \
             work on a copy (`segue clone {id} NEW-ID`)"
        ),
        Some(_) => {
            format!("or write `state: inactive`, and its connections end; or work on a copy (`segue clone {id} NEW-ID`)")
        }
    };
    with_other_places(finding, sequence, judgement).help(as_next_version(sequence, earlier)).help(otherwise)
}

/// What is missing for the change to be the next version.
fn as_next_version(sequence: &Sequence, earlier: &Earlier<'_>) -> String {
    let written = sequence.version.as_ref().map(|version| version.value).filter(|number| *number > i64::from(earlier.number));
    match (written, &sequence.message) {
        (Some(written), None) => format!("`version: {written}` is the next version: write under it why, as its `message`"),
        (Some(written), Some(message)) if earlier.message == Some(message.value.as_str()) => {
            format!("`version: {written}` is the next version: its `message` still says why version {} was made", earlier.number)
        }
        (Some(_) | None, _) => {
            let next = earlier.number.saturating_add(1);
            format!("publish it as the next version: write `version: {next}` and a `message` under `state: active`")
        }
    }
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
        finding.related(sequence.file.at(difference.span), format!("{} is {way}", difference.subject()))
    })
}

/// How a file differs at a place from what it was.
fn against(difference: Option<&Difference>, earlier: &Earlier<'_>) -> String {
    let number = earlier.number;
    match (difference.map(|difference| (difference.subject(), difference.way)), earlier.revision) {
        (None, None) => format!("it is another than version {number}"),
        (None, Some(revision)) => format!("it is another than at `{revision}`"),
        (Some((subject, Way::New)), None) => format!("{subject} is not in version {number}"),
        (Some((subject, Way::New)), Some(revision)) => format!("{subject} is new since `{revision}`"),
        (Some((subject, Way::Gone)), None) => format!("{subject} is gone, and is in version {number}"),
        (Some((subject, Way::Gone)), Some(revision)) => format!("{subject} is gone since `{revision}`"),
        (Some((subject, Way::Other)), None) => format!("{subject} is another than in version {number}"),
        (Some((subject, Way::Other)), Some(revision)) => format!("{subject} is another than at `{revision}`"),
    }
}
