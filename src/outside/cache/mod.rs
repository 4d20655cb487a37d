//! Summaries kept from one run to the next, in the user's own cache folder.
//!
//! In come sequences that were read, out come their summaries when the same bytes lie at the same place again. A summary is
//! taken only for the same text, by the same settings, by the same build of the program, and if no bit of it changed since;
//! whatever is wrong with what was kept, it is as if nothing had been. Nothing here ever fails a command.
#![allow(clippy::disallowed_methods, reason = "this room keeps files of its own, outside of any workspace")]

mod bound;
mod form;

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::check::Summary;
use crate::outside::disk::Root;
use crate::text::{Digest, FilePath};
use crate::workspace::{Content, Remembered, Taken, Text, Workspace, kind_of};

use form::{Entry, Kept, write_kept};

/// This build of the program.
const BUILD: &str = env!("SEGUE_BUILD");

/// The largest file that is taken: more than any workspace needs.
const MAX_BYTES: u64 = 256 << 20;

/// With fewer files than this, reading them is as quick as remembering.
pub const WORTHWHILE: usize = 64;

/// What is remembered of one workspace.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    place: PathBuf,
    settings: Digest,
    /// What was kept; looked at when somebody first asks.
    kept: OnceLock<Option<Kept>>,
    /// Whether something had to be read that was not remembered.
    has_news: AtomicBool,
}

/// The folder in which this program may keep what can be lost, by the customs of the system. `variable` asks the environment.
pub fn cache_folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else {
        let usual = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
        folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(usual)))
    };
    Some(base?.join("segue"))
}

impl Cache {
    /// What is remembered in a folder of a workspace by these settings.
    pub fn open(folder: &Path, root: &Root, settings: Digest) -> Self {
        let workspace = Digest::of(root.path().as_os_str().as_encoded_bytes()).to_string();
        let place = folder.join(format!("{}-{}", &workspace[..32], &BUILD[..16]));
        Self { folder: folder.to_owned(), place, settings, kept: OnceLock::new(), has_news: AtomicBool::new(false) }
    }

    /// Looks at what was kept, before anybody asks for it.
    pub fn look(&self) {
        self.kept();
    }

    /// What was kept; nothing where nothing is, or where it cannot be trusted.
    fn kept(&self) -> Option<&Kept> {
        let look = || read_own(&self.place).ok().and_then(|bytes| Kept::of(bytes, build()));
        self.kept.get_or_init(|| look().filter(|kept| kept.settings() == self.settings)).as_ref()
    }

    /// Keeps how a workspace was read, if anything of that was not remembered. Where that cannot be written, nothing is kept.
    pub fn keep(&self, workspace: &Workspace) {
        if self.has_news.load(Ordering::Relaxed) {
            // Whoever cannot write here has a slower next run, and nothing else.
            drop(self.write(workspace));
        }
    }

    /// What was read at a path, in exchange for what is remembered of it.
    pub fn recall(&self, path: &FilePath, content: Content) -> Taken {
        let remembered = match &content {
            Content::Bytes(bytes) => self.remembered(path, bytes),
            Content::Gone | Content::TooLarge { .. } | Content::Unreadable(_) | Content::LeftOut(_) => None,
        };
        remembered.map_or(Taken::Read(content), |remembered| Taken::Remembered(Box::new(remembered)))
    }

    fn remembered(&self, path: &FilePath, bytes: &[u8]) -> Option<Remembered> {
        let id = kind_of(path).into_sequence()?;
        let known = self.kept().and_then(|kept| {
            let text = Digest::of(bytes);
            Some((text, kept.record(path, text)?))
        });
        // What is no text is never kept, and no news.
        let is_news = known.map_or_else(|| str::from_utf8(bytes).is_ok(), |(_, record)| !record.is_empty());
        let remembered = known.and_then(|(text, record)| {
            let summary = Arc::new(Summary::from_bytes(record, (path, bytes), id)?);
            Some(Remembered { settings: self.settings, text, summary })
        });
        if remembered.is_none() && is_news {
            self.has_news.store(true, Ordering::Relaxed);
        }
        remembered
    }

    fn write(&self, workspace: &Workspace) -> io::Result<()> {
        let settings = workspace.settings().digest();
        let kept = self.kept().filter(|_| settings == self.settings);
        let readings: Vec<(&Text, &Summary)> = workspace.readings().collect();
        let entries = readings.into_par_iter().map(|(text, summary)| entry(kept, text.digest(), summary));
        let entries: Vec<Entry<'_>> = entries.collect();
        make_own_folder(&self.folder)?;
        let mut file = tempfile::Builder::new().prefix(bound::UNFINISHED).tempfile_in(&self.folder)?;
        file.write_all(&write_kept(build(), settings, &entries))?;
        file.persist(&self.place)?;
        bound::bound(&self.folder, &self.place)
    }
}

fn entry<'w>(kept: Option<&Kept>, text: Digest, summary: &'w Summary) -> Entry<'w> {
    let known = kept.and_then(|kept| kept.record(&summary.file, text)).map(<[u8]>::to_vec);
    // What cannot be told from the bytes alone is kept as nothing.
    let record = known.unwrap_or_else(|| summary.to_bytes().unwrap_or_default());
    Entry { path: &summary.file, text, record }
}

fn build() -> Digest {
    Digest::of(BUILD)
}

/// The bytes of a file that belongs to us and that nobody else may write.
fn read_own(place: &Path) -> io::Result<Vec<u8>> {
    let file = open_without_waiting(place)?;
    let found = file.metadata()?;
    if !found.is_file() || found.len() > MAX_BYTES || !is_own(&found) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or_default() + 1);
    file.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(unix)]
fn open_without_waiting(place: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};

    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(place, flags, Mode::empty())?.into())
}

#[cfg(not(unix))]
fn open_without_waiting(place: &Path) -> io::Result<File> {
    File::open(place)
}

#[cfg(unix)]
fn is_own(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;

    found.uid() == rustix::process::geteuid().as_raw() && found.mode() & 0o022 == 0
}

#[cfg(not(unix))]
fn is_own(_: &fs::Metadata) -> bool {
    true
}

/// Makes the folder, for us alone.
fn make_own_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn the_folder_is_where_the_system_wants_it() {
        let asked = |known: &'static [(&str, &str)]| {
            cache_folder(|name| known.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value)))
        };
        assert_eq!(asked(&[("HOME", "/home/ana")]), Some(PathBuf::from("/home/ana/.cache/segue")));
        assert_eq!(asked(&[("HOME", "/home/ana"), ("XDG_CACHE_HOME", "/var/c")]), Some(PathBuf::from("/var/c/segue")));
        assert_eq!(asked(&[("HOME", "/home/ana"), ("XDG_CACHE_HOME", "c")]), Some(PathBuf::from("/home/ana/.cache/segue")));
        assert_eq!(asked(&[("HOME", "")]), None);
        assert_eq!(asked(&[]), None);
    }
}
