//! Where the last backup of a store went: noted beside the store, so that somebody can be told when there is none.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::outside::disk::Root;

use super::local;

/// The note's file in the folder of local state.
const FILE: &str = "last-backup.json";

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
    let folder = local(root);
    if let Ok(text) = serde_json::to_string_pretty(backup)
        && folder.is_dir()
        && !fs::symlink_metadata(note(&folder)).is_ok_and(|found| found.is_symlink())
    {
        drop(fs::write(note(&folder), text + "\n"));
    }
}

/// The last backup of this store that is still where it was written.
pub fn last_backup(root: &Root, store: &str) -> Option<LastBackup> {
    let text = fs::read_to_string(note(&local(root))).ok()?;
    let backup: LastBackup = serde_json::from_str(&text).ok()?;
    (backup.store == store && Path::new(&backup.path).is_file()).then_some(backup)
}

fn note(folder: &Path) -> PathBuf {
    folder.join(FILE)
}
