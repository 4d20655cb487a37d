//! Finding a sequence and its versions for those who look: it may be one that has no file any more.

use anyhow::{anyhow, bail};

use crate::operation::{Facts, Refusal, unknown_version};
use crate::outside::store::{Store, VersionLine};
use crate::sequence::{Sequence, SequenceId, read_published};
use crate::text::FilePath;

use super::desk::tell_refusal;
use super::open::Opened;
use super::screen::Screen;
use super::{Exit, Fault};

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
            (Err(_), Some(id)) if !is_declared(opened, &id) && !version_lines(store, &id)?.is_empty() => {
                Ok(Self { id, file: None })
            }
            (Err(error), _) => Err(error),
        }
    }

    /// What its file says, and where that is.
    pub(super) fn draft(&self, opened: &Opened) -> anyhow::Result<(FilePath, Sequence)> {
        let Self { id, file } = self;
        let Some(file) = file else {
            bail!("`{id}` has no file any more; `segue history {id}` shows the versions that can be named instead");
        };
        match opened.workspace.sequence(file) {
            Some(sequence) => Ok((file.clone(), sequence)),
            None => bail!("no sequence can be read in {file}; `segue validate {file}` says why"),
        }
    }
}

/// Whether some file declares the id.
fn is_declared(opened: &Opened, id: &SequenceId) -> bool {
    opened.workspace.summaries().any(|summary| summary.id == *id)
}

/// Every version of a sequence, oldest first.
pub(super) fn version_lines(store: Option<&Store>, id: &SequenceId) -> anyhow::Result<Vec<VersionLine>> {
    Ok(store.map_or(Ok(Vec::new()), |store| store.version_lines(id))?)
}

/// One of the versions, with what it says.
pub(super) fn known_version<'l>(
    store: Option<&Store>,
    id: &SequenceId,
    lines: &'l [VersionLine],
    number: u32,
) -> anyhow::Result<Result<(&'l VersionLine, Sequence), Refusal>> {
    let (Some(store), Some(line)) = (store, lines.iter().find(|line| line.number == number)) else {
        let known: Vec<_> = lines.iter().map(|line| (line.number, line.meaning)).collect();
        return Ok(Err(unknown_version(id, number, &known)));
    };
    let version = store.version(id, number)?;
    let sequence = version.and_then(|version| read_published(&version.text, id));
    let broken = || anyhow!(Fault(format!("version {number} of `{id}` is not in the store, or is no sequence")));
    Ok(Ok((line, sequence.ok_or_else(broken)?)))
}

/// Says that there is no such version.
pub(super) fn refuse(refusal: &Refusal, screen: &Screen) -> Exit {
    tell_refusal(refusal, &|_| None, screen);
    Exit::Errors
}
