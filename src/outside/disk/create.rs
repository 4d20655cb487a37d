//! Makes a new file, whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::DiskError;

/// Creates a file with this text, and the folders it needs. Whoever looks sees no file or all of it.
///
/// # Errors
/// [`DiskError::Exists`] where something has that name: it is left as it is. [`DiskError::NotWritten`] otherwise.
pub fn create_new(path: &Path, text: &str) -> Result<(), DiskError> {
    put(path, text).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => DiskError::Exists { path: path.to_owned() },
        _ => DiskError::NotWritten { path: path.to_owned(), source },
    })
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| match error.kind() {
        // Something that is no folder stands on the way; the file itself is not there.
        io::ErrorKind::AlreadyExists => io::ErrorKind::NotADirectory.into(),
        _ => error,
    })?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".segue-");
    // A file that is to be shared, unlike most temporary ones; the person's umask takes away what it should.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_whole_and_an_old_one_is_kept() {
        let top = tempfile::tempdir().expect("a folder");
        let path = top.path().join("a/b/segue.yaml");
        create_new(&path, "format: 1\n").expect("created");
        assert!(matches!(create_new(&path, "other"), Err(DiskError::Exists { .. })));
        assert_eq!(fs::read_to_string(&path).expect("read"), "format: 1\n");
        let names = fs::read_dir(top.path().join("a/b")).expect("a folder").count();
        assert_eq!(names, 1, "no temporary file stays");
        assert!(matches!(create_new(&path.join("c"), ""), Err(DiskError::NotWritten { .. } | DiskError::Exists { .. })));
    }
}
