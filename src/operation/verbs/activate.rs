//! `activate`: let sequences serve records, as they are written now.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::lifecycle::{Published, Verb, Version};
use crate::operation::changes::RowChange;
use crate::operation::facts::Facts;
use crate::operation::ground::{Failure, Ground};
use crate::operation::rules::message_missing::message_missing;
use crate::operation::rules::not_sound::not_sound;
use crate::operation::rules::nothing_changed::nothing_changed;
use crate::operation::rules::too_many_active::too_many_active;
use crate::operation::staging::{Decision, Held};
use crate::operation::text::{edited, set};
use crate::sequence::{Meaning, Sequence, SequenceId, State};
use crate::text::Digest;
use crate::yaml::edit::Change;

/// Activates some sequences together, so that they may refer to each other.
///
/// # Errors
/// Refused: `unknown-sequence`, `already-active`, `not-sound`, `inactive-target`, `too-many-active`, `message-missing`,
/// `nothing-changed`, `immutable-property`.
pub fn activate(ground: &Ground<'_>, ids: &[SequenceId], message: Option<&str>) -> Result<Decision, Failure> {
    let message = message.filter(|message| !message.trim().is_empty());
    let mut decision = Decision::default();
    let mut fresh = 0;
    let mut once = BTreeSet::new();
    // Whoever names one twice means it once.
    for id in ids.iter().filter(|id| once.insert(*id)) {
        let held = ground.staging.get(id)?;
        let (state, _) = ground.ask(Verb::Activate, id)?;
        if state == State::Inactive {
            fresh += 1;
        }
        check_sound(ground, held, ids)?;
        publish(ground, held, state, message, &mut decision)?;
    }
    let limit = ground.staging.settings().limits.active_sequences;
    let active = ground.serving()?.len();
    match ids.first() {
        Some(first) if fresh > 0 && active + fresh > limit as usize => Err(too_many_active(first, active, fresh, limit).into()),
        Some(_) | None => Ok(decision),
    }
}

fn check_sound(ground: &Ground<'_>, held: &Held, together: &[SequenceId]) -> Result<(), Failure> {
    let mut findings = ground.staging.findings(held);
    findings.retain(|finding| finding.code != Code::InactiveTarget);
    findings.extend(inactive_targets(ground, held, together)?);
    match not_sound(&held.summary.id, "activated", findings) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}

/// The sequences that this one sends records to must serve them: be active, or be activated in the same call.
fn inactive_targets(ground: &Ground<'_>, held: &Held, together: &[SequenceId]) -> Result<Vec<Diagnostic>, Failure> {
    let mut findings = Vec::new();
    for advance in &held.summary.advances {
        let Some(target) = SequenceId::parse(&advance.target.value).filter(|id| ground.staging.find(id).is_some()) else {
            continue;
        };
        if together.contains(&target) || ground.state(&target)? != State::Inactive {
            continue;
        }
        let message = format!("`{target}` is not active, and `{}` sends records there", held.summary.id);
        let finding = Diagnostic::new(Code::InactiveTarget, held.source.at(advance.target.span), message);
        let help = format!("activate both together: `segue activate {} {target}`", held.summary.id);
        findings.push(finding.with_severity(Severity::Error).help(help));
    }
    Ok(findings)
}

fn publish(
    ground: &Ground<'_>,
    held: &Held,
    state: State,
    message: Option<&str>,
    decision: &mut Decision,
) -> Result<(), Failure> {
    let id = &held.summary.id;
    let Some(sequence) = ground.staging.read(held) else { return Ok(()) };
    let meaning = ground.staging.meaning(&sequence);
    let published = ground.published(id)?;
    let newest = match &published {
        Some(published) => ground.newest(id, published)?,
        None => None,
    };
    if let (Some(published), Some((newest, newest_meaning))) = (&published, &newest) {
        keeps_its_record_type(&sequence, newest)?;
        if meaning == *newest_meaning {
            if state == State::Revision {
                return Err(nothing_changed(id, published.number).into());
            }
            return serve_again(ground, held, published, decision);
        }
    }
    let versions = ground.versions(id)?;
    let number = next_number(&sequence, &versions);
    if !versions.is_empty() && message.is_none() {
        return Err(message_missing(id, number).into());
    }
    publish_as(ground, held, &sequence, &meaning, number, message, (published, versions), decision)
}

