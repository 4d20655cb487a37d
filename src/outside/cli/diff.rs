//! `segue diff`

use anyhow::bail;

use crate::operation::Staging;
use crate::outside::report::{self, Compared, Edition};
use crate::outside::store::{Store, VersionLine};
use crate::sequence::{Sequence, SequenceId, differences};
use crate::text::FilePath;
use crate::time::Instant;

use super::arguments::{Arguments, Diff, DiffFormat};
use super::list::store_to_show;
use super::open::{Beside, Opened, open};
use super::screen::Screen;
use super::versions::{Shown, known_version, version_lines};
use super::{Exit, complain};

pub(super) fn run(arguments: &Arguments, command: &Diff, screen: &Screen) -> anyhow::Result<Exit> {
    let opened = open(arguments, Beside::default())?;
    let store = store_to_show(&opened.root)?;
    let shown = Shown::find(&opened, store.as_ref(), &command.sequence)?;
    let id = shown.id.clone();
    let lines = version_lines(store.as_ref(), &id)?;
    let Some(store) = store.filter(|_| !lines.is_empty()) else {
        bail!("nothing of `{id}` is published that its file could be compared with; `segue activate {id}` does that");
    };
    let newest = lines.last().map_or(1, |line| line.number);
    let before = version(&store, &id, &lines, command.from.unwrap_or(newest))?;
    let after = match command.to {
        Some(number) => version(&store, &id, &lines, number)?,
        None => draft(&opened, shown, command.from.is_some())?,
    };
    let staging = Staging::new(opened.workspace.into_base(), Instant::now());
    let found = differences(&before.sequence, &after.sequence, &|id| staging.resolve(id));
    let compared =
        Compared { sequence: &id, before: before.edition.as_told(), after: after.edition.as_told(), differences: &found };
    screen.print(|out| match command.format {
        DiffFormat::Human => report::differences(out, &compared, screen.terminal()),
        DiffFormat::Json => report::differences_json(out, &compared),
        DiffFormat::Markdown => report::differences_markdown(out, &compared),
    })?;
    Ok(Exit::Fine)
}

/// One of the two that are compared.
struct Side {
    edition: Owned,
    sequence: Sequence,
}

enum Owned {
    Version(VersionLine),
    File(FilePath),
}

impl Owned {
    fn as_told(&self) -> Edition<'_> {
        match self {
            Owned::Version(line) => Edition::Version(line),
            Owned::File(file) => Edition::File(file),
        }
    }
}

fn version(store: &Store, id: &SequenceId, lines: &[VersionLine], number: u32) -> anyhow::Result<Side> {
    let (line, sequence) = known_version(store, id, lines, number)?;
    Ok(Side { edition: Owned::Version(line.clone()), sequence })
}

/// What the file says.
fn draft(opened: &Opened, shown: Shown, is_from_given: bool) -> anyhow::Result<Side> {
    let id = &shown.id;
    let Some(file) = shown.file else {
        let versions = if is_from_given { "another version" } else { "two versions" };
        bail!("`{id}` has no file any more: name {versions} of it to compare, like `segue diff {id} 1 2`");
    };
    let Some(sequence) = opened.workspace.sequence(&file) else {
        bail!("no sequence can be read in {file}; `segue validate {file}` says why");
    };
    let is_whole = opened.workspace.summaries().any(|summary| summary.file == file && summary.meaning.is_some());
    if !is_whole {
        complain(&format!("{file} cannot be read whole, and what is hidden counts as gone; `segue validate {id}` says more"));
    }
    Ok(Side { edition: Owned::File(file), sequence })
}
