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

/// The refusal for files that say something else by now, each with the latest operation that wrote it since.
pub(in crate::operation) fn changed_files(number: i64, files: &[(FilePath, Option<i64>)]) -> Refusal {
    const MOST: usize = 3;
    let names = files.iter().take(MOST).map(|(path, _)| path.as_str()).collect::<Vec<_>>().join(", ");
    let (names, say) = match files.len().saturating_sub(MOST) {
        0 => (names, if files.len() == 1 { "says" } else { "say" }),
        more => (format!("{names} and {more} more"), "say"),
    };
    let refusal = Refusal::new(Code::ChangedSince, format!("{names} {say} something else than operation {number} left there"));
    match files.iter().filter_map(|(_, later)| *later).max() {
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
