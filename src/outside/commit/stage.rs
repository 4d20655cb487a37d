//! Writes all new texts beside their places before the commit is decided.
//!
//! A full disk, a folder that may not be written, a name that is too long: all of it shows here, where everything can still
//! be taken back. After the decision only names change. A list of what is made is safe on disk before the first of it is, so
//! that whoever comes after a crash finds it without a search.

use std::collections::BTreeSet;
use std::io;

use serde::{Deserialize, Serialize};

use crate::operation::FileChange;
use crate::outside::disk::{Access, Disk, Found};
use crate::text::{Digest, FilePath};

use super::kept;
use super::names;

/// What is made before a commit is decided, as the list on disk holds it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Staging {
    /// The files that are about to be written, and the digests of their new texts.
    files: Vec<(String, String)>,
    /// The folders that are missing, each before those in it.
    folders: Vec<String>,
}

/// A step of staging that failed.
pub(super) struct NotStaged {
    pub path: FilePath,
    pub source: io::Error,
}

/// Makes the folders and writes the texts, each with the permissions that it will need.
pub(super) fn stage(disk: &dyn Disk, files: &[FileChange], mode_of: &dyn Fn(&FilePath) -> Option<u32>) -> Result<(), NotStaged> {
    let changed = files.iter().filter(|file| file.before != file.after);
    let files: Vec<(&FilePath, Option<&str>)> = changed.map(|file| (&file.path, file.after.as_deref())).collect();
    if files.is_empty() {
        return Ok(());
    }
    let list = names::staging();
    let staging = plan(disk, &files).map_err(|source| NotStaged { path: list.clone(), source })?;
    let written = write_list(disk, &staging).map_err(|source| NotStaged { path: list, source });
    let staged = written.and_then(|()| {
        for folder in staging.folders.iter().map(|folder| FilePath::new(folder.as_str())) {
            disk.make_folder(&folder).map_err(|source| NotStaged { path: folder, source })?;
        }
        files.iter().try_for_each(|(path, text)| {
            let written = match text {
                Some(text) => free(disk, path).and_then(|()| write_beside(disk, path, text, mode_of(path))),
                None => probe(disk, path),
            };
            written.map_err(|source| NotStaged { path: (*path).clone(), source })
        })
    });
    if staged.is_err() {
        // What cannot be taken back now is in the list, and is by the next who writes.
        let _ = take_back(disk, &staging);
    }
    staged
}

/// Finds out whether a name can be taken out of a folder, while everything can still be taken back.
fn probe(disk: &dyn Disk, path: &FilePath) -> io::Result<()> {
    let part = names::part(path);
    remove_if_there(disk, &part)?;
    disk.create(&part, Access::Private)?;
    disk.remove_file(&part)
}

fn plan(disk: &dyn Disk, files: &[(&FilePath, Option<&str>)]) -> io::Result<Staging> {
    let mut staging = Staging::default();
    for (path, text) in files {
        staging.files.push((path.to_string(), Digest::of(text.unwrap_or_default()).to_string()));
        let mut missing = Vec::new();
        for folder in names::upwards(path.folder()) {
            let folder_is_known = folder.as_str().is_empty() || staging.folders.iter().any(|known| known == folder.as_str());
            if folder_is_known || disk.look(&folder)? != Found::Nothing {
                break;
            }
            missing.push(folder.to_string());
        }
        staging.folders.extend(missing.into_iter().rev());
    }
    Ok(staging)
}

fn write_list(disk: &dyn Disk, staging: &Staging) -> io::Result<()> {
    let list = names::staging();
    make_folders(disk, list.folder())?;
    disk.create(&list, Access::Usual)?;
    disk.write(&list, &serde_json::to_vec(staging)?)?;
    disk.sync_file(&list)?;
    names::upwards(list.folder()).try_for_each(|folder| disk.sync_folder(&folder))
}

