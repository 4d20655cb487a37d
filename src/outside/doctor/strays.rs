//! Files of ours that lie about: found by their names, in the folders that commands write to.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::outside::disk::Root;
use crate::outside::store::{FOLDER, dead_part_of, dead_parts};
use crate::text::FilePath;
use crate::workspace::SEQUENCES;

use super::backups::begun;
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

/// Parts of stores that nobody writes any more: in the folder of local state, beside the store, and where a backup was begun.
pub(super) fn parts(root: &Root, store: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut found: BTreeSet<PathBuf> = dead_parts(&local(root), "")?.into_iter().collect();
    if let (Some(folder), Some(name)) = (store.parent(), store.file_name().and_then(|name| name.to_str())) {
        found.extend(dead_parts(folder, name)?);
    }
    found.extend(begun(root).iter().filter_map(|place| dead_part_of(place)));
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
        if is_folder {
            folders.push(entry.path());
        } else if is_ours(&name) {
            found.extend(root.file_path(&entry.path()));
        }
    }
    Ok(())
}

/// Whether a command made a name: a digest and what it is for, or six characters of chance. Other names are people's.
fn is_ours(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(OURS) else { return false };
    match rest.split_once('.') {
        Some((digest, "part" | "new" | "old")) => digest.len() == 16 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()),
        Some(_) => false,
        None => rest.len() == 6 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_are_not_ours() {
        for name in [".segue-0123456789abcdef.part", ".segue-0123456789abcdef.new", ".segue-a1B2c3"] {
            assert!(is_ours(name), "{name}");
        }
        for name in [".segue-notes", ".segue-notes.old", ".segue-012345678901234g.new", ".segue-0123456789abcdef.bak", ".segue-"]
        {
            assert!(!is_ours(name), "{name}");
        }
    }
}
