//! `tag`, `untag`: add and take away labels.

use crate::lifecycle::Verb;
use crate::operation::changes::RowChange;
use crate::operation::ground::{Failure, Ground};
use crate::operation::rules::not_sound::not_sound;
use crate::operation::staging::{Decision, Held};
use crate::operation::text::{edited, failure, set};
use crate::sequence::SequenceId;
use crate::yaml::edit::{Change, Route, Value, model};

/// Adds tags. One that is there stays.
///
/// # Errors
/// Refused: `unknown-sequence`, `not-sound` where a tag is none.
pub fn tag(ground: &Ground<'_>, id: &SequenceId, tags: &[String]) -> Result<Decision, Failure> {
    let held = ground.file(id)?;
    ground.ask(Verb::Tag, id)?;
    let present = all_tags(held)?;
    let mut new: Vec<&String> = Vec::new();
    for tag in tags.iter().filter(|tag| !present.contains(tag)) {
        if !new.contains(&tag) {
            new.push(tag);
        }
    }
    let changes: Vec<Change> = if present.is_empty() {
        vec![set("tags", new.iter().map(|tag| Value::from(tag.as_str())).collect::<Vec<_>>())]
    } else {
        let insert = |(at, tag): (usize, &&String)| Change::Insert {
            list: Route::from("tags"),
            index: present.len() + at,
            value: Value::from(tag.as_str()),
        };
        new.iter().enumerate().map(insert).collect()
    };
    let names: Vec<&str> = new.iter().map(|tag| tag.as_str()).collect();
    decide(ground, held, Verb::Tag, &changes, &names)
}

/// Takes tags away. One that is not there is none to take away.
///
/// # Errors
/// Refused: `unknown-sequence`.
pub fn untag(ground: &Ground<'_>, id: &SequenceId, tags: &[String]) -> Result<Decision, Failure> {
    let held = ground.file(id)?;
    ground.ask(Verb::Untag, id)?;
    let present = all_tags(held)?;
    let here = present.iter().enumerate().filter(|(_, tag)| tags.contains(tag));
    let (places, names): (Vec<usize>, Vec<&str>) = here.map(|(at, tag)| (at, tag.as_str())).unzip();
    // From the end, so that the places of those before stay.
    let changes: Vec<Change> =
        places.into_iter().rev().map(|at| Change::Remove { route: Route::from("tags").index(at) }).collect();
    decide(ground, held, Verb::Untag, &changes, &names)
}

/// The tags, each at its place in the file. Where the list could not be read whole, nobody knows which is which.
pub(super) fn all_tags(held: &Held) -> Result<Vec<String>, Failure> {
    let Held { source, summary } = held;
    let model = model(source).map_err(|error| failure(&summary.id, source, error))?;
    let written = match model.get("tags") {
        None | Some(Value::Null) => Some(0),
        Some(Value::Sequence(items)) => Some(items.len()),
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Mapping(_) | Value::Tagged(_)) => None,
    };
    if written == Some(summary.tags.len()) {
        return Ok(summary.tag_names().map(str::to_owned).collect());
    }
    let of_reading = summary.findings.iter().filter(|finding| finding.code.is_of_reading());
    match not_sound(&summary.id, "tagged", of_reading.cloned().collect()) {
        Some(refusal) => Err(refusal.into()),
        None => Err(Failure::Broken(format!("the tags in {} are other ones to another reader", source.path()))),
    }
}

fn decide(ground: &Ground<'_>, held: &Held, verb: Verb, changes: &[Change], tags: &[&str]) -> Result<Decision, Failure> {
    let id = &held.summary.id;
    let mut decision = Decision::default();
    if tags.is_empty() {
        decision.notes.push(format!("nothing to {verb}: `{id}` is as it was"));
        return Ok(decision);
    }
    write(ground, held, changes, &mut decision)?;
    decision.done.push(format!("{verb}ged `{id}`: {}", tags.join(", ")));
    decision.rows.push(RowChange::Note { sequence: id.clone(), verb: verb.word(), detail: tags.join(", ") });
    Ok(decision)
}

/// Changes the tags in a file, unless that brings a finding that was not there.
pub(super) fn write(ground: &Ground<'_>, held: &Held, changes: &[Change], decision: &mut Decision) -> Result<(), Failure> {
    let id = &held.summary.id;
    let source = edited(id, &held.source, changes)?;
    let after = ground.staging.hold(source.clone());
    if let Some(refusal) = not_sound(id, "tagged so", ground.staging.new_errors(held, &after)) {
        return Err(refusal.in_text(&source).into());
    }
    decision.sequences.push((source.path().clone(), Some(after)));
    Ok(())
}
