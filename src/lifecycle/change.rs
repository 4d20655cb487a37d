//! What somebody did to a file, read as verbs, each judged by the table.

use crate::sequence::{Difference, Meaning, Sequence, State};
use crate::text::Span;

use super::table::{Bar, Verb, Verdict, judge};

/// A sequence as it was or is: what it says, with the state that counts.
#[derive(Clone, Copy, Debug)]
pub struct Edition<'a> {
    /// The sequence.
    pub sequence: &'a Sequence,
    /// What it says.
    pub meaning: &'a Meaning,
    /// The state that counts for it. The published one may not be the one that its text writes.
    pub state: State,
}

/// A change of one file, judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// What was done, in the order in which it would have been asked for.
    pub verbs: Vec<Verb>,
    /// What may not be done, each with the place in the later file.
    pub refused: Vec<(Verb, Bar, Span)>,
    /// Where the meaning differs.
    pub differences: Vec<Difference>,
}

impl Judgement {
    /// Whether the table allows all of it.
    pub fn is_lawful(&self) -> bool {
        self.refused.is_empty()
    }
}

/// Reads the difference between what a file was and what it is as verbs, and asks the table for each. What lay between does not
/// count. An edit is lawful if the state before or the state after allows it.
pub fn judge_change(before: &Edition<'_>, after: &Edition<'_>) -> Judgement {
    let differences = after.meaning.differences(before.meaning);
    let mut judgement = Judgement::default();
    let mut ask = |verb: Verb, states: &[State], span: Span| {
        judgement.verbs.push(verb);
        let verdicts: Vec<Verdict> = states.iter().map(|state| judge(verb, *state)).collect();
        let refused = verdicts.iter().all(|verdict| matches!(verdict, Verdict::Refused(_)));
        if let (true, Some(Verdict::Refused(bar))) = (refused, verdicts.first()) {
            judgement.refused.push((verb, *bar, span));
        }
    };
    let text = |located: &Option<crate::text::Located<String>>| located.as_ref().map(|located| located.value.clone());
    if text(&before.sequence.owner) != text(&after.sequence.owner) {
        ask(Verb::Assign, &[before.state], span_of(&after.sequence.owner, after));
    }
    let tags = |edition: &Edition<'_>| -> Vec<String> { edition.sequence.tags.iter().map(|tag| tag.value.clone()).collect() };
    let (old_tags, new_tags) = (tags(before), tags(after));
    if new_tags.iter().any(|tag| !old_tags.contains(tag)) {
        ask(Verb::Tag, &[before.state], after.sequence.state.span);
    }
    if old_tags.iter().any(|tag| !new_tags.contains(tag)) {
        ask(Verb::Untag, &[before.state], after.sequence.state.span);
    }
    let publishes = is_next_version(before, after);
    let (of_the_type, of_the_rest): (Vec<&Difference>, Vec<&Difference>) =
        differences.iter().partition(|difference| difference.key == "record_type");
    if let Some(difference) = of_the_type.first() {
        ask(Verb::ChangeRecordType, &[before.state, after.state], difference.span);
    }
    let edits = of_the_rest.first().map(|difference| difference.span);
    for step in verbs_between(before.state, after.state, publishes, edits.is_some()) {
        match (step, edits) {
            (Step::Edit(states), Some(span)) => ask(Verb::Edit, states, span),
            (Step::Edit(_), None) => {}
            (Step::Ask(verb, state), _) => ask(verb, &[state], after.sequence.state.span),
        }
    }
    judgement.differences = differences;
    judgement
}

enum Step {
    /// An edit, if the meaning changed, lawful in any of these states.
    Edit(&'static [State]),
    Ask(Verb, State),
}

/// The verbs that lead from one state to the other, with the edit where it belongs.
fn verbs_between(before: State, after: State, publishes: bool, edited: bool) -> Vec<Step> {
    use State::{Active, Inactive, Revision};
    match (before, after) {
        (Inactive, Inactive) => vec![Step::Edit(&[Inactive])],
        (Inactive, Active) => vec![Step::Edit(&[Inactive, Active]), Step::Ask(Verb::Activate, Inactive)],
        (Inactive, Revision) => {
            vec![Step::Ask(Verb::Activate, Inactive), Step::Ask(Verb::Revise, Active), Step::Edit(&[Inactive, Revision])]
        }
        (Active, Inactive) => vec![Step::Ask(Verb::Deactivate, Active), Step::Edit(&[Active, Inactive])],
        // A live sequence is changed in one go by writing the number of its next version under it.
        (Active, Active) if publishes && edited => {
            vec![Step::Ask(Verb::Revise, Active), Step::Edit(&[Revision]), Step::Ask(Verb::Activate, Revision)]
        }
        (Active, Active) => vec![Step::Edit(&[Active])],
        (Active, Revision) => vec![Step::Ask(Verb::Revise, Active), Step::Edit(&[Active, Revision])],
        (Revision, Inactive) => vec![Step::Edit(&[Revision, Inactive]), Step::Ask(Verb::Deactivate, Revision)],
        (Revision, Active) if edited => vec![Step::Edit(&[Revision, Active]), Step::Ask(Verb::Activate, Revision)],
        (Revision, Active) => vec![Step::Ask(Verb::Discard, Revision)],
        (Revision, Revision) => vec![Step::Edit(&[Revision])],
    }
}

/// Whether the later file says that it is a later version, and why. The message of the earlier version says why of that one.
fn is_next_version(before: &Edition<'_>, after: &Edition<'_>) -> bool {
    let message = |edition: &Edition<'_>| edition.sequence.message.as_ref().map(|message| message.value.clone());
    number_of(after) > number_of(before) && message(after).is_some() && message(after) != message(before)
}

/// The number of the version that an edition is. A live one that writes none is the first.
pub(super) fn number_of(edition: &Edition<'_>) -> i64 {
    let unwritten = match edition.state {
        State::Inactive => 0,
        State::Active | State::Revision => 1,
    };
    edition.sequence.version.as_ref().map_or(unwritten, |version| version.value)
}

fn span_of(text: &Option<crate::text::Located<String>>, after: &Edition<'_>) -> Span {
    text.as_ref().map_or(after.sequence.state.span, |text| text.span)
}
