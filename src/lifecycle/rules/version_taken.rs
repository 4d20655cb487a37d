//! # version-taken
//!
//! A file carries the number of a version that was published with another meaning.
//!
//! ## Why
//!
//! A number names one meaning for ever: records run on it, reports count by it. Two people have probably
//! written the same next number, and the other one's was published first.
//!
//! ## Bad
//!
//! ```text
//! # published as version 4: shorter waits
//! state: active
//! version: 4
//! message: a card at the end
//! ```
//!
//! ## Good
//!
//! ```text
//! state: active
//! version: 5
//! message: a card at the end
//! ```
//!
//! ## See also
//!
//! `edited-while-active`, `ahead`

use crate::diagnostic::{Code, Diagnostic};
use crate::lifecycle::change::Judgement;
use crate::sequence::Sequence;

use super::edited_while_active::{Earlier, with_other_places};

pub(in crate::lifecycle) fn version_taken(sequence: &Sequence, version: u32, judgement: &Judgement, newest: u32) -> Diagnostic {
    let at = sequence.version.as_ref().map_or(sequence.state.span, |version| version.span);
    let message = format!("version {version} of `{}` was published with another meaning", sequence.id);
    let finding = Diagnostic::new(Code::VersionTaken, sequence.file.at(at), message);
    with_other_places(finding, sequence, judgement)
        .help(format!("write `version: {}`, if this is meant to be the next one", newest + 1))
}

/// The same, where the number is taken at a revision.
pub(in crate::lifecycle) fn taken_since(
    sequence: &Sequence,
    version: u32,
    judgement: &Judgement,
    earlier: &Earlier<'_>,
) -> Diagnostic {
    let at = sequence.version.as_ref().map_or(sequence.state.span, |version| version.span);
    let (revision, newest) = (earlier.revision.unwrap_or_default(), earlier.number);
    let message = if version == newest {
        format!("version {version} of `{}` is taken: it says something else at `{revision}`", sequence.id)
    } else {
        format!("version {version} of `{}` is taken: at `{revision}` it is at version {newest}", sequence.id)
    };
    let finding = Diagnostic::new(Code::VersionTaken, sequence.file.at(at), message);
    let next = newest.saturating_add(1);
    with_other_places(finding, sequence, judgement)
        .help(format!("write `version: {next}`, if this is meant to be the next one; going back to what it said is one, too"))
}
