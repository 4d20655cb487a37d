//! The steps of a commit on systems that only know whole paths: as near as can be.
//! In come names of the workspace; every folder on the way is looked at before a path is used.
//! Never follows a link that is there when it looks.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::PathBuf;

use crate::text::{Digest, FilePath};

use super::Root;
use super::read::is_gone;
use super::steps::{Access, Disk, Found, LARGEST_COMPARED};

/// The disk that the workspace lies on.
#[derive(Debug)]
pub struct RealDisk {
    root: Root,
}

impl RealDisk {
    /// Takes the workspace's folder.
    ///
    /// # Errors
    /// Never here; other systems open it.
    pub fn at(root: &Root) -> io::Result<Self> {
        Ok(Self { root: root.clone() })
    }

    /// The path of a name, and what stands in the way to it.
    fn path(&self, name: &FilePath) -> io::Result<Result<PathBuf, Found>> {
        let text = name.as_str();
        if text.split('/').any(|part| matches!(part, "" | "." | "..")) || text.contains(['\0', '\\', ':']) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("`{text}` is no name in a workspace")));
        }
        for (end, _) in text.match_indices('/') {
            let folder = FilePath::new(&text[..end]);
            match fs::symlink_metadata(self.root.path_of(&folder)) {
                Ok(found) if found.is_dir() => {}
                Ok(found) if found.is_symlink() => return Ok(Err(Found::Behind { blocked: folder, by: "a link" })),
                Ok(_) => return Ok(Err(Found::Behind { blocked: folder, by: "a file" })),
                Err(error) if is_gone(&error) => return Ok(Err(Found::Nothing)),
                Err(error) => return Err(error),
            }
        }
        Ok(Ok(self.root.path_of(name)))
    }

    fn place(&self, name: &FilePath) -> io::Result<PathBuf> {
        match self.path(name)? {
            Ok(path) => Ok(path),
            Err(Found::Behind { blocked, by }) => Err(in_the_way(&blocked, by)),
            Err(Found::Nothing | Found::File { .. } | Found::Folder | Found::Link | Found::Other) => {
                Err(io::ErrorKind::NotFound.into())
            }
        }
    }

    fn folder(&self, folder: &FilePath) -> io::Result<PathBuf> {
        if folder.as_str().is_empty() { Ok(self.root.path().to_owned()) } else { self.place(folder) }
    }

    pub(super) fn open(&self, name: &FilePath, how: &OpenOptions) -> io::Result<File> {
        let path = self.place(name)?;
        if fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) {
            return Err(in_the_way(name, "a link"));
        }
        how.open(path)
    }
}

fn in_the_way(name: &FilePath, by: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotADirectory, format!("{name} is {by}, which is not followed when writing"))
}

impl Disk for RealDisk {
    fn look(&self, name: &FilePath) -> io::Result<Found> {
        let path = match self.path(name)? {
            Ok(path) => path,
            Err(found) => return Ok(found),
        };
        let found = match fs::symlink_metadata(&path) {
            Ok(found) => found,
            Err(error) if is_gone(&error) => return Ok(Found::Nothing),
            Err(error) => return Err(error),
        };
        if found.is_symlink() {
            return Ok(Found::Link);
        }
        if found.is_dir() {
            return Ok(Found::Folder);
        }
        if !found.is_file() {
            return Ok(Found::Other);
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(LARGEST_COMPARED).read_to_end(&mut bytes)?;
        Ok(Found::File { digest: Digest::of(bytes), mode: None })
    }

    fn bytes(&self, name: &FilePath) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(name, OpenOptions::new().read(true))?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn names(&self, folder: &FilePath) -> io::Result<Vec<String>> {
        let path = match self.folder(folder) {
            Ok(path) => path,
            Err(error) if is_gone(&error) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) if is_gone(&error) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        entries.filter_map(|entry| entry.map(|entry| entry.file_name().into_string().ok()).transpose()).collect()
    }

    fn make_folder(&self, folder: &FilePath) -> io::Result<()> {
        let path = self.place(folder)?;
        match fs::create_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match fs::symlink_metadata(&path)?.is_dir() {
                true => Ok(()),
                false => Err(in_the_way(folder, "not a folder")),
            },
            done => done,
        }
    }

    fn create(&self, name: &FilePath, access: Access) -> io::Result<()> {
        match access {
            Access::Usual | Access::Private => self.open(name, OpenOptions::new().write(true).create_new(true)).map(drop),
        }
    }

    fn write(&self, name: &FilePath, bytes: &[u8]) -> io::Result<()> {
        self.open(name, OpenOptions::new().write(true).truncate(true))?.write_all(bytes)
    }

    fn permit(&self, _name: &FilePath, _mode: u32) -> io::Result<()> {
        Ok(())
    }

    fn sync_file(&self, name: &FilePath) -> io::Result<()> {
        // A handle that cannot write cannot wait for writes here.
        self.open(name, OpenOptions::new().write(true))?.sync_all()
    }

    fn sync_folder(&self, _folder: &FilePath) -> io::Result<()> {
        Ok(()) // a folder cannot be opened to wait for it
    }

    fn exchange(&self, _one: &FilePath, _other: &FilePath) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn rename(&self, from: &FilePath, to: &FilePath) -> io::Result<()> {
        let (from, to) = (self.place(from)?, self.place(to)?);
        // A second name, then one less: where the new name is not free, nothing happens.
        fs::hard_link(&from, to)?;
        fs::remove_file(from)
    }

    fn remove_file(&self, name: &FilePath) -> io::Result<()> {
        fs::remove_file(self.place(name)?)
    }

    fn remove_folder(&self, folder: &FilePath) -> io::Result<()> {
        fs::remove_dir(self.place(folder)?)
    }
}
