//! Reading the files of a workspace: all of one moment, with what is remembered of the run before.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::outside::cache::{Cache, WORTHWHILE, cache_folder};
use crate::outside::commit::overlay;
use crate::outside::disk::{self, Reader, Root, TroubleReason};
use crate::outside::store::{Followed, PendingFile, Store, StoreError};
use crate::settings::Settings;
use crate::text::{Digest, FilePath};
use crate::workspace::{Content, FileKind, Taken, Texts, Workspace, kind_of};

use super::open::Beside;

/// How often we look again when others write between our looks. Who writes without end is not waited for.
const MOST_LOOKS: usize = 20;

/// Looks until nobody changed anything while we looked. A look tells whether that is so.
pub(super) fn at_rest<T, E>(mut look: impl FnMut() -> Result<(bool, T), E>) -> Result<T, E> {
    let mut looks = 0;
    loop {
        looks += 1;
        let (is_whole, seen) = look()?;
        if is_whole || looks == MOST_LOOKS {
            return Ok(seen);
        }
    }
}

/// Files and store as they were together: before some commit or after it, and nothing between.
pub(super) struct Moment {
    pub taken: Vec<(FilePath, Taken)>,
    pub store: Option<Store>,
    pub published: Followed,
}

/// Reads files and store of one moment. Nobody is kept from writing: where somebody did, it is read again.
pub(super) fn one_moment(root: &Root, path: &Path, memory: &Memory) -> Result<Moment, StoreError> {
    at_rest(|| {
        let before = Store::open(path)?;
        let mark = before.as_ref().map(Store::mark).transpose()?;
        let taken = memory.take_files(root, before.as_ref())?;
        let published = Followed::new(path.to_owned()).read_ahead()?;
        let store = Store::open(path)?;
        store.as_ref().map(Store::stand_still).transpose()?;
        let is_whole = store.as_ref().map(Store::mark).transpose()? == mark;
        Ok((is_whole, Moment { taken, store, published }))
    })
}

/// The contents of the files that are wanted, with what a commit decided that has not reached all of them yet, and what keeps
/// others from being looked at.
pub(super) fn read_files(
    root: &Root,
    store: Option<&Store>,
    is_wanted: &(dyn Fn(&FilePath) -> bool + Sync),
) -> Result<Vec<(FilePath, Content)>, StoreError> {
    at_rest(|| {
        let mark = store.map(Store::mark).transpose()?;
        let mut contents = read_all(root, is_wanted, &|_, content| content);
        if let Some(store) = store {
            lay_over(&mut contents, &store.pending()?);
            contents.retain(|(path, _)| is_wanted(path));
        }
        Ok((store.map(Store::mark).transpose()? == mark, contents))
    })
}

/// What is remembered of the last run, and what is remembered of this one for the next.
pub(super) struct Memory {
    cache: Option<Cache>,
    texts: OnDisk,
}

impl Memory {
    /// What is remembered of a workspace, unless that is to be left out.
    pub(super) fn of(root: &Root, settings: &Settings, beside: Beside) -> Self {
        let folder = cache_folder(|name| std::env::var_os(name)).filter(|_| !beside.no_cache);
        let cache = folder.map(|folder| Cache::open(&folder, root, settings.digest()));
        Self { cache, ..Self::none(root) }
    }

    /// Nothing is remembered, and nothing will be.
    pub(super) fn none(root: &Root) -> Self {
        Self { cache: None, texts: OnDisk { root: root.clone(), has_moved: Arc::default() } }
    }

    /// What there is to take in of the files of a workspace: each is read, and forgotten again where it is remembered.
    pub(super) fn take_files(&self, root: &Root, store: Option<&Store>) -> Result<Vec<(FilePath, Taken)>, StoreError> {
        let is_wanted = |path: &FilePath| kind_of(path) != FileKind::Other;
        let is_pending = store.map_or(Ok(false), |store| store.pending().map(|pending| !pending.is_empty()))?;
        // What is pending lies nowhere yet from where its text could be fetched.
        if self.cache.is_none() || is_pending {
            let contents = read_files(root, store, &is_wanted)?;
            return Ok(contents.into_iter().map(|(path, content)| (path, Taken::Read(content))).collect());
        }
        let take = |path: &FilePath, content| self.recall(path, content);
        // What was kept is looked at while files are listed.
        Ok(rayon::in_place_scope(|scope| {
            scope.spawn(|_| self.cache.iter().for_each(Cache::look));
            read_all(root, &is_wanted, &take)
        }))
    }

    fn recall(&self, path: &FilePath, content: Content) -> Taken {
        match &self.cache {
            Some(cache) => cache.recall(path, content),
            None => Taken::Read(content),
        }
    }

    /// A workspace of what was taken in; what was read of it is remembered for the next run.
    pub(super) fn workspace(&self, taken: Vec<(FilePath, Taken)>) -> Workspace {
        let mut workspace = Workspace::new();
        self.update(&mut workspace, taken);
        workspace
    }

    fn update(&self, workspace: &mut Workspace, taken: Vec<(FilePath, Taken)>) {
        workspace.update_remembering(taken, Box::new(self.texts.clone()));
        if let Some(cache) = self.cache.as_ref().filter(|_| workspace.counts().files >= WORTHWHILE) {
            cache.keep(workspace);
        }
    }

    /// As [`Workspace::update`], with what is remembered.
    pub(super) fn first_update(&self, workspace: &mut Workspace, contents: Vec<(FilePath, Content)>) {
        let recall = |(path, content): (FilePath, Content)| {
            let taken = self.recall(&path, content);
            (path, taken)
        };
        self.update(workspace, contents.into_par_iter().map(recall).collect());
    }

    /// Whether all texts that were asked for since this was last asked were as they are remembered.
    pub(super) fn is_whole(&self) -> bool {
        !self.texts.has_moved.swap(false, Ordering::Relaxed)
    }
}

/// The texts of a workspace, as they lie there.
#[derive(Clone, Debug)]
struct OnDisk {
    root: Root,
    /// Whether one was another.
    has_moved: Arc<AtomicBool>,
}

impl Texts for OnDisk {
    fn fetch(&self, file: &FilePath, digest: Digest) -> Option<String> {
        let text = match disk::read(&self.root, file) {
            Content::Bytes(bytes) => String::from_utf8(bytes).ok().filter(|text| Digest::of(text) == digest),
            Content::Gone | Content::TooLarge { .. } | Content::Unreadable(_) | Content::LeftOut(_) => None,
        };
        self.has_moved.fetch_or(text.is_none(), Ordering::Relaxed);
        text
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

/// All files that matter, and what keeps others from being looked at, each as `take` takes its contents.
fn read_all<T: Send>(
    root: &Root,
    is_wanted: &(dyn Fn(&FilePath) -> bool + Sync),
    take: &(dyn Fn(&FilePath, Content) -> T + Sync),
) -> Vec<(FilePath, T)> {
    let listing = disk::list(root);
    let files: Vec<FilePath> = listing.files.into_iter().filter(|file| is_wanted(file)).collect();
    let reader = Reader::new(root);
    let read = |file: FilePath| {
        let taken = take(&file, reader.read(&file));
        (file, taken)
    };
    let mut all: Vec<(FilePath, T)> = files.into_par_iter().map(read).collect();
    all.extend(listing.troubles.into_iter().map(|trouble| {
        let taken = take(&trouble.path, content_of_trouble(&trouble.reason));
        (trouble.path, taken)
    }));
    all
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