/// Frees the name where our text is going to wait. What may be there is nobody's that we know.
fn free(disk: &dyn Disk, path: &FilePath) -> io::Result<()> {
    match disk.look(&names::new(path))? {
        Found::Nothing => Ok(()),
        Found::File { .. } | Found::Folder | Found::Link | Found::Other | Found::Behind { .. } => {
            kept::rescue(disk, kept::UNKNOWN, path, &names::new(path)).map(drop)
        }
    }
}

/// Takes back all that was made for a commit that was not decided.
pub(super) fn unstage(disk: &dyn Disk) -> io::Result<()> {
    let list = names::staging();
    if disk.look(&list)? == Found::Nothing {
        return Ok(());
    }
    // A list that is not whole was never safe on disk, so nothing was made yet.
    let staging = serde_json::from_slice(&disk.bytes(&list)?).unwrap_or_default();
    take_back(disk, &staging)
}

fn take_back(disk: &dyn Disk, staging: &Staging) -> io::Result<()> {
    for (path, digest) in &staging.files {
        let path = FilePath::new(path.as_str());
        remove_if_there(disk, &names::part(&path))?;
        let new = names::new(&path);
        match disk.look(&new)? {
            Found::Nothing => {}
            Found::File { digest: found, .. } if found.to_string() == *digest => disk.remove_file(&new)?,
            Found::File { .. } | Found::Folder | Found::Link | Found::Other => {
                kept::rescue(disk, kept::UNKNOWN, &path, &new).map(drop)?;
            }
            Found::Behind { .. } => {}
        }
    }
    for folder in staging.folders.iter().rev() {
        // Somebody may have put something into it; then it stays.
        let _ = disk.remove_folder(&FilePath::new(folder.as_str()));
    }
    // The list goes last, also in the eyes of a power failure.
    sync_folders(disk, staging.files.iter().map(|(path, _)| FilePath::new(path.as_str()))).map_err(|(_, error)| error)?;
    forget(disk)
}

/// Removes the list: the commit is over, or everything is taken back.
pub(super) fn forget(disk: &dyn Disk) -> io::Result<()> {
    remove_if_there(disk, &names::staging())
}

fn remove_if_there(disk: &dyn Disk, file: &FilePath) -> io::Result<()> {
    match disk.remove_file(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Writes a text beside its place, whole and safe from a power failure before it has the name that counts.
pub(super) fn write_beside(disk: &dyn Disk, path: &FilePath, text: &str, mode: Option<u32>) -> io::Result<()> {
    write_as(disk, path, &names::new(path), text.as_bytes(), mode)
}

/// Writes bytes to where nothing is. Whoever looks there finds nothing or all of them.
pub(super) fn write_as(disk: &dyn Disk, path: &FilePath, to: &FilePath, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
    let part = names::part(path);
    remove_if_there(disk, &part)?;
    disk.create(&part, if mode.is_some() { Access::Private } else { Access::Usual })?;
    disk.write(&part, bytes)?;
    if let Some(mode) = mode {
        disk.permit(&part, mode)?;
    }
    disk.sync_file(&part)?;
    disk.rename(&part, to)
}

/// Makes the names of files safe from a power failure: each folder once, and those above it, since any of them may be new.
pub(super) fn sync_folders(disk: &dyn Disk, files: impl Iterator<Item = FilePath>) -> Result<(), (FilePath, io::Error)> {
    let folders: BTreeSet<FilePath> = files.flat_map(|file| names::upwards(file.folder()).collect::<Vec<_>>()).collect();
    folders.into_iter().rev().try_for_each(|folder| match disk.sync_folder(&folder) {
        // It was never made, or somebody removed it or put something else there.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(()),
        Err(error) => Err((folder, error)),
        Ok(()) => Ok(()),
    })
}

/// Makes a folder and those that it lies in, where they are missing.
pub(super) fn make_folders(disk: &dyn Disk, folder: &str) -> io::Result<()> {
    let mut missing = Vec::new();
    for folder in names::upwards(folder) {
        if folder.as_str().is_empty() || disk.look(&folder)? != Found::Nothing {
            break;
        }
        missing.push(folder);
    }
    missing.iter().rev().try_for_each(|folder| disk.make_folder(folder))
}