fn keeps_its_record_type(sequence: &Sequence, newest: &Sequence) -> Result<(), Failure> {
    let text = |sequence: &Sequence| sequence.record_type.as_ref().map(|text| text.value.clone());
    match text(sequence) == text(newest) {
        true => Ok(()),
        false => Err(super::edit::immutable(sequence).into()),
    }
}

/// The number above all that were ever given, or the one that the file carries where it was published elsewhere.
fn next_number(sequence: &Sequence, versions: &[(u32, Digest)]) -> u32 {
    let highest = versions.iter().map(|(number, _)| *number).max().unwrap_or(0);
    let carried = sequence.version.as_ref().and_then(|version| u32::try_from(version.value).ok());
    carried.filter(|carried| *carried > highest).unwrap_or(highest + 1)
}

/// The file with what activating writes into it. What cannot stand there, like a message that is too long, is not published.
fn with_lines(ground: &Ground<'_>, held: &Held, changes: &[Change]) -> Result<Held, Failure> {
    let id = &held.summary.id;
    let source = edited(id, &held.source, changes)?;
    let after = ground.staging.hold(source.clone());
    let of_reading = after.summary.findings.iter().filter(|finding| finding.code.is_of_reading());
    match not_sound(id, "activated like this", of_reading.cloned().collect()) {
        Some(refusal) => Err(refusal.in_text(&source).into()),
        None => Ok(after),
    }
}

fn serve_again(ground: &Ground<'_>, held: &Held, published: &Published, decision: &mut Decision) -> Result<(), Failure> {
    let id = &held.summary.id;
    let mut changes = vec![set("state", State::Active.word()), set("version", published.number)];
    changes.extend(published.message.as_deref().map(|message| set("message", message)));
    let after = with_lines(ground, held, &changes)?;
    decision.sequences.push((held.source.path().clone(), Some(after)));
    decision.published.push((id.clone(), Some(Published { state: State::Active, ..published.clone() })));
    decision.rows.push(RowChange::Serve { sequence: id.clone(), state: State::Active });
    decision.done.push(format!("activated `{id}`: version {} serves again", published.number));
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "everything that a publication is made of")]
fn publish_as(
    ground: &Ground<'_>,
    held: &Held,
    sequence: &Sequence,
    meaning: &Meaning,
    number: u32,
    message: Option<&str>,
    (published, versions): (Option<Published>, Vec<(u32, Digest)>),
    decision: &mut Decision,
) -> Result<(), Failure> {
    let id = &held.summary.id;
    let written = sequence.message.as_ref().map(|message| message.value.as_str());
    // What the file says was written for the version that it carries; a message that is given now counts more.
    let message = message.or(if published.is_none() { written } else { None });
    let mut changes = vec![set("state", State::Active.word()), set("version", number)];
    changes.extend(message.map(|message| set("message", message)));
    let after = with_lines(ground, held, &changes)?;
    let version =
        Version { number, meaning: meaning.digest(), text: after.source.text().into(), message: message.map(str::to_owned) };
    let settings = ground.staging.settings();
    let skip_non_working_days = sequence.skip_non_working_days.as_ref().map_or(settings.skip_non_working_days, |flag| flag.value);
    let mut versions = versions;
    versions.push((number, version.meaning));
    let now = Published { state: State::Active, number, meaning: version.meaning, message: version.message.clone(), versions };
    decision.published.push((id.clone(), Some(now)));
    decision.sequences.push((held.source.path().clone(), Some(after)));
    decision.rows.push(RowChange::Publish { sequence: id.clone(), version, skip_non_working_days });
    decision.rows.push(RowChange::Serve { sequence: id.clone(), state: State::Active });
    decision.done.push(format!("activated `{id}`: version {number} is published"));
    Ok(())
}
