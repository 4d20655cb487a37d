//! The steps of a commit on a real disk, on systems that open names relative to folders.
//! In come names of the workspace; each folder on the way is opened from the one before it, and a link is none.
//! Never follows a link, so that a name leads nowhere but into the root that was opened.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;

use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

use crate::text::{Digest, FilePath};

use super::Root;
use super::steps::{Access, Disk, Found, LARGEST_COMPARED};

/// The disk that the workspace lies on.
#[derive(Debug)]
pub struct RealDisk {
    root: OwnedFd,
}

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// Neither waits for a pipe nor follows a link.
const FILE: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

impl RealDisk {
    /// Opens the workspace's folder. What happens to its path later does not lead elsewhere.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub fn at(root: &Root) -> io::Result<Self> {
        Ok(Self { root: rustix::fs::open(root.path(), FOLDER, Mode::empty())? })
    }

    /// Opens a file as it is named, and nothing that a link leads to.
    pub(super) fn open(&self, name: &FilePath, how: OFlags, mode: Mode) -> io::Result<File> {
        let place = self.place(name)?;
        let opened = rustix::fs::openat(&place.folder, place.name, how | FILE, mode).map_err(|error| match error {
            Errno::LOOP => in_the_way(name, "a link"),
            error => error.into(),
        })?;
        Ok(opened.into())
    }

    /// The folder that a name lies in, opened, and the last part of the name.
    fn place<'n>(&self, name: &'n FilePath) -> io::Result<Place<'n>> {
        match self.way(name)? {
            Way::Open(place) => Ok(place),
            Way::Missing => Err(io::ErrorKind::NotFound.into()),
            Way::Blocked { blocked, by } => Err(in_the_way(&blocked, by)),
        }
    }

    fn way<'n>(&self, name: &'n FilePath) -> io::Result<Way<'n>> {
        let text = name.as_str();
        if text.is_empty() || text.split('/').any(|part| matches!(part, "" | "." | "..")) || text.contains('\0') {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("`{text}` is no name in a workspace")));
        }
        let mut folder = self.root.try_clone()?;
        let mut until = 0;
        for part in name.folder().split('/').filter(|part| !part.is_empty()) {
            until += part.len() + usize::from(until > 0);
            match rustix::fs::openat(&folder, part, FOLDER, Mode::empty()) {
                Ok(next) => folder = next,
                Err(Errno::NOENT) => return Ok(Way::Missing),
                Err(error @ (Errno::LOOP | Errno::NOTDIR | Errno::MLINK)) => {
                    let found = rustix::fs::statat(&folder, part, AtFlags::SYMLINK_NOFOLLOW)?;
                    let by = match FileType::from_raw_mode(found.st_mode) {
                        FileType::Symlink => "a link",
                        FileType::Directory => return Err(error.into()),
                        _ => "a file",
                    };
                    return Ok(Way::Blocked { blocked: FilePath::new(&text[..until]), by });
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Way::Open(Place { folder, name: name.file_name() }))
    }

    fn folder(&self, folder: &FilePath) -> io::Result<OwnedFd> {
        if folder.as_str().is_empty() {
            return self.root.try_clone();
        }
        let place = self.place(folder)?;
        Ok(rustix::fs::openat(&place.folder, place.name, FOLDER, Mode::empty())?)
    }
}

/// A folder that is open, and a name in it.
struct Place<'n> {
    folder: OwnedFd,
    name: &'n str,
}

enum Way<'n> {
    Open(Place<'n>),
    Missing,
    Blocked { blocked: FilePath, by: &'static str },
}

fn in_the_way(name: &FilePath, by: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotADirectory, format!("{name} is {by}, which is not followed when writing"))
}

