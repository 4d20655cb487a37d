//! `apply`: let the store follow what files say.
//!
//! Somebody wrote into a file what else they would have asked for: `state: active`, or the next version with its message. What
//! they wrote is read as verbs, and each goes through the table.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Severity};
use crate::lifecycle::{Comparison, Published, Verb, compare};
use crate::operation::facts::Facts;
use crate::operation::ground::{Failure, Ground};
use crate::operation::refusal::Refusal;
use crate::operation::rules::not_sound::not_sound;
use crate::operation::staging::{Decision, Held};
use crate::sequence::{Sequence, SequenceId, State};

use super::activate::{Becomes, check_sound, go_live, within_limit};
use super::deactivate::stop;
use super::rename::rename;

/// What is asked of one sequence by its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The sequence.
    pub sequence: SequenceId,
    /// What its file asks for, in the order in which it would have been asked.
    pub verbs: Vec<Verb>,
    /// What comes of it, to stand behind the sequence's name.
    pub outcome: String,
}

/// What following files comes to.
#[must_use]
#[derive(Clone, Debug, Default)]
pub struct Application {
    /// What changes.
    pub decision: Decision,
    /// Each sequence that something becomes of, in the order asked for.
    pub followed: Vec<Followed>,
}

impl Application {
    /// Every verb that it comes to, with its sequence.
    pub fn verbs(&self) -> impl Iterator<Item = (Verb, &SequenceId)> {
        self.followed.iter().flat_map(|followed| followed.verbs.iter().map(|verb| (*verb, &followed.sequence)))
    }
}

/// Which files the store is to follow.
#[derive(Clone, Copy, Debug)]
pub enum Following<'a> {
    /// All that ask for something.
    All,
    /// Those of some sequences.
    These(&'a [SequenceId]),
}

/// Lets the store follow files, all together: they may refer to each other. Where one of them may not be followed none is.
///
/// # Errors
/// Refused: `unknown-sequence`, `edited-while-active`, `version-taken`, `immutable-property`, `behind`, `ahead`,
/// `not-sound`, `too-many-active`, `message-missing`, `not-active` for the revision of what was never published.
pub fn apply(ground: &Ground<'_>, which: Following<'_>, message: Option<&str>) -> Result<Application, Failure> {
    let mut application = Application::default();
    let mut staging = ground.staging.clone();
    let moved = moved(ground, which)?;
    for (from, to) in &moved {
        let renaming = rename(&Ground { staging: &staging, ..*ground }, from, to.as_str())?;
        staging.accept(renaming.clone());
        application.decision.extend(renaming);
        let outcome = format!("it goes on as what was `{from}`");
        application.followed.push(Followed { sequence: to.clone(), verbs: vec![Verb::Rename], outcome });
    }
    let ground = &Ground { staging: &staging, ..*ground };
    let asking = match which {
        Following::All => all_that_ask(ground, &mut application.decision)?,
        Following::These(ids) => {
            let now = |id: &SequenceId| moved.iter().find(|(from, _)| from == id).map_or(id, |(_, to)| to).clone();
            these(ground, &ids.iter().map(now).collect::<Vec<_>>(), &mut application.decision)?
        }
    };
    let targets: BTreeMap<&SequenceId, State> = asking.iter().map(|asking| (asking.id(), asking.target)).collect();
    let becomes = |id: &SequenceId| targets.get(id).copied();
    let fresh = asking.iter().filter(|asking| asking.state == State::Inactive).map(Asking::id);
    let leaving = asking.iter().filter(|asking| asking.target == State::Inactive);
    within_limit(ground, fresh.clone().next(), fresh.count().saturating_sub(leaving.clone().count()))?;
    // Whoever is asked about one that goes is not told of others that go with it.
    let gone =
        leaving.filter_map(|asking| Some((asking.id().clone(), Some(asking.published.clone()?.in_state(State::Inactive)))));
    application.decision.published.extend(gone);
    for asking in &asking {
        let outcome = follow(ground, asking, &becomes, message, &mut application.decision)?;
        let (sequence, verbs) = (asking.id().clone(), asking.verbs.clone());
        application.decision.done.push(format!("applied `{sequence}`: {outcome}"));
        application.followed.push(Followed { sequence, verbs, outcome });
    }
    Ok(application)
}

