//! `delete --purge`: remove a sequence with its versions and its history, for good.

use crate::lifecycle::Verb;
use crate::operation::changes::RowChange;
use crate::operation::facts::{Facts, Kept};
use crate::operation::ground::{Failure, Ground};
use crate::operation::staging::Decision;
use crate::sequence::SequenceId;

use super::delete::delete;

/// Deletes a sequence, and with it all that the store keeps of it: versions, connections, and what the journal says of it. One
/// that was deleted before goes as well, from the store alone.
///
/// # Errors
/// Refused: `unknown-sequence` where neither a file nor the store knows it.
pub fn purge(ground: &Ground<'_>, id: &SequenceId) -> Result<Decision, Failure> {
    let kept = ground.kept(id)?;
    let is_there = ground.staging.is_taken(id) || ground.published(id)?.is_some();
    let mut decision = match (&kept, is_there) {
        (Some(_), false) => {
            ground.ask(Verb::Delete, id)?;
            Decision::default()
        }
        // Where nothing is kept there is nothing more to remove than a file.
        (None, _) => return delete(ground, id),
        (Some(_), true) => delete(ground, id)?,
    };
    let kept = kept.unwrap_or_default();
    // Else nobody could tell what became of the operations that are missing.
    decision.notes =
        vec![format!("git and backups keep what they have of `{id}`; the history keeps its id, and nothing else of it")];
    decision.losses.insert(0, format!("`{id}` is deleted permanently, with its history{}", what(&kept)));
    // Whatever else would be noted of it goes in the same moment.
    decision.rows = vec![RowChange::Purge { sequence: id.clone() }];
    decision.done = vec![format!("deleted `{id}` permanently, with its history{}", what(&kept))];
    Ok(decision)
}

fn what(kept: &Kept) -> String {
    let count = |count: u64, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {one}s")),
    };
    let counts: Vec<String> =
        [count(kept.versions, "version"), count(kept.connections, "connection")].into_iter().flatten().collect();
    if counts.is_empty() { String::new() } else { format!(": {}", counts.join(" and ")) }
}
