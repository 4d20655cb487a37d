//! `activate`: let sequences serve records, as they are written now.

use std::collections::BTreeSet;
use std::fmt;

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
use crate::sequence::{Sequence, SequenceId, State};
use crate::text::Digest;

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
        let held = ground.file(id)?;
        let (state, _) = ground.ask(Verb::Activate, id)?;
        if state == State::Inactive {
            fresh += 1;
        }
        check_sound(ground, held, &|target| ids.contains(target).then_some(State::Active))?;
        let live = go_live(ground, held, message, &mut decision)?;
        if let (State::Revision, Live::Again(number)) = (state, live) {
            return Err(nothing_changed(id, number).into());
        }
        decision.done.push(format!("activated `{id}`: {live}"));
    }
    within_limit(ground, ids.first(), fresh)?;
    Ok(decision)
}

/// Refuses where more sequences would serve than may. `fresh` are those that do not serve yet, the first one named.
pub(super) fn within_limit(ground: &Ground<'_>, first: Option<&SequenceId>, fresh: usize) -> Result<(), Failure> {
    let limit = ground.staging.settings().limits.active_sequences;
    let active = ground.serving()?.len();
    match first {
        Some(first) if fresh > 0 && active + fresh > limit as usize => Err(too_many_active(first, active, fresh, limit).into()),
        Some(_) | None => Ok(()),
    }
}

/// The state that a sequence comes into together with the one that is judged; `None` for what stays as it is.
pub(super) type Becomes<'a> = &'a dyn Fn(&SequenceId) -> Option<State>;

/// Refuses what has errors, or leads to a sequence that will not serve.
pub(super) fn check_sound(ground: &Ground<'_>, held: &Held, becomes: Becomes<'_>) -> Result<(), Failure> {
    let mut findings = ground.staging.findings(held);
    findings.retain(|finding| finding.code != Code::InactiveTarget);
    findings.extend(inactive_targets(ground, held, becomes)?);
    match not_sound(&held.summary.id, "activated", findings) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}

/// The sequences that this one sends records to must serve them: be active, or be activated in the same call.
fn inactive_targets(ground: &Ground<'_>, held: &Held, becomes: Becomes<'_>) -> Result<Vec<Diagnostic>, Failure> {
    let mut findings = Vec::new();
    for advance in &held.summary.advances {
        let Some(target) = SequenceId::parse(&advance.target.value).filter(|id| ground.staging.find(id).is_some()) else {
            continue;
        };
        let state = becomes(&target).map_or_else(|| ground.state(&target), Ok)?;
        if state != State::Inactive {
            continue;
        }
        let message = format!("`{target}` is not active, and `{}` sends records there", held.summary.id);
        let finding = Diagnostic::new(Code::InactiveTarget, held.source.at(advance.target.span), message);
        let help = format!("activate both together: `segue activate {} {target}`", held.summary.id);
        findings.push(finding.with_severity(Severity::Error).help(help));
    }
    Ok(findings)
}

/// How a sequence came to serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Live {
    /// By a new version of this number.
    Published(u32),
    /// By its newest version, of this number.
    Again(u32),
}

impl fmt::Display for Live {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Live::Published(number) => write!(formatter, "version {number} is published"),
            Live::Again(number) => write!(formatter, "version {number} serves again"),
        }
    }
}

/// Lets what a sound file says serve: as a new version, unless the newest says the same.
pub(super) fn go_live(ground: &Ground<'_>, held: &Held, message: Option<&str>, decision: &mut Decision) -> Result<Live, Failure> {
    let id = &held.summary.id;
    let unread = || Failure::Broken(format!("`{id}` is sound and cannot be read"));
    let sequence = ground.staging.read(held).ok_or_else(unread)?;
    let meaning = ground.staging.meaning(&sequence);
    let published = ground.published(id)?;
    let newest = match &published {
        Some(published) => ground.newest(id, published)?,
        None => None,
    };
    if let (Some(published), Some((newest, newest_meaning))) = (&published, &newest) {
        keeps_its_record_type(&sequence, newest)?;
        if meaning == *newest_meaning {
            return serve_again(ground, held, published, decision);
        }
    }
    let versions = ground.versions(id)?;
    let number = next_number(&sequence, &versions);
    if !versions.is_empty() && message.is_none() {
        return Err(message_missing(id, number).into());
    }
    let written = sequence.message.as_ref().map(|message| message.value.as_str());
    // What the file says was written for the version that it carries; a message that is given now counts more.
    let message = message.or(if published.is_none() { written } else { None });
    let publication = Publication { held, sequence: &sequence, meaning: meaning.digest(), number, message };
    publish(ground, &publication, versions, decision)
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

/// The file with what serving writes into it. What cannot stand there, like a message that is too long, is not published.
fn with_lines(ground: &Ground<'_>, held: &Held, number: u32, message: Option<&str>) -> Result<Held, Failure> {
    let id = &held.summary.id;
    let mut changes = vec![set("state", State::Active.word()), set("version", number)];
    changes.extend(message.map(|message| set("message", message)));
    let source = edited(id, &held.source, &changes)?;
    let after = ground.staging.hold(source.clone());
    let of_reading = after.summary.findings.iter().filter(|finding| finding.code.is_of_reading());
    match not_sound(id, "activated like this", of_reading.cloned().collect()) {
        Some(refusal) => Err(refusal.in_text(&source).into()),
        None => Ok(after),
    }
}

/// Lets the newest version serve.
fn serve_again(ground: &Ground<'_>, held: &Held, published: &Published, decision: &mut Decision) -> Result<Live, Failure> {
    let id = &held.summary.id;
    let after = with_lines(ground, held, published.number, published.message.as_deref())?;
    decision.sequences.push((held.source.path().clone(), Some(after)));
    ground.serve(id, published.clone(), State::Active, decision);
    Ok(Live::Again(published.number))
}

/// What is to be published.
struct Publication<'a> {
    held: &'a Held,
    sequence: &'a Sequence,
    meaning: Digest,
    number: u32,
    message: Option<&'a str>,
}

fn publish(
    ground: &Ground<'_>,
    publication: &Publication<'_>,
    mut versions: Vec<(u32, Digest)>,
    decision: &mut Decision,
) -> Result<Live, Failure> {
    let Publication { held, sequence, meaning, number, message } = *publication;
    let id = &held.summary.id;
    let after = with_lines(ground, held, number, message)?;
    let message = message.map(str::to_owned);
    let version = Version { number, meaning, text: after.source.text().into(), message: message.clone() };
    let settings = ground.staging.settings();
    let skip_non_working_days = sequence.skip_non_working_days.as_ref().map_or(settings.skip_non_working_days, |flag| flag.value);
    versions.push((number, meaning));
    let now = Published { state: State::Active, number, meaning, message, versions };
    decision.sequences.push((held.source.path().clone(), Some(after)));
    decision.rows.push(RowChange::Publish { sequence: id.clone(), version, skip_non_working_days });
    ground.serve(id, now, State::Active, decision);
    Ok(Live::Published(number))
}
