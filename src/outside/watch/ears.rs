//! The system's watcher: one watch a folder on Linux, one for the whole tree elsewhere.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use notify::{ErrorKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::hints::Shared;

/// Adds and takes away watches.
pub(super) struct Ears {
    watcher: Option<RecommendedWatcher>,
    /// How many folders may be watched at once, in tests.
    most: usize,
    watched: usize,
    /// Whether the system refused one more watch.
    full: bool,
}

impl Ears {
    /// Asks the system for events, which then go to `shared`. Where it has none, says why.
    pub fn open(root: &Path, shared: &Arc<Shared>, most: usize) -> (Self, Option<String>) {
        let hears = Arc::clone(shared);
        let opened = notify::recommended_watcher(move |event| hears.hear(event)).and_then(|mut watcher| {
            if !EACH_FOLDER {
                watcher.watch(root, RecursiveMode::Recursive)?;
            }
            Ok(watcher)
        });
        match opened {
            Ok(watcher) => (Self { watcher: Some(watcher), most, watched: 0, full: false }, None),
            Err(error) => (Self::deaf(), Some(error.to_string())),
        }
    }

    /// No events at all.
    pub fn deaf() -> Self {
        Self { watcher: None, most: 0, watched: 0, full: false }
    }

    /// Whether events come at all.
    pub fn is_deaf(&self) -> bool {
        self.watcher.is_none()
    }

    /// Whether a folder is not watched for want of watches.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Lets the next folder be tried although one was refused.
    pub fn try_again(&mut self) {
        self.full = false;
    }

    /// Watches a folder; tells whether it is watched now.
    pub fn listen(&mut self, folder: &Path) -> bool {
        let Some(watcher) = &mut self.watcher else { return false };
        if !EACH_FOLDER {
            return true;
        }
        if self.full || self.watched >= self.most {
            self.full = true;
            return false;
        }
        match watcher.watch(folder, RecursiveMode::NonRecursive) {
            Ok(()) => {
                self.watched += 1;
                true
            }
            Err(error) => {
                // Other errors mean that the folder is gone or closed to us, which shows when it is listed.
                self.full = matches!(error.kind, ErrorKind::MaxFilesWatch);
                false
            }
        }
    }

    /// Takes the watch of a folder away.
    pub fn ignore(&mut self, folder: &Path) {
        if let Some(watcher) = &mut self.watcher
            && EACH_FOLDER
        {
            self.watched = self.watched.saturating_sub(1);
            // It may have gone with its folder.
            let _ = watcher.unwatch(folder);
        }
    }
}

/// Watching a tree as a whole loses files in new folders on Linux; elsewhere it is the system's own way.
const EACH_FOLDER: bool = cfg!(target_os = "linux");

/// How many watches the system gives to one user.
pub(super) fn limit() -> Option<u64> {
    let path = PathBuf::from("/proc/sys/fs/inotify/max_user_watches");
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}
