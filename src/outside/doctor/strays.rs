//! Files of ours that lie about: found by their names, in the folders that commands write to.

use std::fs;
use std::io;
use std::path::PathBuf;

use crate::outside::disk::Root;
use crate::outside::store::FOLDER;
use crate::text::FilePath;
use crate::workspace::SEQUENCES;

use super::local;

/// How every file begins that a command makes beside others for a while.
pub(super) const OURS: &str = ".segue-";

/// The folders that commands write to.
const FOLDERS: [&str; 3] = [SEQUENCES, crate::script::FOLDER, FOLDER];

/// All strays of a workspace, sorted. Links are not followed.
pub(super) fn strays(root: &Root) -> io::Result<Vec<FilePath>> {
    let mut found: Vec<FilePath> = Vec::new();
    let mut folders: Vec<PathBuf> = FOLDERS.iter().map(|folder| root.path().join(folder)).collect();
    // Of the root itself only what lies right in it.
    collect(root, &root.path().to_path_buf(), &mut found, &mut Vec::new())?;
    while let Some(folder) = folders.pop() {
        collect(root, &folder, &mut found, &mut folders)?;
    }
    found.sort();
    Ok(found)
}

fn collect(root: &Root, folder: &PathBuf, found: &mut Vec<FilePath>, folders: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let is_folder = entry.file_type()?.is_dir();
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_of_a_store = *folder == local(root) && name.starts_with('.') && name.contains(".part");
        if is_folder {
            folders.push(entry.path());
        } else if name.starts_with(OURS) || is_of_a_store {
            found.extend(root.file_path(&entry.path()));
        }
    }
    Ok(())
}
