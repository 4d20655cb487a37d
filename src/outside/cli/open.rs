//! Opening a workspace, and finding in it what an argument means.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::check::Summary;
use crate::outside::disk::{self, Root};
use crate::outside::store::{Followed, Store};
use crate::sequence::SequenceId;
use crate::text::{FilePath, suggest};
use crate::workspace::{FileKind, SEQUENCES, Workspace, kind_of};

use super::WrongUse;
use super::arguments::Arguments;
use super::desk::{settings, store_path, store_path_by};
use super::reading::{Memory, Moment, at_rest, one_moment, read_files};

/// A workspace, and from where it was opened.
pub(super) struct Opened {
    pub root: Root,
    pub workspace: Workspace,
    /// The store as it was when the files were read, if there is one and it is not left out.
    pub store: Option<Store>,
    start: PathBuf,
}

/// The folder that the program works from.
pub(super) fn start(arguments: &Arguments) -> anyhow::Result<PathBuf> {
    let current = std::env::current_dir().context("cannot find the current folder")?;
    Ok(arguments.directory.as_ref().map_or_else(|| current.clone(), |directory| current.join(directory)))
}

/// What is asked beside the files.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Beside {
    /// Whether what is published is left out.
    pub no_store: bool,
    /// Whether what is remembered of the last run is left out.
    pub no_cache: bool,
}

/// Finds the workspace around the start, reads all of it and judges it.
pub(super) fn open(arguments: &Arguments, beside: Beside) -> anyhow::Result<Opened> {
    let start = start(arguments)?;
    let root = disk::find_root(&start)?;
    let workspace = read_and_judge(&root, None, &Memory::of(&root, &settings(&root), beside))?;
    Ok(Opened { root, workspace, store: None, start })
}

/// As [`open`], compared with what is published, unless the store is to be left out.
pub(super) fn open_beside(arguments: &Arguments, beside: Beside) -> anyhow::Result<Opened> {
    if beside.no_store {
        return open(arguments, beside);
    }
    let start = start(arguments)?;
    let root = disk::find_root(&start)?;
    let settings = settings(&root);
    let Ok(path) = store_path_by(&root, &settings) else {
        // Its findings say what is wrong with the settings; nobody knows where the store lies until that is mended.
        return open(arguments, beside);
    };
    let memory = Memory::of(&root, &settings, beside);
    let (workspace, store) = at_rest(|| {
        let asked = |result| Result::context(result, "the store cannot be asked; `--no-store` leaves it out");
        let Moment { taken, store, published } = asked(one_moment(&root, &path, &memory))?;
        let mut workspace = memory.workspace(taken);
        workspace.follow(Box::new(published));
        workspace.refresh().map_err(anyhow::Error::msg)?;
        anyhow::Ok((memory.is_whole(), (workspace, store)))
    })?;
    Ok(Opened { root, workspace, store, start })
}

/// As [`open_beside`], for whoever holds the lock and knows where the store lies.
pub(super) fn open_for_writing(
    root: &Root,
    start: PathBuf,
    store_path: PathBuf,
    store: Option<&Store>,
) -> anyhow::Result<Opened> {
    let mut workspace = open_at(root, store)?;
    workspace.follow(Box::new(Followed::new(store_path)));
    workspace.refresh().map_err(anyhow::Error::msg)?;
    Ok(Opened { root: root.clone(), workspace, store: None, start })
}

/// Reads all of a workspace and judges it, believing nothing but the files. What a commit decided that has not reached all
/// files yet is laid over them.
pub(super) fn open_at(root: &Root, store: Option<&Store>) -> anyhow::Result<Workspace> {
    read_and_judge(root, store, &Memory::none(root))
}

/// As [`open_at`], of the settings and one sequence alone, for whoever asks nothing of others.
pub(super) fn open_one_at(root: &Root, store: Option<&Store>, sequence: &SequenceId) -> anyhow::Result<Workspace> {
    let is_wanted = |path: &FilePath| match kind_of(path) {
        FileKind::Settings => true,
        FileKind::Sequence(id) => id == *sequence,
        FileKind::Template(_) | FileKind::Test | FileKind::Script | FileKind::Ignored(_) | FileKind::Other => false,
    };
    let mut workspace = Workspace::new();
    workspace.update(read_files(root, store, &is_wanted)?);
    Ok(workspace)
}

