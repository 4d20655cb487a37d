//! `deactivate`: let a sequence serve no longer.

use crate::lifecycle::Verb;
use crate::operation::changes::RowChange;
use crate::operation::facts::Facts;
use crate::operation::ground::{Failure, Ground};
use crate::operation::staging::Decision;
use crate::operation::text::{edited, set};
use crate::progress::EndReason;
use crate::sequence::{SequenceId, State};
use crate::text::Source;

/// Deactivates a sequence. Its connections end; the file keeps what it says.
///
/// # Errors
/// Refused: `unknown-sequence`, `already-inactive`.
pub fn deactivate(ground: &Ground<'_>, id: &SequenceId) -> Result<Decision, Failure> {
    let held = ground.staging.find(id);
    if held.is_none() && ground.published(id)?.is_none() {
        return Err(ground.staging.unknown(id.as_str()).into());
    }
    ground.ask(Verb::Deactivate, id)?;
    let mut decision = Decision::default();
    if held.is_some() {
        match with_state(ground, id) {
            Ok(source) => decision.sequences.push((source.path().clone(), Some(ground.staging.hold(source)))),
            // Whoever stops a sequence is not kept from it by a broken file.
            Err(Failure::Refused(refusal)) => {
                decision.notes.push(format!("the file of `{id}` is left as it is: {}", refusal.message));
            }
            Err(failure @ (Failure::Unavailable(_) | Failure::Broken(_))) => return Err(failure),
        }
    }
    let ended = stop(ground, id, &mut decision)?;
    decision.done.push(format!("deactivated `{id}`{ended}"));
    Ok(decision)
}

/// Lets a sequence serve no longer, whatever its file says. Returns the end of the sentence that says it is done.
pub(super) fn stop(ground: &Ground<'_>, id: &SequenceId, decision: &mut Decision) -> Result<String, Failure> {
    let published = ground.published(id)?;
    decision.published.push((id.clone(), published.map(|published| published.in_state(State::Inactive))));
    ground.name_those_before(id, decision)?;
    let ended = ground.ends_all(id, EndReason::SequenceDeactivated, decision)?;
    decision.rows.push(RowChange::Serve { sequence: id.clone(), state: State::Inactive });
    Ok(ended)
}

fn with_state(ground: &Ground<'_>, id: &SequenceId) -> Result<Source, Failure> {
    let held = ground.staging.get(id)?;
    edited(id, &held.source, &[set("state", State::Inactive.word())])
}
