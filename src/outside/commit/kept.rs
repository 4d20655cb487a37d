//! What could not be put in place, and is kept until somebody has looked at it.
//!
//! `.segue/kept/7/sequences/a.yaml` is the text that operation 7 wanted there, `7.deleted` tells of a file that it wanted to
//! delete, `7.theirs` has what somebody typed and later overwrote or removed. A number behind that means: one more.

use std::fmt;
use std::io;

use crate::outside::disk::{Disk, Found, LOCAL, Lock};
use crate::outside::store::PendingFile;
use crate::text::{Digest, FilePath};

use super::{names, stage};

/// A file that says something else than a commit decided, since somebody wrote it in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diverged {
    /// The operation; 0 where it is not known.
    pub operation: i64,
    /// The file.
    pub path: FilePath,
    /// What is kept.
    pub what: What,
    /// Where it is kept.
    pub kept: FilePath,
}

/// What is kept of a file that diverged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The text that the operation wanted.
    Ours,
    /// A note that the operation wanted the file deleted.
    Deletion,
    /// A text that somebody typed, and that is not in the file.
    Theirs,
}

impl fmt::Display for Diverged {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, what, kept, .. } = self;
        match what {
            What::Ours => {
                write!(formatter, "{path} was changed meanwhile and stays so; what was to be written lies in {kept}")
            }
            What::Deletion => write!(formatter, "{path} was changed meanwhile and was not deleted"),
            What::Theirs => write!(formatter, "{path} was changed meanwhile; what it said lies in {kept}"),
        }
    }
}

/// The operation of what was found when no operation was under way.
pub(super) const UNKNOWN: i64 = 0;

/// Lists all that is kept: what there is to tell until somebody settles it.
///
/// # Errors
/// Where the folder cannot be listed.
pub fn kept(disk: &dyn Disk) -> io::Result<Vec<Diverged>> {
    let mut found = Vec::new();
    for label in disk.names(&names::kept())? {
        let Some((operation, what)) = read_label(&label) else { continue };
        let top = names::inside(names::kept().as_str(), &label);
        for kept in files_below(disk, &top)? {
            let path = FilePath::new(&kept.as_str()[top.as_str().len() + 1..]);
            found.push(Diverged { operation, path, what, kept });
        }
    }
    found.sort_by(|one, other| (one.operation, &one.kept).cmp(&(other.operation, &other.kept)));
    Ok(found)
}

fn files_below(disk: &dyn Disk, top: &FilePath) -> io::Result<Vec<FilePath>> {
    let (mut files, mut folders) = (Vec::new(), vec![top.clone()]);
    while let Some(folder) = folders.pop() {
        for name in disk.names(&folder)? {
            let path = names::inside(folder.as_str(), &name);
            match disk.look(&path)? {
                Found::Folder => folders.push(path),
                Found::File { .. } | Found::Link | Found::Other if !name.starts_with(".segue-") => files.push(path),
                Found::File { .. } | Found::Link | Found::Other | Found::Nothing | Found::Behind { .. } => {}
            }
        }
    }
    Ok(files)
}

fn label(operation: i64, what: What) -> String {
    match what {
        What::Ours => operation.to_string(),
        What::Deletion => format!("{operation}.deleted"),
        What::Theirs => format!("{operation}.theirs"),
    }
}

fn read_label(text: &str) -> Option<(i64, What)> {
    let text = text.split_once('-').map_or(text, |(label, _)| label);
    let (operation, what) = match text.split_once('.') {
        None => (text, What::Ours),
        Some((operation, "deleted")) => (operation, What::Deletion),
        Some((operation, "theirs")) => (operation, What::Theirs),
        Some(_) => return None,
    };
    Some((operation.parse().ok()?, what))
}

/// Forgets something that is kept, and the folders that it was alone in.
///
/// # Errors
/// Where it cannot be removed.
pub fn forget_kept(_lock: &Lock, disk: &dyn Disk, kept: &FilePath) -> io::Result<()> {
    disk.remove_file(kept)?;
    for folder in names::upwards(kept.folder()).take_while(|folder| folder.as_str().len() > LOCAL.len()) {
        if disk.remove_folder(&folder).is_err() {
            break; // something else is in it
        }
    }
    sync(disk, &FilePath::new(format!("{LOCAL}/x")))
}

/// Keeps what lies under a name of ours beside a file, and belongs to no commit that anybody knows of.
///
/// # Errors
/// Where it cannot be moved.
pub fn rescue_stray(_lock: &Lock, disk: &dyn Disk, path: &FilePath, stray: &FilePath) -> io::Result<Diverged> {
    rescue(disk, UNKNOWN, path, stray)
}

/// Keeps what an operation wanted of a file, once however often it is asked.
pub(super) fn keep(disk: &dyn Disk, file: &PendingFile) -> io::Result<Diverged> {
    let note = format!("operation {} wanted this file deleted; somebody had changed it, so it stayed\n", file.operation);
    let (what, text) = match &file.after {
        Some(text) => (What::Ours, &**text),
        None => (What::Deletion, note.as_str()),
    };
    let diverged = |kept| Diverged { operation: file.operation, path: file.path.clone(), what, kept };
    match place(disk, file.operation, what, &file.path, Some(Digest::of(text)))? {
        Place::Taken(kept) => Ok(diverged(kept)),
        Place::Free(kept) => {
            stage::make_folders(disk, kept.folder())?;
            stage::write_as(disk, &kept, &kept, text.as_bytes(), file.mode)?;
            sync(disk, &kept)?;
            Ok(diverged(kept))
        }
    }
}

/// Moves what somebody typed from a name of ours to where it is kept.
pub(super) fn rescue(disk: &dyn Disk, operation: i64, path: &FilePath, from: &FilePath) -> io::Result<Diverged> {
    loop {
        let kept = match place(disk, operation, What::Theirs, path, None)? {
            Place::Free(kept) | Place::Taken(kept) => kept,
        };
        stage::make_folders(disk, kept.folder())?;
        match disk.rename(from, &kept) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                stage::write_as(disk, &kept, &kept, &disk.bytes(from)?, None)?;
                sync(disk, &kept)?;
                disk.remove_file(from)?;
            }
            done => {
                done?;
                sync(disk, &kept)?;
            }
        }
        return Ok(Diverged { operation, path: path.clone(), what: What::Theirs, kept });
    }
}

enum Place {
    Free(FilePath),
    /// The same text is there already.
    Taken(FilePath),
}

fn place(disk: &dyn Disk, operation: i64, what: What, path: &FilePath, digest: Option<Digest>) -> io::Result<Place> {
    let label = label(operation, what);
    let mut number = 1;
    loop {
        let label = if number == 1 { label.clone() } else { format!("{label}-{number}") };
        let kept = FilePath::new(format!("{}/{label}/{path}", names::kept()));
        match disk.look(&kept)? {
            Found::Nothing => return Ok(Place::Free(kept)),
            Found::File { digest: found, .. } if digest == Some(found) => return Ok(Place::Taken(kept)),
            Found::File { .. } | Found::Folder | Found::Link | Found::Other => number += 1,
            Found::Behind { blocked, by } => return Err(io::Error::other(format!("{blocked} is {by}, not a folder"))),
        }
    }
}

fn sync(disk: &dyn Disk, kept: &FilePath) -> io::Result<()> {
    names::upwards(kept.folder()).try_for_each(|folder| disk.sync_folder(&folder))
}
