//! Where backups of a store went: noted in the folder of local state, so that somebody can be told when there is none, and that
//! what a backup leaves that was killed is found.

use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::outside::disk::Root;
use crate::outside::git::Repository;
use crate::outside::store::{dead_part_of, part_of, remove_dead_part};

use super::local;

/// The last backup's file in the folder of local state.
const LAST: &str = "last-backup.json";

/// The file there with the places of backups that are being made.
const BEGUN: &str = "backups-begun.json";

/// The last backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastBackup {
    /// The store that it is of.
    pub store: String,
    /// Where it was written.
    pub path: String,
    /// The newest operation in it; 0 where there was none.
    pub operation: i64,
}

/// Notes a backup that was made. It is for people; where it cannot be written, nothing is lost.
pub fn note_backup(root: &Root, backup: &LastBackup) {
    note(root, LAST, backup);
}

/// The last backup of this store that is still where it was written.
pub fn last_backup(root: &Root, store: &str) -> Option<LastBackup> {
    let backup: LastBackup = noted(root, LAST)?;
    (backup.store == store && Path::new(&backup.path).is_file()).then_some(backup)
}

/// Notes that a backup is being made at a place, and removes what earlier ones left that were killed. Where that cannot be done
/// nothing is lost.
pub fn begin_backup(root: &Root, place: &Path) {
    let mut others = begun(root);
    for other in &others {
        drop(dead_part_of(other).map(|part| remove_dead_part(&part)));
    }
    others.retain(|other| other != place && part_of(other).exists());
    others.push(place.to_owned());
    note(root, BEGUN, &others);
}

/// Notes that no backup is being made at a place any more.
pub fn end_backup(root: &Root, place: &Path) {
    let others: Vec<PathBuf> = begun(root).into_iter().filter(|other| other != place).collect();
    if others.is_empty() { drop(fs::remove_file(local(root).join(BEGUN))) } else { note(root, BEGUN, &others) }
}

/// The places of backups that are being made, or were when their maker was killed.
pub(super) fn begun(root: &Root) -> Vec<PathBuf> {
    noted(root, BEGUN).unwrap_or_default()
}

/// Whether a path lies in the work tree: in the workspace, or in the git repository around it. What removes a store there removes
/// it too, and git may take it in.
pub fn lies_in_work_tree(root: &Root, path: &Path) -> bool {
    let Ok(path) = fs::canonicalize(path) else { return false };
    path.starts_with(root.path()) || Repository::around(root.path()).top().is_some_and(|top| path.starts_with(top))
}

fn note(root: &Root, file: &str, what: &impl Serialize) {
    let folder = local(root);
    let path = folder.join(file);
    if let Ok(text) = serde_json::to_string_pretty(what)
        && folder.is_dir()
        && !fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink())
    {
        drop(fs::write(path, text + "\n"));
    }
}

fn noted<T: DeserializeOwned>(root: &Root, file: &str) -> Option<T> {
    serde_json::from_str(&fs::read_to_string(local(root).join(file)).ok()?).ok()
}
