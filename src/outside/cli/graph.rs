//! `segue graph`

use std::collections::BTreeMap;

use anyhow::bail;

use crate::outside::report::{self, Drawn};
use crate::sequence::Sequence;

use super::Exit;
use super::arguments::{Arguments, Graph};
use super::list::store_to_show;
use super::open::{Beside, Opened, open};
use super::screen::Screen;
use super::show::standing;
use super::versions::{Shown, known_version, version_lines};

pub(super) fn run(arguments: &Arguments, command: &Graph, screen: &Screen) -> anyhow::Result<Exit> {
    let opened = open(arguments, Beside::default())?;
    let store = if command.no_store { None } else { store_to_show(&opened.root)? };
    let shown = Shown::find(&opened, store.as_ref(), &command.sequence)?;
    let id = shown.id.clone();
    let sequence = match (command.version, &store) {
        (None, _) => draft(&opened, &shown)?,
        (Some(number), Some(store)) => known_version(store, &id, &version_lines(Some(store), &id)?, number)?.1,
        (Some(number), None) => {
            bail!("`{id}` has no version {number}: nothing of it is published; `segue activate {id}` does that")
        }
    };
    let standing = store.map_or_else(|| Ok(BTreeMap::new()), |store| standing(&store, &id, command.version))?;
    let title = match command.version {
        None => id.to_string(),
        Some(number) => format!("{id}, version {number}"),
    };
    let drawn = Drawn { title: &title, steps: &sequence.steps, standing: &standing };
    screen.print(|out| report::graph(out, &drawn, command.format))?;
    Ok(Exit::Fine)
}

/// What the file says.
fn draft(opened: &Opened, shown: &Shown) -> anyhow::Result<Sequence> {
    let id = &shown.id;
    let Some(file) = &shown.file else {
        bail!("`{id}` has no file any more: name a version of it, like `--version 1`");
    };
    match opened.workspace.sequence(file) {
        Some(sequence) => Ok(sequence),
        None => bail!("no sequence can be read in {file}; `segue validate {file}` says why"),
    }
}