/// Published sequences whose files were moved, each with the id that it has now: its file says so, or says the same and is the
/// only one.
fn moved(ground: &Ground<'_>, which: Following<'_>) -> Result<Vec<(SequenceId, SequenceId)>, Failure> {
    let mut moved = Vec::new();
    for (_, held) in ground.staging.all() {
        for former in held.summary.formerly.iter().filter_map(|former| SequenceId::parse(&former.value)) {
            if is_orphan(ground, &former)? && ground.published(&held.summary.id)?.is_none() {
                moved.push((former, held.summary.id.clone()));
            }
        }
    }
    for id in ground.serving()? {
        let said = moved.iter().any(|(from, _)| *from == id);
        let Some(published) = ground.published(&id)?.filter(|_| !said && !ground.staging.is_taken(&id)) else { continue };
        let mut same = Vec::new();
        for (_, held) in ground.staging.all().filter(|(_, held)| held.summary.meaning == Some(published.meaning)) {
            if ground.published(&held.summary.id)?.is_none() {
                same.push(held.summary.id.clone());
            }
        }
        if let [to] = same.as_slice() {
            moved.push((id, to.clone()));
        }
    }
    match which {
        Following::All => {}
        Following::These(ids) => moved.retain(|(from, to)| ids.contains(from) || ids.contains(to)),
    }
    let mut of: BTreeMap<&SequenceId, &SequenceId> = BTreeMap::new();
    for (from, to) in &moved {
        if let Some(other) = of.insert(from, to) {
            return Err(claimed_twice(from, other, to).into());
        }
    }
    Ok(moved)
}

/// Whether something is published under an id that no file has any more.
fn is_orphan(ground: &Ground<'_>, id: &SequenceId) -> Result<bool, Failure> {
    Ok(!ground.staging.is_taken(id) && ground.published(id)?.is_some())
}

/// A file that asks for something, and may.
struct Asking<'a> {
    held: &'a Held,
    sequence: Sequence,
    published: Option<Published>,
    /// The state that counts until now.
    state: State,
    /// The state that the file asks for.
    target: State,
    verbs: Vec<Verb>,
}

impl Asking<'_> {
    fn id(&self) -> &SequenceId {
        &self.sequence.id
    }
}

/// How a file stands that somebody may want to be followed.
enum Stance<'a> {
    Asks(Box<Asking<'a>>),
    /// Nothing becomes of it; why, to stand behind the sequence's name.
    AsksNothing(String),
    /// It says what an older version said.
    Behind(u32),
}

fn these<'a>(ground: &Ground<'a>, ids: &[SequenceId], decision: &mut Decision) -> Result<Vec<Asking<'a>>, Failure> {
    let (mut asking, mut once) = (Vec::new(), BTreeSet::new());
    for id in ids.iter().filter(|id| once.insert(*id)) {
        if ground.staging.file_of(id).is_none() && ground.state(id)? != State::Inactive {
            return Err(gone(id).into());
        }
        match stance(ground, ground.file(id)?)? {
            Stance::Asks(one) => asking.push(*one),
            Stance::AsksNothing(why) => decision.notes.push(format!("`{id}` {why}")),
            Stance::Behind(version) => return Err(behind(id, version).into()),
        }
    }
    Ok(asking)
}

fn all_that_ask<'a>(ground: &Ground<'a>, decision: &mut Decision) -> Result<Vec<Asking<'a>>, Failure> {
    let (mut asking, mut older) = (Vec::new(), 0_usize);
    for id in ground.staging.ids() {
        let held = ground.staging.get(&id)?;
        let published = ground.published(&id)?;
        let is_in_step = |meaning| match &published {
            Some(published) => published.state == held.summary.state && published.meaning == meaning,
            None => held.summary.state == State::Inactive,
        };
        if held.summary.meaning.is_some_and(is_in_step) {
            continue;
        }
        if held.summary.meaning.is_none() && published.is_none() {
            decision.notes.push(left_out(&id));
            continue;
        }
        match stance(ground, held)? {
            Stance::Asks(one) => asking.push(*one),
            Stance::AsksNothing(_) => {}
            Stance::Behind(_) => older += 1,
        }
    }
    for (id, _) in ground.staging.unreadable() {
        match ground.published(id)? {
            Some(_) => return Err(ground.staging.unknown(id.as_str()).into()),
            None => decision.notes.push(left_out(id)),
        }
    }
    if older > 0 {
        let (files, say) = if older == 1 { ("1 file".to_owned(), "says") } else { (format!("{older} files"), "say") };
        decision.notes.push(format!("{files} {say} what older versions said, and nothing becomes of that"));
    }
    match ground.serving()?.iter().find(|id| ground.staging.file_of(id).is_none()) {
        Some(id) => Err(gone(id).into()),
        None => Ok(asking),
    }
}

fn left_out(id: &SequenceId) -> String {
    format!("`{id}` was never published, cannot be read, and is left out")
}

