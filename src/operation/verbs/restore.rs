//! `restore`: write what was published back into a sequence's file.

use crate::lifecycle::{Published, Verb, Version};
use crate::operation::changes::RowChange;
use crate::operation::facts::Facts;
use crate::operation::ground::{Failure, Ground};
use crate::operation::rules::unknown_version::unknown_version;
use crate::operation::staging::{Decision, Held};
use crate::operation::text::{set, without};
use crate::operation::versions::{published_lines, version, whole_text};
use crate::sequence::{SequenceId, State};
use crate::text::Source;
use crate::yaml::edit::{Change, Value};

/// What is no text is not looked at, and nothing is overwritten unseen.
const WAY_ON: &str = "or move the file away, and restore it then";

/// What the journal calls it. To the table it is an edit, or nothing at all: what is published may always stand in the file.
pub const RESTORE: &str = "restore";

/// Writes the text of a version back, the newest where no number is given: where the file was changed, cannot be read, or is
/// gone. Its state is the one that counts; owner and tags stay where they can be read. An older version is a draft like any
/// other edit. Of a sequence that was deleted the file comes back, inactive.
///
/// # Errors
/// Refused: `unknown-sequence`, `unknown-version`, `edited-while-active` for a version that does not serve, and what is wrong
/// with a file that is no text.
pub fn restore(ground: &Ground<'_>, id: &SequenceId, number: Option<u32>) -> Result<Decision, Failure> {
    let known = ground.versions(id)?;
    if known.is_empty() {
        ground.staging.get(id)?;
    }
    let number = number.or(known.iter().map(|(number, _)| *number).max()).unwrap_or(1);
    if known.iter().all(|(known, _)| *known != number) {
        return Err(unknown_version(id, number, &known).into());
    }
    let held = match ground.staging.is_taken(id) {
        true => Some(ground.staging.get(id).map_err(|refusal| refusal.help_everywhere(WAY_ON))?),
        false => None,
    };
    let version = version(ground, id, number)?;
    let source = text(ground, id, held, &version)?;
    let mut decision = Decision::default();
    match held {
        Some(held) if held.source.text() == source.text() => {
            decision.notes.push(format!("nothing to restore: `{id}` is as version {number} was published"));
            return Ok(decision);
        }
        Some(_) => decision.losses.push(format!(
            "{} is replaced by the text of version {number}; changes and comments since then are lost",
            source.path()
        )),
        None => {}
    }
    decision.rows.push(RowChange::Note { sequence: id.clone(), verb: RESTORE, detail: format!("version {number}") });
    decision.done.push(format!("restored `{id}` as version {number} was published: {}", source.path()));
    decision.sequences.push((source.path().clone(), Some(ground.staging.hold(source))));
    Ok(decision)
}

/// The text of a version as it may stand in the file now.
fn text(ground: &Ground<'_>, id: &SequenceId, held: Option<&Held>, version: &Version) -> Result<Source, Failure> {
    let published = ground.published(id)?;
    if let Some(published) = &published {
        may_be_written(ground, id, published, version)?;
    }
    let former = ground.former_ids(id)?;
    // Of a file that cannot be read whole nobody knows what is missing.
    let sequence = held.filter(|held| held.summary.meaning.is_some()).and_then(|held| ground.staging.read(held));
    whole_text(ground, id, version, |said| {
        let mut changes = match &published {
            Some(published) => published_lines(said, published, published.state),
            None => unpublished_lines(said),
        };
        let mut formerly: Vec<String> = former.iter().map(SequenceId::to_string).collect();
        if let Some(sequence) = &sequence {
            changes.extend(sequence.owner.as_ref().map(|owner| set("owner", owner.value.as_str())));
            changes.extend(list("tags", said, sequence.tags.iter().map(|tag| tag.value.clone()).collect()));
            formerly = sequence.formerly.iter().map(|former| former.value.clone()).collect();
        }
        changes.extend(list("formerly", said, formerly));
        changes
    })
}

/// A version that says something else than the newest is an edit like any other.
fn may_be_written(ground: &Ground<'_>, id: &SequenceId, published: &Published, version: &Version) -> Result<(), Failure> {
    if version.meaning == published.meaning {
        return Ok(());
    }
    ground.ask(Verb::Edit, id).map(drop)
}

fn unpublished_lines(said: &Value) -> Vec<Change> {
    let removed = ["version", "message"].into_iter().filter_map(|key| without(said, key));
    std::iter::once(set("state", State::Inactive.word())).chain(removed).collect()
}

/// A list of texts under a key; an empty one is left out.
fn list(key: &str, said: &Value, texts: Vec<String>) -> Option<Change> {
    if texts.is_empty() {
        return without(said, key);
    }
    Some(set(key, texts.into_iter().map(Value::from).collect::<Vec<_>>()))
}
