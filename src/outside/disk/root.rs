//! Where the workspace is, and the way between a path and a name in it.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::text::FilePath;

use super::lock::LOCAL;

/// The folder of one workspace: absolute, free of links. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root(Arc<Path>);

/// What the disk did not let us do.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// No folder from the start upwards is a workspace.
    #[error(
        "no workspace: neither a file `segue.yaml` nor a folder `sequences` in {} or any folder above; `segue init` makes one",
        start.display()
    )]
    NoWorkspace {
        /// Where the search began.
        start: PathBuf,
    },
    /// A folder that was named cannot be entered.
    #[error("cannot open the folder {}", path.display())]
    NoFolder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file that should be new is there.
    #[error("{} is already there", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A file could not be put in place.
    #[error("cannot write {}", path.display())]
    NotWritten {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Finds the workspace around a folder: the first, from there upwards, with a file `segue.yaml` or a folder `sequences`. What
/// lies in the local state of one is none, though copies of its files are kept there.
///
/// # Errors
/// [`DiskError::NoFolder`] where `start` cannot be entered, [`DiskError::NoWorkspace`] where no folder qualifies.
pub fn find_root(start: &Path) -> Result<Root, DiskError> {
    let start = Root::at(start)?;
    let is_local = |folder: &Path| folder.ancestors().any(|above| above.ends_with(LOCAL));
    let found = start.path().ancestors().find(|folder| is_workspace(folder) && !is_local(folder));
    let found = found.map(|folder| Root(folder.into()));
    found.ok_or_else(|| DiskError::NoWorkspace { start: start.path().to_owned() })
}

fn is_workspace(folder: &Path) -> bool {
    // A `segue.yaml` that is a dangling link still shows what the folder is meant to be; the link is reported later.
    let settings = fs::symlink_metadata(folder.join("segue.yaml")).is_ok_and(|found| !found.is_dir());
    settings || folder.join("sequences").is_dir()
}

impl Root {
    /// Takes a folder as the root, whatever is in it.
    ///
    /// # Errors
    /// [`DiskError::NoFolder`] where it cannot be entered.
    pub fn at(folder: &Path) -> Result<Self, DiskError> {
        let trouble = |source| DiskError::NoFolder { path: folder.to_owned(), source };
        let path = fs::canonicalize(folder).map_err(trouble)?;
        if !path.is_dir() {
            return Err(trouble(io::ErrorKind::NotADirectory.into()));
        }
        Ok(Self(path.into()))
    }

    /// The absolute path of the root.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The absolute path of a file of the workspace; the root itself for an empty name.
    pub fn path_of(&self, file: &FilePath) -> PathBuf {
        let mut path = self.0.to_path_buf();
        path.extend(file.as_str().split('/').filter(|part| !part.is_empty()));
        path
    }

    /// The name of a path in the workspace, empty for the root itself; `None` for what lies outside and for what is not UTF-8.
    ///
    /// The path need not exist, but where it is written by way of links its folder must. A relative path counts from the
    /// current folder.
    pub fn file_path(&self, path: &Path) -> Option<FilePath> {
        let plain = path.components().all(|part| part != Component::ParentDir);
        if plain && let Ok(inside) = path.strip_prefix(&self.0) {
            return name_of(inside);
        }
        if let Ok(real) = fs::canonicalize(path)
            && path.file_name().is_none()
        {
            return name_of(real.strip_prefix(&self.0).ok()?); // it ends in `..`
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let real = fs::canonicalize(folder).ok()?.join(path.file_name()?);
        name_of(real.strip_prefix(&self.0).ok()?)
    }
}

fn name_of(inside: &Path) -> Option<FilePath> {
    let parts: Vec<&str> = inside.iter().map(|part| part.to_str()).collect::<Option<_>>()?;
    Some(FilePath::new(parts.join("/")))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_nearest_folder_with_settings_or_sequences_is_the_root() {
        let top = tempfile::tempdir().expect("a folder");
        let inner = top.path().join("a/sequences/lead");
        fs::create_dir_all(&inner).expect("folders");
        let real = fs::canonicalize(top.path()).expect("it is there");
        assert_eq!(find_root(&inner).expect("a workspace").path(), real.join("a"));
        fs::write(inner.join("segue.yaml"), "format: 1\n").expect("written");
        assert_eq!(find_root(&inner).expect("a workspace").path(), real.join("a/sequences/lead"));
    }

    #[test]
    fn what_a_workspace_keeps_is_no_workspace() {
        let top = tempfile::tempdir().expect("a folder");
        let kept = top.path().join(".segue/kept/7/sequences/lead");
        fs::create_dir_all(&kept).expect("folders");
        assert!(matches!(find_root(&kept), Err(DiskError::NoWorkspace { .. })));
        fs::create_dir(top.path().join("sequences")).expect("a folder");
        let real = fs::canonicalize(top.path()).expect("it is there");
        assert_eq!(find_root(&kept).expect("a workspace").path(), real);
    }

    #[test]
    fn without_a_workspace_the_error_says_what_was_looked_for_where_and_what_helps() {
        let top = tempfile::tempdir().expect("a folder");
        let message = find_root(top.path()).expect_err("nothing there").to_string();
        let start = fs::canonicalize(top.path()).expect("it is there");
        for part in ["`segue.yaml`", "`sequences`", "`segue init`", &start.display().to_string()] {
            assert!(message.contains(part), "{message}");
        }
        assert!(matches!(find_root(&top.path().join("absent")), Err(DiskError::NoFolder { .. })));
    }

    #[test]
    fn names_and_paths_lead_to_each_other_and_nothing_outside_has_a_name() {
        let top = tempfile::tempdir().expect("a folder");
        let root = Root::at(top.path()).expect("a root");
        let name = FilePath::new("sequences/lead/a.yaml");
        assert_eq!(root.file_path(&root.path_of(&name)), Some(name));
        assert_eq!(root.file_path(Path::new("/etc/passwd")), None);
        assert_eq!(root.file_path(root.path()), Some(FilePath::new("")));
        assert_eq!(root.file_path(&root.path().join(".")), Some(FilePath::new("")));
        assert_eq!(root.file_path(&root.path().join("sequences/../../x")), None);
        assert!(root.path_of(&FilePath::new("/etc/passwd")).starts_with(root.path()));
    }
}
