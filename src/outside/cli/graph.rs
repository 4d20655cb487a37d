//! `segue graph`

use std::collections::BTreeMap;

use crate::outside::report::{self, Drawn};

use super::Exit;
use super::arguments::{Arguments, Graph};
use super::open::{Beside, open_beside};
use super::screen::Screen;
use super::show::standing;
use super::versions::{Shown, known_version, refuse, version_lines};

pub(super) fn run(arguments: &Arguments, command: &Graph, screen: &Screen) -> anyhow::Result<Exit> {
    let mut opened = open_beside(arguments, Beside::default())?;
    let store = if command.no_store { None } else { opened.store_to_show()? };
    let shown = Shown::find(&opened, store.as_ref(), &command.sequence)?;
    let id = shown.id.clone();
    let sequence = match command.version {
        None => shown.draft(&opened)?.1,
        Some(number) => match known_version(store.as_ref(), &id, &version_lines(store.as_ref(), &id)?, number)? {
            Ok((_, sequence)) => sequence,
            Err(refusal) => return Ok(refuse(&refusal, screen)),
        },
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
