//! The cache folder stays small: what was written longest ago goes first.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How the names of files begin that are being written.
pub(super) const UNFINISHED: &str = ".unfinished-";

/// How many workspaces and builds are remembered.
const MOST_FILES: usize = 64;

/// How many bytes are remembered.
const MOST_BYTES: u64 = 256 << 20;

/// After so long nobody is writing any more.
const ABANDONED: Duration = Duration::from_secs(3_600);

struct Old {
    path: PathBuf,
    modified: SystemTime,
    bytes: u64,
}

/// Removes what is too much, but never what was written just now.
///
/// # Errors
/// Where the folder cannot be listed.
pub(super) fn bound(folder: &Path, newest: &Path) -> io::Result<()> {
    let now = SystemTime::now();
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)?.flatten() {
        let (path, Ok(found)) = (entry.path(), entry.metadata()) else { continue };
        let modified = found.modified().unwrap_or(now);
        let is_unfinished = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
        if is_unfinished && now.duration_since(modified).is_ok_and(|age| age > ABANDONED) {
            drop(fs::remove_file(&path));
        } else if !is_unfinished && found.is_file() && path != newest {
            files.push(Old { path, modified, bytes: found.len() });
        }
    }
    files.sort_by_key(|file| std::cmp::Reverse(file.modified));
    let mut bytes = fs::metadata(newest).map_or(0, |found| found.len());
    for (place, file) in files.into_iter().enumerate() {
        bytes = bytes.saturating_add(file.bytes);
        if place + 1 >= MOST_FILES || bytes > MOST_BYTES {
            // Another process may have been quicker.
            drop(fs::remove_file(&file.path));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_and_the_newest_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let place = |name: String| folder.path().join(name);
        for number in 0..MOST_FILES as u64 + 5 {
            let file = fs::File::create(place(format!("workspace-{number:03}"))).expect("made");
            file.set_modified(long_ago + Duration::from_secs(number)).expect("dated");
        }
        let left_over = fs::File::create(place(format!("{UNFINISHED}x"))).expect("made");
        left_over.set_modified(long_ago).expect("dated");
        fs::write(place(format!("{UNFINISHED}y")), "").expect("made");
        bound(folder.path(), &place("workspace-000".to_owned())).expect("listed");
        let mut left: Vec<String> = fs::read_dir(folder.path())
            .expect("listed")
            .map(|entry| entry.expect("listed").file_name().to_string_lossy().into_owned())
            .collect();
        left.sort();
        let newest = (6..MOST_FILES + 5).map(|number| format!("workspace-{number:03}"));
        let expected: Vec<String> = [format!("{UNFINISHED}y"), "workspace-000".to_owned()].into_iter().chain(newest).collect();
        assert_eq!(left, expected);
    }
}
