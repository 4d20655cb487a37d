//! Opening a workspace, and finding in it what an argument means.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::check::Summary;
use crate::outside::cache::{Cache, WORTHWHILE, cache_folder};
use crate::outside::commit::overlay;
use crate::outside::disk::{self, Listing, Reader, Root, TroubleReason};
use crate::outside::store::{Followed, PendingFile, Store, StoreError};
use crate::sequence::SequenceId;
use crate::text::{Digest, FilePath, suggest};
use crate::workspace::{Content, FileKind, SEQUENCES, Workspace, kind_of};

use super::WrongUse;
use super::arguments::Arguments;
use super::desk::store_path;

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
    let workspace = read_and_judge(&root, None, beside)?;
    Ok(Opened { root, workspace, store: None, start })
}

/// As [`open`], compared with what is published, unless the store is to be left out.
pub(super) fn open_beside(arguments: &Arguments, beside: Beside) -> anyhow::Result<Opened> {
    if beside.no_store {
        return open(arguments, beside);
    }
    let start = start(arguments)?;
    let root = disk::find_root(&start)?;
    let Ok(path) = store_path(&root) else {
        // Its findings say what is wrong with the settings; nobody knows where the store lies until that is mended.
        return open(arguments, beside);
    };
    let asked = |result| Result::context(result, "the store cannot be asked; `--no-store` leaves it out");
    let Moment { contents, store, published } = asked(one_moment(&root, &path))?;
    let mut workspace = Workspace::new();
    first_update(&mut workspace, &root, contents, beside);
    workspace.follow(Box::new(published));
    workspace.refresh().map_err(anyhow::Error::msg)?;
    Ok(Opened { root, workspace, store, start })
}

/// Files and store as they were together: before some commit or after it, and nothing between.
struct Moment {
    contents: Vec<(FilePath, Content)>,
    store: Option<Store>,
    published: Followed,
}

/// How often we look again when others write between our looks.
const MOST_LOOKS: usize = 20;

/// Reads files and store of one moment. Nobody is kept from writing: where somebody did, it is read again.
fn one_moment(root: &Root, path: &Path) -> Result<Moment, StoreError> {
    let mut looks = 0;
    loop {
        looks += 1;
        let before = Store::open(path)?;
        let mark = before.as_ref().map(Store::mark).transpose()?;
        let contents = read_files(root, before.as_ref(), &|path| kind_of(path) != FileKind::Other)?;
        let published = Followed::new(path.to_owned()).read_ahead()?;
        let store = Store::open(path)?;
        store.as_ref().map(Store::stand_still).transpose()?;
        // Who writes without end is not waited for.
        if store.as_ref().map(Store::mark).transpose()? == mark || looks == MOST_LOOKS {
            return Ok(Moment { contents, store, published });
        }
    }
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
    read_and_judge(root, store, Beside { no_cache: true, ..Beside::default() })
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
    SequenceId::parse(argument).or_else(|| match kind_of(&root.file_path(&start.join(argument))?) {
        FileKind::Sequence(id) => Some(id),
        FileKind::Settings
        | FileKind::Template(_)
        | FileKind::Test
        | FileKind::Script
        | FileKind::Ignored(_)
        | FileKind::Other => None,
    })
}

fn read_and_judge(root: &Root, store: Option<&Store>, beside: Beside) -> anyhow::Result<Workspace> {
    let contents = read_files(root, store, &|path| kind_of(path) != FileKind::Other)?;
    let mut workspace = Workspace::new();
    first_update(&mut workspace, root, contents, beside);
    Ok(workspace)
}

/// The contents of the files that are wanted, with what a commit decided that has not reached all of them yet, and what keeps
/// others from being looked at.
pub(super) fn read_files(
    root: &Root,
    store: Option<&Store>,
    is_wanted: &(dyn Fn(&FilePath) -> bool + Sync),
) -> Result<Vec<(FilePath, Content)>, StoreError> {
    let mut looks = 0;
    loop {
        looks += 1;
        let mark = store.map(Store::mark).transpose()?;
        let mut contents = read_all(root, disk::list(root), is_wanted);
        if let Some(store) = store {
            lay_over(&mut contents, &store.pending()?);
            contents.retain(|(path, _)| is_wanted(path));
        }
        if store.map(Store::mark).transpose()? == mark || looks == MOST_LOOKS {
            return Ok(contents);
        }
    }
}

/// Takes in all there is, with what is remembered of the last run unless that is to be left out, and remembers it for the next.
pub(super) fn first_update(workspace: &mut Workspace, root: &Root, contents: Vec<(FilePath, Content)>, beside: Beside) {
    let folder = cache_folder(|name| std::env::var_os(name)).filter(|_| !beside.no_cache && contents.len() >= WORTHWHILE);
    match folder.map(|folder| Cache::open(&folder, root)) {
        None => workspace.update(contents),
        Some(cache) => {
            workspace.update_remembering(contents, &cache);
            cache.keep(workspace);
        }
    }
}

/// Lays what is pending over what was read: not over what may be there by now, which is another moment's.
fn lay_over(contents: &mut Vec<(FilePath, Content)>, pending: &[PendingFile]) {
    let read = |path: &FilePath| contents.iter().find(|(read, _)| read == path).map(|(_, content)| content);
    // What could not be read is not what a commit found there.
    let is_plain =
        |file: &&PendingFile| read(&file.path).is_none_or(|content| matches!(content, Content::Bytes(_) | Content::Gone));
    let holds = |path: &FilePath| match read(path)? {
        Content::Bytes(bytes) => Some(Digest::of(bytes)),
        Content::Gone | Content::TooLarge { .. } | Content::Unreadable(_) | Content::LeftOut(_) => None,
    };
    let pending: Vec<PendingFile> = pending.iter().filter(is_plain).cloned().collect();
    for (path, text) in overlay(&pending, holds) {
        contents.retain(|(other, _)| *other != path);
        contents.extend(text.map(|text| (path, Content::Bytes(text.as_bytes().to_vec()))));
    }
}

/// The contents of all files that matter, and what keeps others from being looked at.
fn read_all(root: &Root, listing: Listing, is_wanted: &(dyn Fn(&FilePath) -> bool + Sync)) -> Vec<(FilePath, Content)> {
    let files: Vec<FilePath> = listing.files.into_iter().filter(|file| is_wanted(file)).collect();
    let reader = Reader::new(root);
    let read = |file: FilePath| {
        let content = reader.read(&file);
        (file, content)
    };
    let mut contents: Vec<(FilePath, Content)> = files.into_par_iter().map(read).collect();
    contents.extend(listing.troubles.into_iter().map(|trouble| (trouble.path, content_of_trouble(&trouble.reason))));
    contents
}

/// What keeps us from looking at something, as the workspace takes it: refused by the system, or left out by us.
pub(super) fn content_of_trouble(reason: &TroubleReason) -> Content {
    match reason {
        TroubleReason::Unreadable(_) | TroubleReason::NotAFolder => Content::Unreadable(reason.to_string()),
        TroubleReason::NotUtf8
        | TroubleReason::LikeAFile
        | TroubleReason::Leaves(_)
        | TroubleReason::Dangling
        | TroubleReason::Loop
        | TroubleReason::TooManyLinks => Content::LeftOut(format!("it {reason}")),
    }
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
