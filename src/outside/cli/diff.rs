//! `segue diff`

use anyhow::bail;

use crate::operation::{Refusal, Staging};
use crate::outside::report::{self, Compared, Edition};
use crate::outside::store::VersionLine;
use crate::sequence::{Sequence, differences};
use crate::text::FilePath;
use crate::time::Instant;

use super::arguments::{Arguments, Diff, DiffFormat};
use super::open::{Beside, Opened, open_beside};
use super::screen::Screen;
use super::versions::{Shown, known_version, refuse, version_lines};
use super::{Exit, complain};

pub(super) fn run(arguments: &Arguments, command: &Diff, screen: &Screen) -> anyhow::Result<Exit> {
    let mut opened = open_beside(arguments, Beside::default())?;
    let store = opened.store_to_show()?;
    let shown = Shown::find(&opened, store.as_ref(), &command.sequence)?;
    let id = shown.id.clone();
    let lines = version_lines(store.as_ref(), &id)?;
    let Some(newest) = lines.last().map(|line| line.number) else {
        bail!("nothing of `{id}` is published that its file could be compared with; `segue activate {id}` does that");
    };
    let version = |number| -> anyhow::Result<Result<Side, Refusal>> {
        let known = known_version(store.as_ref(), &id, &lines, number)?;
        Ok(known.map(|(line, sequence)| Side { edition: Owned::Version(line.clone()), sequence }))
    };
    let before = match version(command.from.unwrap_or(newest))? {
        Ok(side) => side,
        Err(refusal) => return Ok(refuse(&refusal, screen)),
    };
    let after = match command.to.map(version).transpose()? {
        None => draft(&opened, &shown)?,
        Some(Ok(side)) => side,
        Some(Err(refusal)) => return Ok(refuse(&refusal, screen)),
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

/// What the file says.
fn draft(opened: &Opened, shown: &Shown) -> anyhow::Result<Side> {
    let (file, sequence) = shown.draft(opened)?;
    let is_whole = opened.workspace.summaries().any(|summary| summary.file == file && summary.meaning.is_some());
    if !is_whole {
        complain(&format!("{file} cannot be read whole, and what is hidden counts as gone; `segue validate {file}` says more"));
    }
    Ok(Side { edition: Owned::File(file), sequence })
}
