//! The writer's lock: at any moment at most one process writes a workspace's files.
//! In come a workspace and what somebody is about to do; out comes the lock, or who holds it.
//! Never outlives its process: the system frees it, and what the file says only names the holder for people.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::thread;
use std::time::{Duration, Instant};

use crate::text::FilePath;

use super::steps::{Access, Disk, Found};
use super::{RealDisk, Root};

/// The folder of local state.
pub(crate) const LOCAL: &str = ".segue";

/// How often somebody who waits looks whether the lock is free.
const LOOKS_EVERY: Duration = Duration::from_millis(50);

/// So many characters of what the holder does are told.
const MOST_OF_WHAT: usize = 200;

/// So long everybody waits.
const MOMENT: Duration = Duration::from_millis(10);

/// The right to write a workspace's files, until it is dropped.
#[derive(Debug)]
#[must_use = "the workspace is locked for as long as this lives"]
pub struct Lock {
    root: Root,
    file: File,
}

/// Why the lock could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error("{} is being written by {holder}; nothing was changed. Try again when it is done, or wait for it with `--lock-timeout`", root.display())]
    Held {
        /// The workspace.
        root: std::path::PathBuf,
        /// Who has it, as far as is known.
        holder: String,
    },
    /// The lock's file cannot be used.
    #[error("cannot lock the workspace for writing with {}", path.display())]
    NotLocked {
        /// The lock's file.
        path: std::path::PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Who writes a workspace at this moment, as far as the lock's file tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writer {
    /// Nobody.
    Nobody,
    /// Nobody any more: the last one ended without taking its name away. What it was, as it wrote it.
    Dead(String),
    /// Somebody, as they wrote it.
    Somebody(String),
}

impl Lock {
    /// Tells who has the lock, without waiting for it and without making anything.
    ///
    /// # Errors
    /// Where its file cannot be used.
    pub fn writer(root: &Root) -> Result<Writer, LockError> {
        let trouble = |source| LockError::NotLocked { path: root.path().join(LOCAL).join("lock"), source };
        let disk = RealDisk::at(root).map_err(trouble)?;
        if !matches!(disk.look(&lock_file()).map_err(trouble)?, Found::File { .. }) {
            return Ok(Writer::Nobody);
        }
        let mut file = open(&disk).map_err(trouble)?;
        match file.try_lock_shared() {
            Ok(()) => Ok(signature(&mut file).map_or(Writer::Nobody, Writer::Dead)),
            Err(TryLockError::WouldBlock) => Ok(Writer::Somebody(holder(&mut file))),
            Err(TryLockError::Error(error)) => Err(trouble(error)),
        }
    }

    /// Takes the lock, and waits for it no longer than `timeout`.
    ///
    /// `what` is what the holder does, as somebody would type it. The folder of local state is made where it is missing, with
    /// a `.gitignore` that keeps it out of git.
    ///
    /// # Errors
    /// [`LockError::Held`] where another holds it to the end, [`LockError::NotLocked`] where its file cannot be used.
    pub fn take(root: &Root, what: &str, timeout: Duration) -> Result<Self, LockError> {
        let trouble = |source| LockError::NotLocked { path: root.path().join(LOCAL).join("lock"), source };
        let disk = RealDisk::at(root).map_err(trouble)?;
        prepare(&disk).map_err(trouble)?;
        let start = Instant::now();
        loop {
            let mut file = open(&disk).map_err(trouble)?;
            match file.try_lock() {
                Ok(()) if is_at_its_name(&disk, &file).map_err(trouble)? => {
                    sign(&mut file, what).map_err(trouble)?;
                    return Ok(Self { root: root.clone(), file });
                }
                // Somebody removed the file: who comes after us would not see that we hold it.
                Ok(()) => continue,
                // Whoever only asks who it is has it for a moment, and so has a process that somebody starts.
                Err(TryLockError::WouldBlock) if start.elapsed() >= timeout.max(MOMENT) => {
                    return Err(LockError::Held { root: root.path().to_owned(), holder: holder(&mut file) });
                }
                Err(TryLockError::WouldBlock) => thread::sleep(LOOKS_EVERY.min(timeout.max(MOMENT))),
                Err(TryLockError::Error(error)) => return Err(trouble(error)),
            }
        }
    }

    /// The workspace that may be written.
    pub fn root(&self) -> &Root {
        &self.root
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // For people only; the lock itself goes with the file's handle.
        let _ = self.file.set_len(0);
    }
}

/// Makes the folder of local state, out of git's sight.
fn prepare(disk: &RealDisk) -> io::Result<()> {
    disk.make_folder(&FilePath::new(LOCAL))?;
    let ignore = FilePath::new(format!("{LOCAL}/.gitignore"));
    if disk.look(&ignore)? != Found::Nothing {
        return Ok(());
    }
    match disk.create(&ignore, Access::Usual) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()), // another process was faster
        Err(error) => Err(error),
        Ok(()) => disk.write(&ignore, b"*\n"),
    }
}

fn lock_file() -> FilePath {
    FilePath::new(format!("{LOCAL}/lock"))
}

#[cfg(unix)]
fn open(disk: &RealDisk) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};

    disk.open(&lock_file(), OFlags::RDWR | OFlags::CREATE, Mode::from_raw_mode(0o666))
}

#[cfg(not(unix))]
fn open(disk: &RealDisk) -> io::Result<File> {
    disk.open(&lock_file(), std::fs::OpenOptions::new().read(true).write(true).create(true).truncate(false))
}

/// Whether the file that we locked is the one that others will find.
#[cfg(unix)]
fn is_at_its_name(disk: &RealDisk, file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;

    let (here, there) = (file.metadata()?, open(disk)?.metadata()?);
    Ok((here.dev(), here.ino()) == (there.dev(), there.ino()))
}

/// A file that is open cannot be removed here.
#[cfg(not(unix))]
fn is_at_its_name(_disk: &RealDisk, _file: &File) -> io::Result<bool> {
    Ok(true)
}

fn sign(file: &mut File, what: &str) -> io::Result<()> {
    let now = jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S UTC");
    // Whoever asks reads one line, and not one that fills screens.
    let what: String = what.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let what = match what.char_indices().nth(MOST_OF_WHAT) {
        Some((end, _)) => format!("{}…", &what[..end]),
        None => what,
    };
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "`{what}` (process {}, since {now})", std::process::id())
}

/// What the holder wrote of itself. It may be writing it just now.
fn holder(file: &mut File) -> String {
    signature(file).unwrap_or_else(|| "another process".to_owned())
}

fn signature(file: &mut File) -> Option<String> {
    let mut text = String::new();
    let read = file.take(4096).read_to_string(&mut text);
    let line = text.lines().next().filter(|line| read.is_ok() && line.ends_with(')'))?;
    Some(line.chars().filter(|c| !c.is_control()).collect())
}
