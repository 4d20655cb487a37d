//! Whether git is at work on the files at this moment.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A lock that is older was left by a git that died.
const STALE: Duration = Duration::from_secs(10);

/// Whether git holds the lock of the repository around a folder, as it does while it switches branches.
pub(super) fn is_at_work(folder: &Path) -> bool {
    let Some(lock) = folder.ancestors().find_map(lock_of) else { return false };
    let Ok(taken) = fs::metadata(lock).and_then(|found| found.modified()) else { return false };
    // A lock from the future, by a clock that was set back, counts as young: the wait has an end anyway.
    !SystemTime::now().duration_since(taken).is_ok_and(|age| age > STALE)
}

/// Where git would put its lock if this folder is the top of a working tree.
fn lock_of(folder: &Path) -> Option<PathBuf> {
    let git = folder.join(".git");
    let found = fs::metadata(&git).ok()?;
    if found.is_dir() {
        return Some(git.join("index.lock"));
    }
    // In a worktree or submodule `.git` is a file that names the folder.
    let text = fs::read_to_string(&git).ok()?;
    Some(folder.join(text.strip_prefix("gitdir:")?.trim()).join("index.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_young_lock_counts_in_the_repository_and_in_a_worktree_and_an_old_one_does_not() {
        let top = tempfile::tempdir().expect("a folder");
        let inner = top.path().join("team/workspace");
        fs::create_dir_all(&inner).expect("folders");
        assert!(!is_at_work(&inner));
        fs::create_dir(top.path().join(".git")).expect("a folder");
        assert!(!is_at_work(&inner));
        let lock = top.path().join(".git/index.lock");
        fs::write(&lock, "").expect("written");
        assert!(is_at_work(&inner));
        fs::create_dir(top.path().join("tree")).expect("a folder");
        fs::write(top.path().join("tree/.git"), "gitdir: ../.git\n").expect("written");
        assert!(is_at_work(&top.path().join("tree")));
        let long_ago = SystemTime::now() - Duration::from_secs(60);
        fs::File::options().write(true).open(&lock).and_then(|file| file.set_modified(long_ago)).expect("changed");
        assert!(!is_at_work(&inner));
    }
}