fn stance<'a>(ground: &Ground<'a>, held: &'a Held) -> Result<Stance<'a>, Failure> {
    let id = &held.summary.id;
    let sequence = match (ground.staging.read(held), held.summary.meaning) {
        (Some(sequence), Some(_)) => sequence,
        (Some(_) | None, _) => return Err(unreadable(held)),
    };
    let published = ground.published(id)?;
    let target = sequence.state.value;
    let newest = match &published {
        Some(published) => ground.newest(id, published)?,
        None => None,
    };
    let comparison = compare(&sequence, &ground.staging.meaning(&sequence), published.as_ref(), || newest);
    let state = published.as_ref().map_or(State::Inactive, |published| published.state);
    let verbs = match comparison {
        Comparison::Unpublished => match target {
            State::Inactive => return Ok(Stance::AsksNothing("is inactive, and was never published".to_owned())),
            State::Active => vec![Verb::Activate],
            State::Revision => return Err(revision_of_nothing(&sequence).into()),
        },
        Comparison::InStep => return Ok(Stance::AsksNothing("is as it is published".to_owned())),
        Comparison::Draft => return Ok(Stance::AsksNothing("is a draft: activate it to publish what it says".to_owned())),
        Comparison::Behind { version } => return Ok(Stance::Behind(version)),
        Comparison::Ahead { version } if target == State::Revision => {
            return Err(revision_from_elsewhere(&sequence, version).into());
        }
        Comparison::Ahead { .. } if target == State::Inactive => vec![Verb::Deactivate],
        Comparison::Ahead { .. } if state == State::Inactive => vec![Verb::Activate],
        Comparison::Ahead { .. } => vec![Verb::Revise, Verb::Edit, Verb::Activate],
        Comparison::Pending(judgement) => judgement.verbs,
        Comparison::Edited(_) | Comparison::VersionTaken { .. } => {
            let findings = published.as_ref().map(|published| comparison.findings(&sequence, published));
            let finding = findings.unwrap_or_default().into_iter().find(|finding| finding.severity == Severity::Error);
            let broken = || Failure::Broken(format!("`{id}` differs from what is published, and nobody says how"));
            return Err(Refusal::of_finding(finding.ok_or_else(broken)?).about(id).into());
        }
    };
    Ok(Stance::Asks(Box::new(Asking { held, sequence, published, state, target, verbs })))
}

fn follow(
    ground: &Ground<'_>,
    asking: &Asking<'_>,
    becomes: Becomes<'_>,
    message: Option<&str>,
    decision: &mut Decision,
) -> Result<String, Failure> {
    let Asking { held, sequence, published, target, .. } = asking;
    let id = asking.id();
    match (target, published) {
        (State::Active, published) => {
            check_sound(ground, held, becomes)?;
            let of_before = published.as_ref().and_then(|published| published.message.as_deref());
            let written = sequence.message.as_ref().map(|message| message.value.as_str());
            // The message of the version before says why of that one.
            let message = message.or(written.filter(|written| Some(*written) != of_before));
            Ok(go_live(ground, held, message, decision)?.to_string())
        }
        (State::Inactive, Some(_)) => Ok(format!("it serves no longer{}", stop(ground, id, decision)?)),
        (State::Revision, Some(published)) => {
            ground.serve(id, published.clone(), State::Revision, decision);
            Ok(format!("version {} serves, and the next is a draft", published.number))
        }
        (State::Revision | State::Inactive, None) => {
            Err(Failure::Broken(format!("`{id}` was never published, and is to become {target}")))
        }
    }
}

fn unreadable(held: &Held) -> Failure {
    let id = &held.summary.id;
    let refusal = not_sound(id, "applied", held.summary.findings.clone());
    refusal.map_or_else(|| Failure::Broken(format!("`{id}` cannot be read, and nobody says why")), Failure::from)
}

fn gone(id: &SequenceId) -> Refusal {
    let message = format!("`{id}` is live and has no file; applying files ends no sequence");
    let refusal = Refusal::new(Code::DeletedWhileActive, message).about(id);
    refusal.help(format!("end it: `segue delete {id}`")).help(format!("or bring the file back: `segue restore {id}`"))
}

fn claimed_twice(id: &SequenceId, one: &SequenceId, other: &SequenceId) -> Refusal {
    let message = format!("`{one}` and `{other}` both say that they were `{id}`, and only one of them goes on as that");
    Refusal::new(Code::DuplicateSequenceId, message).about(id).help("take it out of `formerly` in the other's file")
}

fn behind(id: &SequenceId, version: u32) -> Refusal {
    let message = format!("the file of `{id}` says what version {version} said, and a newer one is published");
    Refusal::new(Code::Behind, message)
        .about(id)
        .help(format!("take what is published into the file: `segue restore {id}`"))
        .help("or publish the old text anew: write the next `version` and a `message` under `state: active`")
}

fn revision_of_nothing(sequence: &Sequence) -> Refusal {
    let id = &sequence.id;
    let message = format!("the file of `{id}` is a revision, and this store has no version of it that could serve meanwhile");
    Refusal::new(Code::NotActive, message)
        .about(id)
        .at(sequence.file.at(sequence.state.span))
        .help("apply the file as it was when that version went live, then this one")
}

fn revision_from_elsewhere(sequence: &Sequence, version: u32) -> Refusal {
    let id = &sequence.id;
    let message = format!("the file of `{id}` is a draft behind version {version}, which this store does not know");
    Refusal::new(Code::Ahead, message)
        .about(id)
        .at(sequence.file.at(sequence.version.as_ref().map_or(sequence.state.span, |version| version.span)))
        .help(format!("apply the file as it was when version {version} went live, then this one"))
}
