//! A tag over all sequences: renamed, with all that lies in it, or deleted. One decision about as many files as have it.

use std::collections::{BTreeMap, BTreeSet};

use crate::lifecycle::Verb;
use crate::operation::changes::RowChange;
use crate::operation::ground::{Failure, Ground};
use crate::operation::rules::unknown_tag::unknown_tag;
use crate::operation::staging::{Decision, Held, Staging};
use crate::sequence::{SequenceId, after_deletion, after_rename, lies_in};
use crate::yaml::edit::{Change, Route, Value};

use super::tag::{all_tags, write};

/// The ids of the sequences that have a tag or one that lies in it, sorted.
pub fn sequences_with_tag(staging: &Staging, tag: &str) -> Vec<SequenceId> {
    let ids = files_with(staging, tag).map(|held| held.summary.id.clone());
    ids.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Gives a tag another name wherever it stands, and with it all that lies in it. Where a sequence has a tag of the new name
/// already, the two become one.
///
/// # Errors
/// Refused: `unknown-tag`, `not-sound` where the new name is none, `duplicate-sequence-id`.
pub fn rename_tag(ground: &Ground<'_>, old: &str, new: &str) -> Result<Decision, Failure> {
    let becomes = |tag: &str| after_rename(tag, old, new).map(Some);
    let mut decision = Decision::default();
    if old == new {
        decision.notes.push(format!("nothing to rename: the tag is called `{old}`"));
        return Ok(decision);
    }
    let changed = over_all(ground, old, &becomes, &mut decision)?;
    let known = all_known(ground.staging);
    let both = changed.renamed.values().filter(|name| known.contains(name.as_str()) && !lies_in(name, old));
    let both: BTreeSet<&String> = both.collect();
    decision.losses.extend(both.iter().map(|name| format!("`{name}` is a tag already: the two become one")));
    decision.done.push(format!("renamed the tag `{old}` to `{new}` in {}", sequences(changed.files)));
    Ok(decision)
}

/// Takes a tag away wherever it stands. What lies in it moves up a level.
///
/// # Errors
/// Refused: `unknown-tag`, `duplicate-sequence-id`.
pub fn delete_tag(ground: &Ground<'_>, tag: &str) -> Result<Decision, Failure> {
    let mut decision = Decision::default();
    let changed = over_all(ground, tag, &|other| after_deletion(other, tag), &mut decision)?;
    if changed.lost > 0 {
        let verb = if changed.lost == 1 { "loses" } else { "lose" };
        decision.losses.push(format!("{} {verb} the tag `{tag}`", sequences(changed.lost)));
    }
    let moved = changed.renamed.iter().map(|(from, to)| format!("`{from}` becomes `{to}`"));
    decision.losses.extend(moved);
    decision.done.push(format!("deleted the tag `{tag}` in {}", sequences(changed.files)));
    Ok(decision)
}

/// What became of tags.
#[derive(Default)]
struct Changed {
    /// In how many files.
    files: usize,
    /// How many of them lost one.
    lost: usize,
    /// Tags that are called otherwise now.
    renamed: BTreeMap<String, String>,
}

/// Changes a tag, and those that lie in it, in every file: `becomes` says to what, if to anything.
fn over_all(
    ground: &Ground<'_>,
    tag: &str,
    becomes: &dyn Fn(&str) -> Option<Option<String>>,
    decision: &mut Decision,
) -> Result<Changed, Failure> {
    let mut files: Vec<&Held> = files_with(ground.staging, tag).collect();
    if files.is_empty() {
        return Err(unknown_tag(tag, &all_known(ground.staging)).into());
    }
    files.sort_by(|one, other| one.summary.id.cmp(&other.summary.id));
    decision.notes.extend(unread(ground.staging, tag));
    let mut changed = Changed { files: files.len(), ..Changed::default() };
    for held in files {
        let id = &held.summary.id;
        // Of two files with one id nobody knows which is meant.
        ground.staging.get(id)?;
        let (mut taken, mut given) = (Vec::new(), Vec::new());
        let tags = all_tags(held)?;
        for (old, new) in tags.iter().filter_map(|tag| Some((tag, becomes(tag)?))) {
            taken.push(old.clone());
            match new {
                Some(new) => {
                    changed.renamed.insert(old.clone(), new.clone());
                    given.push(new);
                }
                None => changed.lost += 1,
            }
        }
        ground.ask(Verb::Untag, id)?;
        write(ground, held, &changes(&tags, becomes), decision)?;
        decision.rows.push(note(id, Verb::Untag, &taken));
        if !given.is_empty() {
            ground.ask(Verb::Tag, id)?;
            decision.rows.push(note(id, Verb::Tag, &given));
        }
    }
    Ok(changed)
}

fn note(id: &SequenceId, verb: Verb, tags: &[String]) -> RowChange {
    RowChange::Note { sequence: id.clone(), verb: verb.word(), detail: tags.join(", ") }
}

/// The changes in the list of one file: a tag gets its new name where it stands, unless that stands there already.
fn changes(tags: &[String], becomes: &dyn Fn(&str) -> Option<Option<String>>) -> Vec<Change> {
    let mut there: BTreeSet<String> = tags.iter().filter(|tag| becomes(tag).is_none()).cloned().collect();
    let mut changes = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        let Some(new) = becomes(tag) else { continue };
        let route = Route::from("tags").index(at);
        changes.push(match new.filter(|new| there.insert(new.clone())) {
            Some(new) => Change::Set { route, value: Value::from(new), after: Vec::new() },
            None => Change::Remove { route },
        });
    }
    // From the end, so that the places of those before stay.
    changes.reverse();
    changes
}

fn files_with<'s>(staging: &'s Staging, tag: &str) -> impl Iterator<Item = &'s Held> {
    staging.all().map(|(_, held)| held).filter(move |held| held.summary.tag_names().any(|own| lies_in(own, tag)))
}

/// Says which files may have the tag and keep it, because they cannot be read whole.
fn unread(staging: &Staging, tag: &str) -> Vec<String> {
    let is_hidden = |held: &&Held| held.summary.meaning.is_none() && !held.summary.tag_names().any(|own| lies_in(own, tag));
    let damaged = staging.all().filter(|(_, held)| is_hidden(held)).map(|(path, _)| path.to_string());
    let files: BTreeSet<String> = damaged.chain(staging.unreadable().map(|(_, file)| file.to_string())).collect();
    files.iter().map(|file| format!("{file} cannot be read whole: where it has the tag, it keeps it")).collect()
}

/// Every tag that some sequence has.
fn all_known(staging: &Staging) -> BTreeSet<&str> {
    staging.all().flat_map(|(_, held)| held.summary.tag_names()).collect()
}

fn sequences(count: usize) -> String {
    if count == 1 { "1 sequence".to_owned() } else { format!("{count} sequences") }
}