/// The sequence that an argument means: by its id, or by its file's path from where the command was started. A file that is
/// gone, or cannot be read, is named like any other.
pub(super) fn sequence_named(root: &Root, start: &Path, argument: &str) -> Option<SequenceId> {
    SequenceId::parse(argument).or_else(|| kind_of(&root.file_path(&start.join(argument))?).into_sequence())
}

fn read_and_judge(root: &Root, store: Option<&Store>, memory: &Memory) -> anyhow::Result<Workspace> {
    at_rest(|| {
        let workspace = memory.workspace(memory.take_files(root, store)?);
        Ok((memory.is_whole(), workspace))
    })
}

impl Opened {
    /// The store as it was when the files were read, if there is one: for a view that shows both.
    ///
    /// # Errors
    /// Where nobody knows where it lies.
    pub(super) fn store_to_show(&mut self) -> anyhow::Result<Option<Store>> {
        if self.store.is_none() {
            store_path(&self.root)?;
        }
        Ok(self.store.take())
    }

    /// The files that arguments name; `None` for no arguments, which mean everything.
    pub(super) fn select(&self, arguments: &[String]) -> anyhow::Result<Option<BTreeSet<FilePath>>> {
        if arguments.is_empty() {
            return Ok(None);
        }
        let mut selected = BTreeSet::new();
        for argument in arguments {
            selected.extend(self.files_of(argument)?);
        }
        Ok(Some(selected))
    }

    /// The one sequence file that an argument names.
    pub(super) fn sequence_file(&self, argument: &str) -> anyhow::Result<FilePath> {
        let files = self.files_of(argument)?;
        let is_sequence = |file: &FilePath| matches!(kind_of(file), FileKind::Sequence(_));
        match files.as_slice() {
            [file] if is_sequence(file) => Ok(file.clone()),
            [file] => bail!("{file} is no sequence"),
            several => bail!("`{argument}` names {} files; name one sequence", several.len()),
        }
    }

    /// The files that one argument names: a sequence by its id, a file, or everything in a folder.
    fn files_of(&self, argument: &str) -> anyhow::Result<Vec<FilePath>> {
        let by_id: Vec<FilePath> = self
            .workspace
            .summaries()
            .filter(|summary| summary.id.as_str() == argument)
            .map(|summary| summary.file.clone())
            .collect();
        if !by_id.is_empty() {
            return Ok(by_id);
        }
        if argument.trim().is_empty() {
            bail!(WrongUse("an argument is empty: name a sequence by id, or a file or folder by path".to_owned()));
        }
        let path = self.start.join(argument);
        if !path.exists() {
            return Err(self.no_such(argument));
        }
        let Some(inside) = self.root.file_path(&path) else {
            bail!("{} lies outside the workspace {}", path.display(), self.root.path().display());
        };
        let known = self.workspace.paths().filter(|file| lies_in(file, &inside));
        let files: Vec<FilePath> = known.cloned().collect();
        if files.is_empty() {
            bail!("nothing to check in {argument}: a workspace is `segue.yaml` and what lies in `{SEQUENCES}/`");
        }
        Ok(files)
    }

    fn no_such(&self, argument: &str) -> anyhow::Error {
        let was_called_so = |summary: &&Summary| summary.formerly.iter().any(|former| former.value == argument);
        if let Some(renamed) = self.workspace.summaries().find(was_called_so) {
            return anyhow::anyhow!("{argument}: it is called `{}` now", renamed.id);
        }
        let ids = self.workspace.summaries().map(|summary| summary.id.as_str());
        let looks_like_a_path = argument.contains(['/', '.']) || Path::new(argument).is_absolute();
        let what = if looks_like_a_path { "no such file or folder" } else { "no sequence is called so, and no file" };
        match suggest(argument, ids) {
            Some(near) => anyhow::anyhow!("{argument}: {what}; did you mean `{near}`?"),
            None => anyhow::anyhow!("{argument}: {what}"),
        }
    }
}

pub(super) fn lies_in(file: &FilePath, folder: &FilePath) -> bool {
    let (file, folder) = (file.as_str(), folder.as_str());
    folder.is_empty() || file == folder || file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