#[allow(clippy::useless_conversion, reason = "permissions have other widths on other systems")]
impl Disk for RealDisk {
    fn look(&self, name: &FilePath) -> io::Result<Found> {
        let place = match self.way(name)? {
            Way::Open(place) => place,
            Way::Missing => return Ok(Found::Nothing),
            Way::Blocked { blocked, by } => return Ok(Found::Behind { blocked, by }),
        };
        let found = match rustix::fs::statat(&place.folder, place.name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) => found,
            Err(Errno::NOENT) => return Ok(Found::Nothing),
            Err(error) => return Err(error.into()),
        };
        match FileType::from_raw_mode(found.st_mode) {
            FileType::RegularFile => {}
            FileType::Directory => return Ok(Found::Folder),
            FileType::Symlink => return Ok(Found::Link),
            _ => return Ok(Found::Other),
        }
        let file = match rustix::fs::openat(&place.folder, place.name, FILE | OFlags::RDONLY, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(Errno::NOENT) => return Ok(Found::Nothing), // it went away in between
            Err(error) => return Err(error.into()),
        };
        // Of the opened file, not of the name: another may have it by now.
        let found = rustix::fs::fstat(&file)?;
        if FileType::from_raw_mode(found.st_mode) != FileType::RegularFile {
            return Ok(Found::Other);
        }
        let mode = Mode::from_raw_mode(found.st_mode).as_raw_mode();
        Ok(Found::File { digest: digest_of(file)?, mode: Some(u32::from(mode)) })
    }

    fn bytes(&self, name: &FilePath) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(name, OFlags::RDONLY, Mode::empty())?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn names(&self, folder: &FilePath) -> io::Result<Vec<String>> {
        let opened = match self.folder(folder) {
            Ok(opened) => opened,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::read_from(opened)? {
            if let Ok(name) = entry?.file_name().to_str()
                && !matches!(name, "." | "..")
            {
                names.push(name.to_owned());
            }
        }
        Ok(names)
    }

    fn make_folder(&self, folder: &FilePath) -> io::Result<()> {
        let place = self.place(folder)?;
        match rustix::fs::mkdirat(&place.folder, place.name, Mode::from_raw_mode(0o777)) {
            Ok(()) => Ok(()),
            Err(Errno::EXIST) => match self.look(folder)? {
                Found::Folder => Ok(()),
                Found::Link => Err(in_the_way(folder, "a link")),
                Found::Nothing | Found::File { .. } | Found::Other | Found::Behind { .. } => {
                    Err(in_the_way(folder, "not a folder"))
                }
            },
            Err(error) => Err(error.into()),
        }
    }

    fn create(&self, name: &FilePath, access: Access) -> io::Result<()> {
        let mode = match access {
            Access::Usual => 0o666, // the person's umask takes away what it should
            Access::Private => 0o600,
        };
        self.open(name, OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL, Mode::from_raw_mode(mode)).map(drop)
    }

    fn write(&self, name: &FilePath, bytes: &[u8]) -> io::Result<()> {
        self.open(name, OFlags::WRONLY | OFlags::TRUNC, Mode::empty())?.write_all(bytes)
    }

    fn permit(&self, name: &FilePath, mode: u32) -> io::Result<()> {
        let file = self.open(name, OFlags::RDONLY, Mode::empty())?;
        // Without it, whoever finishes a commit could not read what it wrote.
        let mode = (mode & 0o777) | 0o400;
        let mode = mode.try_into().map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(rustix::fs::fchmod(&file, Mode::from_raw_mode(mode))?)
    }

    fn sync_file(&self, name: &FilePath) -> io::Result<()> {
        self.open(name, OFlags::RDONLY, Mode::empty())?.sync_all()
    }

    fn sync_folder(&self, folder: &FilePath) -> io::Result<()> {
        File::from(self.folder(folder)?).sync_all()
    }

    fn exchange(&self, one: &FilePath, other: &FilePath) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        {
            let (one, other) = (self.place(one)?, self.place(other)?);
            let done =
                rustix::fs::renameat_with(&one.folder, one.name, &other.folder, other.name, rustix::fs::RenameFlags::EXCHANGE);
            done.map_err(|error| if is_unknown(error) { io::ErrorKind::Unsupported.into() } else { error.into() })
        }
        #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
        {
            let _ = (one, other);
            Err(io::ErrorKind::Unsupported.into())
        }
    }

    fn rename(&self, from: &FilePath, to: &FilePath) -> io::Result<()> {
        let (from, to) = (self.place(from)?, self.place(to)?);
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        match rustix::fs::renameat_with(&from.folder, from.name, &to.folder, to.name, rustix::fs::RenameFlags::NOREPLACE) {
            Err(error) if is_unknown(error) => {}
            done => return Ok(done?),
        }
        // A second name, then one less: where the new name is not free, nothing happens.
        rustix::fs::linkat(&from.folder, from.name, &to.folder, to.name, AtFlags::empty())?;
        Ok(rustix::fs::unlinkat(&from.folder, from.name, AtFlags::empty())?)
    }

    fn remove_file(&self, name: &FilePath) -> io::Result<()> {
        let place = self.place(name)?;
        Ok(rustix::fs::unlinkat(&place.folder, place.name, AtFlags::empty())?)
    }

    fn remove_folder(&self, folder: &FilePath) -> io::Result<()> {
        let place = self.place(folder)?;
        Ok(rustix::fs::unlinkat(&place.folder, place.name, AtFlags::REMOVEDIR)?)
    }
}

fn digest_of(file: File) -> io::Result<Digest> {
    let mut bytes = Vec::new();
    file.take(LARGEST_COMPARED).read_to_end(&mut bytes)?;
    Ok(Digest::of(bytes))
}

/// Whether the system says that it does not know how, and not that it may not.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn is_unknown(error: Errno) -> bool {
    [Errno::INVAL, Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP].contains(&error)
}
