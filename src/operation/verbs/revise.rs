//! `revise`: begin the draft of an active sequence's next version.

use crate::lifecycle::{Published, Verb};
use crate::operation::facts::Facts;
use crate::operation::ground::{Failure, Ground};
use crate::operation::staging::{Decision, Held};
use crate::operation::text::{edited, set};
use crate::sequence::{SequenceId, State};

/// Makes the file of an active sequence the draft of its next version, as it stands. What is published serves on.
///
/// # Errors
/// Refused: `unknown-sequence`, `not-active`, `already-active`, `not-sound` where the file is no YAML.
pub fn revise(ground: &Ground<'_>, id: &SequenceId) -> Result<Decision, Failure> {
    let held = ground.file(id)?;
    ground.ask(Verb::Revise, id)?;
    let Some(published) = ground.published(id)? else { return Err(ground.staging.unknown(id.as_str()).into()) };
    let source = edited(id, &held.source, &[set("state", State::Revision.word())])?;
    let mut decision = Decision::default();
    decision.sequences.push((source.path().clone(), Some(ground.staging.hold(source))));
    let number = published.number;
    decision.notes.extend(begins_elsewhere(held, &published));
    ground.serve(id, published, State::Revision, &mut decision);
    decision.done.push(format!("revising `{id}`: version {number} serves on until the draft is activated"));
    Ok(decision)
}

/// Says where the draft begins with something else than what serves: that is published with it.
fn begins_elsewhere(held: &Held, published: &Published) -> Option<String> {
    let meaning = held.summary.meaning.filter(|meaning| *meaning != published.meaning)?;
    let (id, serving) = (&held.summary.id, published.number);
    let older = published.versions.iter().rev().find(|(_, older)| *older == meaning);
    Some(match older {
        Some((number, _)) => format!("the draft of `{id}` begins with what version {number} said, and version {serving} serves"),
        None => format!("the draft of `{id}` says something else than version {serving} already: `segue diff {id}` says what"),
    })
}
