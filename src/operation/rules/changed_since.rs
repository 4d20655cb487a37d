//! # changed-since
//!
//! An operation is to be undone, and what it wrote is no longer there.
//!
//! ## Why
//!
//! To bring back what a file said before would throw away what was written since, by a later operation or by
//! hand. Nothing that somebody typed is overwritten unseen.
//!
//! ## Bad
//!
//! ```text
//! $ segue tag inbound-lead fair
//! $ segue edit inbound-lead --set description='At the fair.'
//! $ segue undo 1
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue tag inbound-lead fair
//! $ segue edit inbound-lead --set description='At the fair.'
//! $ segue undo 2
//! $ segue undo 1
//! ```
//!
//! ## See also
//!
//! `nothing-to-undo`, `not-undoable`

use crate::diagnostic::Code;
use crate::lifecycle::{Verb, allowed_in};
use crate::operation::refusal::Refusal;
use crate::sequence::{SequenceId, State};
use crate::text::FilePath;

/// A file that is not as an operation left it.
pub(in crate::operation) struct ChangedFile {
    /// The file.
    pub path: FilePath,
    /// The latest operation that wrote it since.
    pub later: Option<i64>,
    /// What became of it.
    pub now: Now,
}

/// What became of a file.
pub(in crate::operation) enum Now {
    /// It says something else.
    Says,
    /// It is gone.
    Gone,
    /// It is gone, and another has its name.
    Moved(FilePath),
}

/// The refusal for files that are not as an operation left them.
pub(in crate::operation) fn changed_files(number: i64, files: &[ChangedFile]) -> Refusal {
    const MOST: usize = 3;
    let names = files.iter().take(MOST).map(|file| file.path.as_str()).collect::<Vec<_>>().join(", ");
    let names = match files.len().saturating_sub(MOST) {
        0 => names,
        more => format!("{names} and {more} more"),
    };
    let is_one = files.len() == 1;
    let message = match files.iter().filter(|file| !matches!(file.now, Now::Says)).count() {
        0 => format!("{names} {} something else than operation {number} left there", if is_one { "says" } else { "say" }),
        gone if gone == files.len() => {
            format!(
                "{names} {} gone, and operation {number} left {} there",
                if is_one { "is" } else { "are" },
                if is_one { "it" } else { "them" }
            )
        }
        _ => format!("{names} say something else than operation {number} left there, or are gone"),
    };
    let moved = files.iter().filter_map(|file| match &file.now {
        Now::Moved(to) => Some(format!("{} lies in {to} now: move it back, and undo it then", file.path.file_name())),
        Now::Says | Now::Gone => None,
    });
    let refusal = moved.take(MOST).fold(Refusal::new(Code::ChangedSince, message), Refusal::help);
    match files.iter().filter_map(|file| file.later).max() {
        Some(later) => refusal.help(format!("undo what came later first: `segue undo {later}`")),
        None => refusal.help(format!("`segue history --operation {number} --diff` shows what it did; change it by hand")),
    }
}

/// The refusal for a sequence that is in another state by now.
pub(in crate::operation) fn changed_state(
    number: i64,
    sequence: &SequenceId,
    left: Option<State>,
    now: Option<State>,
) -> Refusal {
    let words = |state: Option<State>| state.map_or("deleted", State::word);
    let message = format!("`{sequence}` is {} by now, and operation {number} left it {}", words(now), words(left));
    let refusal = Refusal::new(Code::ChangedSince, message).about(sequence);
    let allowed: Vec<Verb> = now.map_or_else(Vec::new, |now| allowed_in(now).filter(|verb| verb.is_offered()).collect());
    let refusal = refusal.help("undo what came later first: `segue history` shows it");
    Refusal { state: now, allowed, ..refusal }
}

/// The refusal where a sequence would serve again, and its file does not say what its newest version says.
pub(in crate::operation) fn other_text(number: i64, sequence: &SequenceId, version: u32) -> Refusal {
    let message = format!(
        "undoing operation {number}, `{sequence}` would serve version {version} again, and its file says something else by now"
    );
    Refusal::new(Code::ChangedSince, message)
        .about(sequence)
        .help(format!("publish what it says: `segue activate {sequence} -m WHY`"))
}
