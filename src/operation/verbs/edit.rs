//! `edit`: change what a sequence says, its owner or its tags.

use crate::diagnostic::{Code, Diagnostic};
use crate::lifecycle::{Edition, Verb, judge_change};
use crate::operation::changes::RowChange;
use crate::operation::ground::{Failure, Ground};
use crate::operation::refusal::Refusal;
use crate::operation::rules::not_editable::not_editable;
use crate::operation::rules::not_sound::not_sound;
use crate::operation::staging::{Decision, Held};
use crate::operation::text::failure;
use crate::sequence::{self, Sequence, SequenceId};
use crate::text::Source;
use crate::yaml::Tree;
use crate::yaml::edit::{Change, Opened};

/// Takes a sequence's edited text, whoever edited it.
///
/// # Errors
/// Refused: `unknown-sequence`, `edited-while-active`, `immutable-property`, `not-editable`, `not-sound` where the edit brings
/// an error that was not there.
pub fn edit(ground: &Ground<'_>, id: &SequenceId, after: Source) -> Result<Decision, Failure> {
    let held = ground.file(id)?;
    if held.source.text() == after.text() {
        return Ok(Decision::default());
    }
    let (edited, read) = ground.staging.hold_and_read(&after);
    let before = ground.staging.read(held);
    decide(ground, held, Revised { before, edited, after: read })
}

/// Changes what an open file of a sequence says, in its text.
///
/// # Errors
/// Refused: what [`edit`] is refused with, and what a change of a text is: `unknown-step`, `unknown-key`, `wrong-type` and the
/// like.
pub fn change(ground: &Ground<'_>, id: &SequenceId, opened: &Opened<'_>, changes: &[Change]) -> Result<Decision, Failure> {
    let held = ground.file(id)?;
    if held.source != *opened.source() {
        return Err(Failure::Broken(format!("`{id}` was changed while an edit of it was open")));
    }
    let hold = |after: &Source, tree: &Tree<'_>| ground.staging.hold_tree(after, tree);
    let (_, (edited, after)) = opened.edit_and(changes, hold).map_err(|error| failure(id, opened.source(), error))?;
    if held.source.text() == edited.source.text() {
        return Ok(Decision::default());
    }
    let before = sequence::read(&held.source, id.clone(), opened.tree()).0;
    decide(ground, held, Revised { before, edited, after })
}

/// What an edit made of a file. Both ends as sequences, where they can be read as such.
struct Revised {
    before: Option<Sequence>,
    edited: Held,
    after: Option<Sequence>,
}

fn decide(ground: &Ground<'_>, held: &Held, revised: Revised) -> Result<Decision, Failure> {
    let Revised { before, edited, after } = revised;
    let id = &held.summary.id;
    let state = ground.state(id)?;
    check_readable(held, &edited)?;
    let verbs = match (before, after) {
        (Some(before), Some(after)) => {
            check_editable(&before, &after)?;
            let (old, new) = (ground.staging.meaning(&before), ground.staging.meaning(&after));
            let judgement = judge_change(
                &Edition { sequence: &before, meaning: &old, state },
                &Edition { sequence: &after, meaning: &new, state },
            );
            if let Some((verb, bar, span)) = judgement.refused.first() {
                return Err(match verb {
                    Verb::ChangeRecordType => immutable(&after).in_text(&edited.source).into(),
                    _ => Refusal::of(bar, id, state).at(edited.source.at(*span)).in_text(&edited.source).into(),
                });
            }
            judgement.verbs
        }
        // What could not be read before is mended, whatever it was.
        (None, _) | (_, None) => vec![Verb::Edit],
    };
    let words: Vec<&str> = verbs.iter().map(|verb| verb.word()).collect();
    let mut decision = Decision::default();
    decision.rows.push(RowChange::Note { sequence: id.clone(), verb: Verb::Edit.word(), detail: words.join(", ") });
    decision.done.push(format!("edited `{id}`"));
    decision.sequences.push((edited.source.path().clone(), Some(edited)));
    Ok(decision)
}

/// The text of a sequence whose meaning may be edited now.
///
/// # Errors
/// Refused: `unknown-sequence`, `edited-while-active`.
pub fn editable(ground: &Ground<'_>, id: &SequenceId) -> Result<Source, Failure> {
    let held = ground.file(id)?;
    ground.ask(Verb::Edit, id)?;
    Ok(held.source.clone())
}

/// A draft may be unfinished, but an edit may not bring anything that is no sequence at all, nor hide what is broken.
fn check_readable(before: &Held, after: &Held) -> Result<(), Failure> {
    let is_old = |finding: &Diagnostic| {
        before.summary.findings.iter().any(|old| old.code == finding.code && old.message == finding.message)
    };
    let new = after.summary.findings.iter().filter(|finding| finding.code.is_of_reading() && !is_old(finding));
    match not_sound(&after.summary.id, "edited like this", new.cloned().collect()) {
        Some(refusal) => Err(refusal.in_text(&after.source).into()),
        None => Ok(()),
    }
}

/// Some lines say what happened, and only what happens writes them.
fn check_editable(before: &Sequence, after: &Sequence) -> Result<(), Failure> {
    let texts = |texts: &[crate::text::Located<String>]| -> Vec<String> { texts.iter().map(|text| text.value.clone()).collect() };
    let message = |sequence: &Sequence| sequence.message.as_ref().map(|message| message.value.clone());
    let version = |sequence: &Sequence| sequence.version.as_ref().map(|version| version.value);
    let source = |sequence: &Sequence| {
        let cloned_from = sequence.cloned_from.as_ref()?;
        Some((cloned_from.sequence.as_ref().map(|id| id.value.clone()), cloned_from.version))
    };
    let by_activation = "`segue activate` writes it";
    let by_state = "`segue activate`, `revise`, `discard` and `deactivate` write it";
    let changed = [
        ("state", before.state.value != after.state.value, by_state),
        ("version", version(before) != version(after), by_activation),
        ("message", message(before) != message(after), by_activation),
        ("cloned_from", source(before) != source(after), "`segue clone` writes it"),
        ("formerly", texts(&before.formerly) != texts(&after.formerly), "`segue rename` writes it"),
    ];
    match changed.into_iter().find(|(_, changed, _)| *changed) {
        Some((key, _, help)) => Err(not_editable(&after.id, key, help).into()),
        None => Ok(()),
    }
}

/// The refusal for a changed record type.
pub(super) fn immutable(sequence: &Sequence) -> Refusal {
    let refusal = Refusal::new(Code::ImmutableProperty, format!("`{}` keeps its record type for ever", sequence.id));
    let refusal = refusal.about(&sequence.id).help("make a new sequence for the other type: `segue new ID --type TYPE`");
    match &sequence.record_type {
        Some(record_type) => refusal.at(sequence.file.at(record_type.span)),
        None => refusal,
    }
}
