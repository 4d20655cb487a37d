//! Files and store change together, wholly or not at all.
//! In come changes that were judged, a disk and the place where a commit is decided; out come an operation and what diverged.
//! Never writes over what somebody typed, and never decides what may happen.
//!
//! The order of things:
//!
//! 1. Every file is compared with the text that the decision rests on. A difference ends it there.
//! 2. The new texts are written beside their places and made safe from a power failure: a full disk or a folder that may not
//!    be written shows while everything can still be taken back. The files are then compared once more.
//! 3. The store decides, in one transaction with the rows and the full texts. That is the only point at which it happens.
//! 4. Each text goes to its place by an exchange in one step, and what came out is compared again. Folders are made safe, and
//!    only then the old texts go.
//! 5. The store forgets the texts.
//!
//! A crash before the third leaves what [`recover`] takes back, one after it what [`recover`] completes, from the store's texts
//! and not from what may lie on the disk. The old text lies beside the new one until all are in place, and is compared once
//! more before it goes: an editor that had the file open may have written into it.

mod compare;
mod kept;
mod ledger;
mod names;
mod next;
mod overlay;
mod place;
mod stage;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;
use std::sync::Arc;

use crate::operation::{Changes, JournalEntry};
use crate::outside::disk::{Disk, Found, Lock};
use crate::outside::store::PendingFile;
use crate::text::FilePath;

use compare::{Compared, compare};
use place::{Placing, Until};

pub use compare::{Obstacle, ObstacleReason};
pub use kept::{Diverged, What, forget_kept, kept, rescue_stray};
pub use ledger::{Ledger, LedgerError};
pub use names::beside_of;
pub use overlay::{Overlaid, overlay};

/// A commit that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "somebody must be told of what diverged"]
pub struct Committed {
    /// The operation's number.
    pub operation: i64,
    /// Files that somebody wrote between the comparison and the exchange: theirs is in place.
    pub diverged: Vec<Diverged>,
}

