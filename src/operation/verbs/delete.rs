//! `delete`: remove a sequence. Its versions and history stay.

use crate::lifecycle::Verb;
use crate::operation::changes::RowChange;
use crate::operation::facts::Facts;
use crate::operation::ground::{Failure, Ground};
use crate::operation::staging::Decision;
use crate::progress::EndReason;
use crate::sequence::{SequenceId, State};
use crate::trial::tests_of;

const WAY_ON: &str = "or remove the file by hand, and delete then";

/// Deletes a sequence with its file of tests. An active one is deactivated first, and its connections end.
///
/// # Errors
/// Refused: `unknown-sequence`.
pub fn delete(ground: &Ground<'_>, id: &SequenceId) -> Result<Decision, Failure> {
    let published = ground.published(id)?;
    let mut decision = Decision::default();
    match ground.staging.find(id) {
        Some(_) => {
            let path = ground.staging.get(id)?.source.path().clone();
            let tests = tests_of(&path);
            decision.losses.push(format!("{path} is deleted"));
            if ground.staging.test(&tests).is_some() {
                decision.losses.push(format!("{tests} is deleted"));
                decision.tests.push((tests, None));
            }
            decision.sequences.push((path, None));
        }
        None if ground.staging.is_taken(id) => {
            // Nothing is deleted that nobody could read, and deleting the rest would leave it behind.
            return Err(ground.staging.unknown(id.as_str()).help_everywhere(WAY_ON).into());
        }
        None if published.is_none() => return Err(ground.staging.unknown(id.as_str()).into()),
        None => {}
    }
    let (state, _) = ground.ask(Verb::Delete, id)?;
    ground.name_those_before(id, &mut decision)?;
    let ended = match state {
        State::Active | State::Revision => {
            decision.losses.insert(0, format!("`{id}` is active: it is deactivated and deleted"));
            ground.ends_all(id, EndReason::SequenceDeleted, &mut decision)?
        }
        State::Inactive => String::new(),
    };
    if published.is_some() {
        decision.rows.push(RowChange::Delete { sequence: id.clone() });
        decision.published.push((id.clone(), None));
        decision.notes.push(format!("the versions and the history of `{id}` stay"));
    } else {
        decision.rows.push(RowChange::Note { sequence: id.clone(), verb: Verb::Delete.word(), detail: String::new() });
    }
    decision.done.push(format!("deleted `{id}`{ended}"));
    Ok(decision)
}
