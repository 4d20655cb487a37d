//! Settles what needs no choice: strays go, what somebody may have typed is kept, and what is kept and says nothing new goes.
//! In come the lock and a disk; out comes what was done, in words.
//! Never removes a byte that is not somewhere else or known to be half of a text of ours.

use std::io;
use std::path::Path;

use crate::outside::commit::{Diverged, What, beside_of, forget_kept, kept, rescue_stray};
use crate::outside::disk::{Disk, Found, Lock, RealDisk};
use crate::outside::store::remove_dead_part;
use crate::text::FilePath;

use super::name_in;
use super::strays::{OURS, parts, strays};

/// Settles what lies about. Whoever holds the lock has completed what a crash left.
///
/// # Errors
/// Where something cannot be looked at, moved or removed. What could be settled, is.
pub fn settle(lock: &Lock, disk: &RealDisk, store: &Path) -> io::Result<Vec<String>> {
    let mut done = Vec::new();
    for stray in strays(lock.root())? {
        done.push(settle_stray(lock, disk, &stray)?);
    }
    for part in parts(lock.root(), store)? {
        remove_dead_part(&part)?;
        done.push(format!("removed {}", name_in(lock.root(), &part)));
    }
    for diverged in kept(disk)? {
        if says_nothing_new(disk, &diverged)? {
            forget_kept(lock, disk, &diverged.kept)?;
            done.push(format!("removed {}: {} says the same", diverged.kept, diverged.path));
        }
    }
    Ok(done)
}

fn settle_stray(lock: &Lock, disk: &RealDisk, stray: &FilePath) -> io::Result<String> {
    let owner = owner(disk, stray)?;
    let is_whole = stray.as_str().ends_with(".new") || stray.as_str().ends_with(".old");
    let is_known = match &owner {
        Some(owner) => is_whole && disk.look(owner)? == disk.look(stray)?,
        None => false,
    };
    if is_whole && !is_known {
        // Without its own name, which would be a stray's again.
        let path = owner.unwrap_or_else(|| FilePath::new(stray.as_str().replace(OURS, "of-unknown-")));
        let diverged = rescue_stray(lock, disk, &path, stray)?;
        return Ok(format!("moved {stray} to {}, since somebody may have typed it", diverged.kept));
    }
    disk.remove_file(stray)?;
    Ok(format!("removed {stray}"))
}

/// The file that a stray was made for: its name is made from the file's.
fn owner(disk: &RealDisk, stray: &FilePath) -> io::Result<Option<FilePath>> {
    let folder = stray.folder();
    let names = disk.names(&FilePath::new(folder))?;
    let paths = names.iter().map(|name| FilePath::new(if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") }));
    Ok(paths.into_iter().find(|path| beside_of(path).contains(stray)))
}

/// Whether forgetting it loses nothing: the file says the same, or is gone as it was to be.
fn says_nothing_new(disk: &RealDisk, diverged: &Diverged) -> io::Result<bool> {
    Ok(match (diverged.what, disk.look(&diverged.path)?) {
        (What::Deletion, found) => found == Found::Nothing,
        (What::Ours | What::Theirs, Found::File { digest: there, .. }) => {
            matches!(disk.look(&diverged.kept)?, Found::File { digest, .. } if digest == there)
        }
        (What::Ours | What::Theirs, Found::Nothing | Found::Folder | Found::Link | Found::Other | Found::Behind { .. }) => false,
    })
}