/// Why files and store were not changed, or not wholly yet.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The files are not what the decision rests on.
    #[error("nothing was written: {}", obstacles_in_words(.0))]
    Stopped(Vec<Obstacle>),
    /// An earlier commit has not been completed; [`recover`] does that.
    #[error("nothing was written: an earlier operation has not reached all files yet")]
    Unrecovered,
    /// A text could not be written beside its place, or a file could not be looked at.
    #[error("nothing was written: {path} cannot be written")]
    NotPrepared {
        /// The file or folder.
        path: FilePath,
        /// Why.
        source: io::Error,
    },
    /// The store did not decide.
    #[error("nothing was written: the store could not be changed")]
    NotDecided(#[source] LedgerError),
    /// The store decided, and a file could not follow.
    #[error("operation {operation} is decided, and {path} could not follow yet; the next command that writes completes it")]
    Unfinished {
        /// The operation.
        operation: i64,
        /// The first of the files that could not follow.
        path: FilePath,
        /// Why.
        source: io::Error,
    },
    /// The store did not answer what it has decided, or did not note what is done.
    #[error("the store does not say what is left to write; the next command that writes completes it")]
    Ledger(#[source] LedgerError),
}

fn obstacles_in_words(obstacles: &[Obstacle]) -> String {
    const MOST: usize = 5;
    let mut words = obstacles.iter().take(MOST).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if let Some(more) = obstacles.len().checked_sub(MOST).filter(|more| *more > 0) {
        let _ = write!(words, ", and {more} more cannot be written either");
    }
    words + if obstacles.iter().all(Obstacle::may_pass) { "; run it again" } else { "" }
}

/// Writes changes of files and store together. Whoever holds the lock must have called [`recover`] before reading.
///
/// # Errors
/// [`CommitError::Unfinished`] and [`CommitError::Ledger`] where it may be decided and is not complete; with all others
/// nothing is changed.
pub fn commit(
    _lock: &Lock,
    disk: &dyn Disk,
    ledger: &mut dyn Ledger,
    entry: &JournalEntry,
    changes: &Changes,
) -> Result<Committed, CommitError> {
    if !ledger.pending().map_err(CommitError::NotDecided)?.is_empty() {
        return Err(CommitError::Unrecovered);
    }
    stage::unstage(disk).map_err(|source| CommitError::NotPrepared { path: names::staging(), source })?;
    let modes = unchanged(disk, changes)?;
    stage::stage(disk, &changes.files, &|path| modes.get(path).copied())
        .map_err(|stage::NotStaged { path, source }| CommitError::NotPrepared { path, source })?;
    // Writing takes its time, and whoever saved meanwhile wants to hear of it now.
    let modes = unchanged(disk, changes).inspect_err(|_| take_back(disk))?;
    let operation = match ledger.decide(entry, changes, &modes) {
        Ok(operation) => operation,
        Err(error) => {
            // A store that fails at its very last step may have decided all the same; then the texts are needed.
            match ledger.pending() {
                Ok(pending) if pending.is_empty() => take_back(disk),
                Ok(_) | Err(_) => {}
            }
            return Err(CommitError::NotDecided(error));
        }
    };
    let pending: Vec<PendingFile> = changes.files.iter().map(|file| pending_of(operation, file, &modes)).collect();
    let diverged = finish(disk, ledger, operation, &pending)?;
    // A list that stays names nothing that is there.
    let _ = stage::forget(disk);
    Ok(Committed { operation, diverged })
}

fn unchanged(disk: &dyn Disk, changes: &Changes) -> Result<BTreeMap<FilePath, u32>, CommitError> {
    let Compared { modes, obstacles } =
        compare(disk, changes).map_err(|(path, source)| CommitError::NotPrepared { path, source })?;
    if obstacles.is_empty() { Ok(modes) } else { Err(CommitError::Stopped(obstacles)) }
}

fn take_back(disk: &dyn Disk) {
    // What cannot be taken back now is by the next who writes.
    let _ = stage::unstage(disk);
}

fn pending_of(operation: i64, file: &crate::operation::FileChange, modes: &BTreeMap<FilePath, u32>) -> PendingFile {
    PendingFile {
        operation,
        path: file.path.clone(),
        before: file.digest_before(),
        mode: modes.get(&file.path).copied(),
        after: file.after.as_ref().map(Arc::clone),
    }
}

/// Completes what a crash left: commits that were decided reach their files, others are taken back.
///
/// Only whoever holds the writer's lock may do it, and does it before reading any file. To be interrupted and called again is
/// fine. Returns what diverged just now; [`kept()`] tells of all that did and is not settled.
///
/// # Errors
/// Where a file cannot follow or the store cannot be asked. What could follow, did.
pub fn recover(_lock: &Lock, disk: &dyn Disk, ledger: &mut dyn Ledger) -> Result<Vec<Diverged>, CommitError> {
    let mut by_operation: BTreeMap<i64, Vec<PendingFile>> = BTreeMap::new();
    for file in ledger.pending().map_err(CommitError::Ledger)? {
        by_operation.entry(file.operation).or_default().push(file);
    }
    let mut diverged = Vec::new();
    for (operation, files) in by_operation {
        diverged.extend(finish(disk, ledger, operation, &files)?);
    }
    stage::unstage(disk).map_err(|source| CommitError::NotPrepared { path: names::staging(), source })?;
    Ok(diverged)
}

/// Whether texts may lie about that were made for a commit which was never decided.
///
/// # Errors
/// Where the disk cannot be asked.
pub fn is_left_over(disk: &dyn Disk) -> io::Result<bool> {
    Ok(disk.look(&names::staging())? != Found::Nothing)
}

/// Takes back what was made for a commit that was never decided, where there is no store that could have decided one.
///
/// # Errors
/// Where it cannot be taken back.
pub fn take_back_undecided(_lock: &Lock, disk: &dyn Disk) -> Result<(), CommitError> {
    stage::unstage(disk).map_err(|source| CommitError::NotPrepared { path: names::staging(), source })
}

/// Brings the files of a decided operation to their places, makes them safe, and lets the store forget them.
fn finish(disk: &dyn Disk, ledger: &mut dyn Ledger, operation: i64, files: &[PendingFile]) -> Result<Vec<Diverged>, CommitError> {
    // New texts first: of what moves from one name to another, there is always one.
    let (deleted, written): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.after.is_none());
    let mut placing: Vec<Placing<'_>> = written.into_iter().chain(deleted).map(|file| Placing::new(disk, file)).collect();
    let mut failed = BTreeMap::new();
    let mut done: Vec<FilePath> = Vec::new();
    for until in [Until::InPlace, Until::Tidy] {
        placing.retain_mut(|placing| match placing.go(until) {
            Ok(()) => true,
            Err(source) => {
                failed.insert(placing.file.path.clone(), source);
                false
            }
        });
        done = placing.iter().map(|placing| placing.file.path.clone()).collect();
        // Twice: a power failure may keep the later of two names and lose the earlier, and the old text must not go before
        // the new one is safe in its place.
        stage::sync_folders(disk, done.iter().cloned()).map_err(|(path, source)| CommitError::Unfinished {
            operation,
            path,
            source,
        })?;
    }
    ledger.settle(operation, &done).map_err(CommitError::Ledger)?;
    match failed.pop_first() {
        Some((path, source)) => Err(CommitError::Unfinished { operation, path, source }),
        None => Ok(placing.into_iter().flat_map(|placing| placing.diverged).collect()),
    }
}
