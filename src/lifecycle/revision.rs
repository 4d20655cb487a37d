//! What a change of files does to live sequences: between a revision of their repository and now.
//! In come sequences as they were there and as they are; out comes what the table refuses of it.
//! Knows no git and no store; whoever reads the revision hands over what differs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::diagnostic::Diagnostic;
use crate::sequence::{Meaning, Sequence, SequenceId, State};
use crate::text::Digest;

use super::change::{Edition, Judgement, judge_change, number_of};
use super::rules;
use super::rules::edited_while_active::Earlier;
use super::table::Verb;

/// A sequence as a file says it, then or now.
#[derive(Clone, Debug)]
pub struct Written {
    /// The sequence, as far as it can be read.
    pub sequence: Sequence,
    /// Whether all of it could be read. Of what could not, nobody knows whether it was edited.
    pub is_whole: bool,
}

/// Everything that is not as it was at a revision.
pub struct Since<'a> {
    /// The revision, as the person calls it.
    pub revision: &'a str,
    /// Sequences that are there then and now, and differ: what each was, and what it is.
    pub edited: &'a [(Written, Written)],
    /// Sequences that were there and are not.
    pub gone: &'a [Written],
    /// Sequences that were not there and are.
    pub new: &'a [Written],
    /// The id that a sequence has now, for one that some file says it had before.
    pub formerly: &'a dyn Fn(&str) -> Option<String>,
}

/// Reads what differs as verbs, asks the table for each, and tells what it refuses. The state before is the one that the file
/// wrote then. What is lawful earns no finding.
pub fn judge_revision(since: &Since<'_>) -> Vec<Diagnostic> {
    let renames = renames(since);
    let resolve = |id: &str| resolved(since, &renames, id);
    let mut findings: Vec<Diagnostic> =
        since.edited.iter().flat_map(|(was, is)| judge_edit(since.revision, was, is, &resolve)).collect();
    for was in since.gone {
        match renames.get(&was.sequence.id).and_then(|now| since.new.iter().find(|is| is.sequence.id == *now)) {
            Some(is) => findings.extend(judge_edit(since.revision, was, is, &resolve)),
            None if was.sequence.state.value == State::Inactive => {}
            None => findings.push(rules::deleted_while_active::deleted_since(since.revision, &was.sequence, since.new)),
        }
    }
    findings
}

/// Which sequence that is gone is called how now: as a new file says, or where a new file says the same.
fn renames(since: &Since<'_>) -> BTreeMap<SequenceId, SequenceId> {
    let mut renames = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for was in since.gone {
        let says_so = |is: &&Written| is.sequence.formerly.iter().any(|former| former.value == was.sequence.id.as_str());
        if let Some(is) = since.new.iter().find(says_so) {
            renames.insert(was.sequence.id.clone(), is.sequence.id.clone());
            taken.insert(is.sequence.id.clone());
        }
    }
    // One rename may be what makes another sequence, which refers to it, the same as before.
    while let Some(more) = equal_ones(since, &renames, &taken) {
        taken.extend(more.values().cloned());
        renames.extend(more);
    }
    renames
}

/// Pairs of sequences that are gone and new and mean the same, of those that have no partner yet; `None` where there is none.
fn equal_ones(
    since: &Since<'_>,
    renames: &BTreeMap<SequenceId, SequenceId>,
    taken: &BTreeSet<SequenceId>,
) -> Option<BTreeMap<SequenceId, SequenceId>> {
    let open_ones = |was: &&Written| was.is_whole && !renames.contains_key(&was.sequence.id);
    let mut lost: HashMap<Digest, &SequenceId> = HashMap::new();
    for was in since.gone.iter().filter(open_ones).rev() {
        lost.insert(self_blind_meaning(since, renames, &was.sequence), &was.sequence.id);
    }
    if lost.is_empty() {
        return None;
    }
    let free = since.new.iter().filter(|is| is.is_whole && !taken.contains(&is.sequence.id));
    let found = free.filter_map(|is| {
        let was = lost.remove(&self_blind_meaning(since, renames, &is.sequence))?;
        Some((was.clone(), is.sequence.id.clone()))
    });
    Some(found.collect()).filter(|found: &BTreeMap<SequenceId, SequenceId>| !found.is_empty())
}

/// What a sequence says, whatever it is called itself: one that refers to itself says the same under another id.
fn self_blind_meaning(since: &Since<'_>, renames: &BTreeMap<SequenceId, SequenceId>, sequence: &Sequence) -> Digest {
    const ITSELF: &str = "(itself)";
    let own = sequence.id.as_str();
    let resolve = |id: &str| if id == own { ITSELF.to_owned() } else { resolved(since, renames, id) };
    Meaning::of(sequence, &resolve).digest()
}

fn resolved(since: &Since<'_>, renames: &BTreeMap<SequenceId, SequenceId>, id: &str) -> String {
    let renamed = || SequenceId::parse(id).and_then(|id| renames.get(&id).map(SequenceId::to_string));
    (since.formerly)(id).or_else(renamed).unwrap_or_else(|| id.to_owned())
}

fn judge_edit(revision: &str, was: &Written, is: &Written, resolve: &dyn Fn(&str) -> String) -> Vec<Diagnostic> {
    if !was.is_whole || !is.is_whole {
        return Vec::new();
    }
    let (old, new) = (Meaning::of(&was.sequence, resolve), Meaning::of(&is.sequence, resolve));
    let before = Edition { sequence: &was.sequence, meaning: &old, state: was.sequence.state.value };
    let after = Edition { sequence: &is.sequence, meaning: &new, state: is.sequence.state.value };
    let judgement = judge_change(&before, &after);
    let earlier = Earlier {
        number: u32::try_from(number_of(&before)).unwrap_or(u32::MAX),
        message: was.sequence.message.as_ref().map(|message| message.value.as_str()),
        record_type: was.sequence.record_type.as_ref().map(|record_type| record_type.value.as_str()),
        revision: Some(revision),
    };
    match taken_number(&before, &after, &judgement) {
        Some(version) => vec![rules::version_taken::taken_since(&is.sequence, version, &judgement, &earlier)],
        None => {
            let refused = judgement.refused.iter();
            refused
                .map(|(verb, bar, span)| {
                    rules::edited_while_active::refused(&is.sequence, *verb, bar, *span, &judgement, &earlier)
                })
                .collect()
        }
    }
}

/// The number that a file carries for another meaning than it names at the revision, where somebody meant a version by it: they
/// went back, or wrote a message of their own.
fn taken_number(before: &Edition<'_>, after: &Edition<'_>, judgement: &Judgement) -> Option<u32> {
    let is_an_edit = judgement.refused.iter().any(|(verb, ..)| *verb == Verb::Edit);
    let of_the_type = judgement.refused.iter().any(|(verb, ..)| *verb == Verb::ChangeRecordType);
    let number = after.sequence.version.as_ref()?.value;
    let message = |edition: &Edition<'_>| edition.sequence.message.as_ref().map(|message| message.value.clone());
    let claims = message(after).is_some() && message(after) != message(before);
    let newest = number_of(before);
    let is_taken = number < newest || (number == newest && claims);
    u32::try_from(number).ok().filter(|_| is_an_edit && !of_the_type && is_taken)
}
