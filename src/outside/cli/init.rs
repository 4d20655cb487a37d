//! `segue init`

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::outside::disk::{self, DiskError};

use super::arguments::{Arguments, Init};
use super::open::start;
use super::schema;
use super::{Exit, Refusal};

/// What a new workspace starts with.
const FILES: [(&str, &str); 3] = [
    ("segue.yaml", include_str!("starter/segue.yaml")),
    ("sequences/first-contact.yaml", include_str!("starter/first-contact.yaml")),
    ("sequences/templates/intro.md", include_str!("starter/intro.md")),
];

/// What git should not track: local state.
const IGNORED: &str = ".segue/\n";

pub(super) fn run(arguments: &Arguments, command: &Init) -> anyhow::Result<Exit> {
    let start = start(arguments)?;
    let folder = command.folder.as_ref().map_or_else(|| start.clone(), |folder| start.join(folder));
    // The folder may not be there yet; what is there of the way to it tells whether it would lie in a workspace.
    let nearest = folder.ancestors().find(|ancestor| ancestor.is_dir()).unwrap_or(&start);
    if let Ok(root) = disk::find_root(nearest) {
        return Err(Refusal(format!("{} is a workspace already; nothing was changed", root.path().display())).into());
    }
    make(&folder)?;
    FILES.iter().try_for_each(|(name, _)| say(&format!("created {name}")))?;
    ignore_local_state(&folder)?;
    prepare_editor(&folder)?;
    say("\nnext: `segue validate` checks it, `segue show first-contact` draws the first sequence,")?;
    say("`segue watch` stays open beside your editor")?;
    Ok(Exit::Fine)
}

/// Makes all files or none: half a workspace would be taken for a whole one by the next run.
fn make(folder: &Path) -> anyhow::Result<()> {
    let missing = |name: &str| {
        let folders: Vec<PathBuf> = Path::new(name).ancestors().skip(1).map(|part| folder.join(part)).collect();
        folders.into_iter().filter(|folder| !folder.exists())
    };
    let new_folders: BTreeSet<PathBuf> = FILES.iter().flat_map(|(name, _)| missing(name)).collect();
    for (count, (name, text)) in FILES.iter().enumerate() {
        if let Err(error) = disk::create_new(&folder.join(name), text) {
            // Where something cannot be taken away again, the reason for stopping is still the one to tell.
            FILES.iter().take(count).for_each(|(name, _)| drop(fs::remove_file(folder.join(name))));
            new_folders.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
            return Err(anyhow::Error::new(error).context("no workspace was started"));
        }
    }
    Ok(())
}

/// A `.gitignore` of somebody's own is not touched; they are told what to add.
fn ignore_local_state(folder: &Path) -> anyhow::Result<()> {
    match disk::create_new(&folder.join(".gitignore"), IGNORED) {
        Ok(()) => say("created .gitignore"),
        Err(DiskError::Exists { .. }) => {
            let text = fs::read_to_string(folder.join(".gitignore")).unwrap_or_default();
            let is_there = text.lines().any(|line| matches!(line.trim(), ".segue/" | ".segue" | "/.segue/" | "/.segue"));
            if is_there { Ok(()) } else { say("add `.segue/` to your .gitignore: local state will lie there") }
        }
        Err(error) => Err(error.into()),
    }
}

/// Tells editors which schema a file has. Settings of somebody's own are not touched; they are told what to add.
fn prepare_editor(folder: &Path) -> anyhow::Result<()> {
    let (created, mapping) = schema::prepare(folder)?;
    created.iter().try_for_each(|name| say(&format!("created {name}")))?;
    let path = folder.join(schema::MAPPING_FILE);
    let is_there = || fs::read_to_string(path).is_ok_and(|text| text.contains("segue-sequence.schema.json"));
    if mapping == schema::Mapping::Written || is_there() {
        return Ok(());
    }
    say(&format!(
        "add this to your {}, so that your editor knows the files:\n{}",
        schema::MAPPING_FILE,
        schema::MAPPING.trim_end()
    ))
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(io::stdout(), "{line}")?;
    Ok(())
}
