//! `assign`: give a sequence to another owner.

use crate::lifecycle::Verb;
use crate::operation::changes::RowChange;
use crate::operation::ground::{Failure, Ground};
use crate::operation::refusal::Refusal;
use crate::operation::staging::Decision;
use crate::operation::text::{edited, set};
use crate::sequence::SequenceId;

/// Gives a sequence to another owner, in any state.
///
/// # Errors
/// Refused: `unknown-sequence`, and as validation would say it what is wrong with the owner: `unknown-owner`, `too-long`.
pub fn assign(ground: &Ground<'_>, id: &SequenceId, owner: &str) -> Result<Decision, Failure> {
    let held = ground.file(id)?;
    ground.ask(Verb::Assign, id)?;
    let mut decision = Decision::default();
    let before = held.summary.owner.as_deref();
    if before == Some(owner) {
        decision.notes.push(format!("nothing to assign: `{id}` is {owner}'s already"));
        return Ok(decision);
    }
    let source = edited(id, &held.source, &[set("owner", owner)])?;
    let after = ground.staging.hold(source.clone());
    if let Some(finding) = ground.staging.new_errors(held, &after).into_iter().next() {
        return Err(Refusal::of_finding(finding).about(id).in_text(&source).into());
    }
    let detail = before.map_or_else(|| owner.to_owned(), |before| format!("{before} -> {owner}"));
    decision.rows.push(RowChange::Note { sequence: id.clone(), verb: Verb::Assign.word(), detail });
    decision.sequences.push((source.path().clone(), Some(after)));
    decision.done.push(format!("assigned `{id}` to {owner}"));
    Ok(decision)
}
