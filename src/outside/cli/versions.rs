//! Finding a sequence and its versions for those who look: it may be one that has no file any more.

use anyhow::{anyhow, bail};

use crate::operation::Facts;
use crate::outside::store::{Store, VersionLine};
use crate::sequence::{Sequence, SequenceId, read_published};
use crate::text::FilePath;

use super::Fault;
use super::open::Opened;

/// A sequence that somebody wants to see.
pub(super) struct Shown {
    pub id: SequenceId,
    /// `None` where it was deleted and something of it is published.
    pub file: Option<FilePath>,
}

impl Shown {
    /// The sequence that an argument names: by id or path, or by the id of one that was deleted.
    pub(super) fn find(opened: &Opened, store: Option<&Store>, argument: &str) -> anyhow::Result<Self> {
        let found = opened.sequence_file(argument);
        let id = SequenceId::parse(argument);
        match (found, id) {
            (Ok(file), _) => {
                let summary = opened.workspace.summaries().find(|summary| summary.file == file);
                match summary.map(|summary| summary.id.clone()) {
                    Some(id) => Ok(Self { id, file: Some(file) }),
                    None => bail!("no sequence can be read in {file}; `segue validate {file}` says why"),
                }
            }
            (Err(_), Some(id)) if !version_lines(store, &id)?.is_empty() => Ok(Self { id, file: None }),
            (Err(error), _) => Err(error),
        }
    }
}

/// Every version of a sequence, oldest first.
pub(super) fn version_lines(store: Option<&Store>, id: &SequenceId) -> anyhow::Result<Vec<VersionLine>> {
    Ok(store.map_or(Ok(Vec::new()), |store| store.version_lines(id))?)
}

/// One of the versions, with what it says.
pub(super) fn known_version<'l>(
    store: &Store,
    id: &SequenceId,
    lines: &'l [VersionLine],
    number: u32,
) -> anyhow::Result<(&'l VersionLine, Sequence)> {
    let Some(line) = lines.iter().find(|line| line.number == number) else {
        bail!("`{id}` has no version {number}; {}", listed(lines));
    };
    let version = store.version(id, number)?;
    let sequence = version.and_then(|version| read_published(&version.text, id));
    let broken = || anyhow!(Fault(format!("version {number} of `{id}` is not in the store, or is no sequence")));
    Ok((line, sequence.ok_or_else(broken)?))
}

/// The versions that there are: runs of numbers by their ends.
fn listed(lines: &[VersionLine]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for line in lines {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == line.number => *last = line.number,
            Some(_) | None => runs.push((line.number, line.number)),
        }
    }
    let run = |(first, last): &(u32, u32)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first} to {last}"),
    };
    match runs.as_slice() {
        [] => "nothing of it is published".to_owned(),
        [(first, last)] if first == last => format!("there is {first}"),
        runs => format!("there are {}", runs.iter().map(run).collect::<Vec<_>>().join(", ")),
    }
}
