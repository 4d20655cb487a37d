//! What a version says, brought back: into a file as it stands, or as a file's whole text.
//! In come a version and the file, if there is one; out come changes or a text. References are written as the sequences that
//! they reach are called now.

use crate::lifecycle::{Published, Version};
use crate::sequence::{MEANT, SequenceId, State};
use crate::text::{FilePath, Source};
use crate::yaml::edit::{Change, Value, change, model};

use super::facts::Facts;
use super::ground::{Failure, Ground};
use super::text::{edited, failure, references, set, without};

/// The changes after which a file, whose value is `file`, says what a version says. What is no part of its meaning stays.
pub(super) fn meant_in(ground: &Ground<'_>, id: &SequenceId, version: &Version, file: &Value) -> Result<Vec<Change>, Failure> {
    let source = source_of(ground, id, version);
    let mut said = model(&source).map_err(|error| failure(id, &source, error))?;
    for reference in references(&said, &|id| ground.staging.resolve(id)) {
        change(&mut said, &reference).map_err(|error| failure(id, &source, error))?;
    }
    let meant = |key: &str| match said.get(key) {
        Some(value) => Some(set(key, value.clone())),
        None => without(file, key),
    };
    Ok(MEANT.into_iter().filter_map(meant).collect())
}

/// The changes after which a file, whose value is `file`, writes what is published: the state, the number and its message.
pub(super) fn published_lines(file: &Value, published: &Published, state: State) -> Vec<Change> {
    let message = match published.message.as_deref() {
        Some(message) => Some(set("message", message)),
        None => without(file, "message"),
    };
    [set("state", state.word()), set("version", published.number)].into_iter().chain(message).collect()
}

/// The text of a version, as the whole text of its sequence's file, with some changes more.
pub(super) fn whole_text(
    ground: &Ground<'_>,
    id: &SequenceId,
    version: &Version,
    more: impl FnOnce(&Value) -> Vec<Change>,
) -> Result<Source, Failure> {
    let source = source_of(ground, id, version);
    let said = model(&source).map_err(|error| failure(id, &source, error))?;
    let mut changes = references(&said, &|id| ground.staging.resolve(id));
    changes.extend(more(&said));
    edited(id, &source, &changes)
}

/// The text of a version at the place where its sequence's file is, or would be.
fn source_of(ground: &Ground<'_>, id: &SequenceId, version: &Version) -> Source {
    let path = ground.staging.file_of(id).cloned().unwrap_or_else(|| FilePath::new(format!("sequences/{id}.yaml")));
    Source::new(path, version.text.to_string())
}

/// The version of that number, which is known to be there.
pub(super) fn version(ground: &Ground<'_>, id: &SequenceId, number: u32) -> Result<Version, Failure> {
    let broken = || Failure::Broken(format!("version {number} of `{id}` is not in the store"));
    ground.version(id, number)?.ok_or_else(broken)
}
