//! The names that a commit uses beside the files it writes.
//!
//! Each is made from its file's, so that whoever recovers finds them without a search. They begin with a dot: neither the
//! listing of a workspace nor its watch looks at them.

use crate::outside::disk::LOCAL;
use crate::text::{Digest, FilePath};

/// Where a text is while it is being written. What lies there is ours and may be half.
pub(super) fn part(file: &FilePath) -> FilePath {
    beside(file, "part")
}

/// Where our text waits, whole, for its place; and where what it was exchanged for then is.
pub(super) fn new(file: &FilePath) -> FilePath {
    beside(file, "new")
}

/// Where a file is put aside that is deleted, or that cannot be exchanged in one step.
pub(super) fn old(file: &FilePath) -> FilePath {
    beside(file, "old")
}

/// All names that a commit uses beside a file: half a text, a whole one, and what was put aside.
pub fn beside_of(file: &FilePath) -> [FilePath; 3] {
    [part(file), new(file), old(file)]
}

fn beside(file: &FilePath, kind: &str) -> FilePath {
    // Not the file's own name with something added, which could be longer than a name may be.
    let digest = Digest::of(file.as_str()).to_string();
    inside(file.folder(), &format!(".segue-{}.{kind}", &digest[..16]))
}

/// The list of what was made before the commit is decided.
pub(super) fn staging() -> FilePath {
    inside(LOCAL, "staging")
}

/// The folder with all that could not be put in place.
pub(super) fn kept() -> FilePath {
    inside(LOCAL, "kept")
}

/// A name in a folder; at the root, if that is empty.
pub(super) fn inside(folder: &str, name: &str) -> FilePath {
    FilePath::new(if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") })
}

/// A folder and all above it, the root last.
pub(super) fn upwards(folder: &str) -> impl Iterator<Item = FilePath> {
    let mut next = Some(FilePath::new(folder));
    std::iter::from_fn(move || {
        let folder = next.take()?;
        next = (!folder.as_str().is_empty()).then(|| FilePath::new(folder.folder()));
        Some(folder)
    })
}
