//! Reads one file; whatever may be wrong with it is a value.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::text::{FilePath, MAX_FILE_BYTES};
use crate::workspace::Content;

use super::Root;

/// What the file system says of a file without reading it: while it stays the same, the bytes most likely do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    device: u64,
    inode: u64,
    size: u64,
    modified_ns: i128,
    changed_ns: i128,
}

/// A file's content and the signature it had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What it holds.
    pub content: Content,
    /// Its signature before it was read; `None` where there is no file.
    pub signature: Option<Signature>,
    /// Whether the signature was the same after reading. If not, somebody is writing and the bytes may be half old.
    pub steady: bool,
}

/// Reads many files of a workspace: its folder is opened once. What is put in the folder's own place afterwards is not seen.
#[derive(Debug)]
pub struct Reader<'r> {
    root: &'r Root,
    /// The folder; `None` where it could not be opened.
    #[cfg(target_os = "linux")]
    folder: Option<std::os::fd::OwnedFd>,
}

impl<'r> Reader<'r> {
    /// A reader of a workspace.
    pub fn new(root: &'r Root) -> Self {
        Self {
            root,
            #[cfg(target_os = "linux")]
            folder: open_folder(root).ok(),
        }
    }

    /// Reads a file of the workspace. Never waits for a pipe, never follows a link out of the workspace.
    pub fn read(&self, file: &FilePath) -> Content {
        let read = open(self, file).and_then(|mut opened| content(&mut opened).map_err(NotOpen::Trouble));
        read.map_or_else(NotOpen::into_content, |(content, _)| content)
    }

    fn read_signed(&self, file: &FilePath) -> Reading {
        let read = open(self, file).and_then(|mut opened| reading(&mut opened).map_err(NotOpen::Trouble));
        read.unwrap_or_else(|error| {
            let content = error.into_content();
            let found = || fs::metadata(self.root.path_of(file)).ok();
            let signature = if content == Content::Gone { None } else { found().map(|found| Signature::of(&found)) };
            Reading { content, signature, steady: true }
        })
    }
}

/// Reads a file of the workspace. Never waits for a pipe, never follows a link out of the workspace.
pub fn read(root: &Root, file: &FilePath) -> Content {
    Reader::new(root).read(file)
}

/// Reads a file of the workspace as [`read`] does, and tells its signature.
pub fn read_signed(root: &Root, file: &FilePath) -> Reading {
    Reader::new(root).read_signed(file)
}

enum NotOpen {
    Gone,
    Leaves(PathBuf),
    Trouble(io::Error),
}

impl From<io::Error> for NotOpen {
    fn from(error: io::Error) -> Self {
        if is_gone(&error) { Self::Gone } else { Self::Trouble(error) }
    }
}

impl NotOpen {
    fn into_content(self) -> Content {
        match self {
            Self::Gone => Content::Gone,
            Self::Leaves(target) => Content::Unreadable(format!("leads out of the workspace, to {}", target.display())),
            Self::Trouble(error) => Content::Unreadable(plain(&error)),
        }
    }
}

/// What an open file holds, and its signature before and after it was read.
fn reading(file: &mut File) -> io::Result<Reading> {
    let (content, found) = content(file)?;
    let signature = Some(Signature::of(&found));
    let steady = match content {
        Content::Bytes(_) => signature == Some(Signature::of(&file.metadata()?)),
        Content::Gone | Content::TooLarge { .. } | Content::Unreadable(_) | Content::LeftOut(_) => true,
    };
    Ok(Reading { content, signature, steady })
}

/// What an open file holds, and what the system said of it before.
fn content(file: &mut File) -> io::Result<(Content, Metadata)> {
    let found = file.metadata()?;
    if !found.is_file() {
        return Ok((Content::Unreadable(no_file(&found)), found));
    }
    if found.len() > MAX_FILE_BYTES as u64 {
        return Ok((Content::TooLarge { bytes: found.len() }, found));
    }
    let mut bytes = Vec::with_capacity(found.len() as usize + 1);
    file.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    let content = match bytes.len() {
        0..=MAX_FILE_BYTES => Content::Bytes(bytes),
        more => Content::TooLarge { bytes: file.metadata()?.len().max(more as u64) },
    };
    Ok((content, found))
}

fn no_file(found: &Metadata) -> String {
    let what = if found.is_dir() { "a folder" } else { "a pipe, socket or device" };
    format!("is {what}, not a file")
}

/// Opens without waiting, and only what lies inside the root once links are followed.
fn open(reader: &Reader<'_>, file: &FilePath) -> Result<File, NotOpen> {
    #[cfg(target_os = "linux")]
    if let Some(opened) = open_beneath(reader, file) {
        return Ok(opened?);
    }
    let root = reader.root;
    let path = fs::canonicalize(root.path_of(file))?;
    if !path.starts_with(root.path()) {
        return Err(NotOpen::Leaves(path));
    }
    Ok(open_at_once(&path)?)
}

/// One system call that refuses to leave the root. `None` where it has no answer: absolute links, old kernels, no root.
#[cfg(target_os = "linux")]
fn open_beneath(reader: &Reader<'_>, file: &FilePath) -> Option<io::Result<File>> {
    use rustix::fs::{Mode, ResolveFlags};
    use rustix::io::Errno;

    let folder = reader.folder.as_ref()?;
    match rustix::fs::openat2(folder, file.as_str(), OPEN, Mode::empty(), ResolveFlags::BENEATH) {
        Ok(opened) => Some(Ok(opened.into())),
        Err(Errno::XDEV | Errno::NOSYS | Errno::AGAIN | Errno::PERM | Errno::INVAL) => None,
        Err(error) => Some(Err(error.into())),
    }
}

#[cfg(target_os = "linux")]
fn open_folder(root: &Root) -> io::Result<std::os::fd::OwnedFd> {
    use rustix::fs::{Mode, OFlags};

    Ok(rustix::fs::open(root.path(), OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?)
}

#[cfg(unix)]
const OPEN: rustix::fs::OFlags = rustix::fs::OFlags::RDONLY
    .union(rustix::fs::OFlags::NONBLOCK)
    .union(rustix::fs::OFlags::NOCTTY)
    .union(rustix::fs::OFlags::CLOEXEC);

#[cfg(unix)]
fn open_at_once(path: &Path) -> io::Result<File> {
    Ok(rustix::fs::open(path, OPEN, rustix::fs::Mode::empty())?.into())
}

#[cfg(not(unix))]
fn open_at_once(path: &Path) -> io::Result<File> {
    let found = fs::metadata(path)?;
    if found.is_file() { File::open(path) } else { Err(io::Error::other(no_file(&found))) }
}

/// Whether an error only says that nothing is there.
pub(super) fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// An error of the system as a person reads it: no number, no capital.
pub(super) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

impl Signature {
    /// The signature that the file system's answer amounts to.
    #[cfg(unix)]
    pub fn of(found: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;

        let nanoseconds = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
        Self {
            device: found.dev(),
            inode: found.ino(),
            size: found.size(),
            modified_ns: nanoseconds(found.mtime(), found.mtime_nsec()),
            changed_ns: nanoseconds(found.ctime(), found.ctime_nsec()),
        }
    }

    /// The signature that the file system's answer amounts to.
    #[cfg(not(unix))]
    pub fn of(found: &Metadata) -> Self {
        let since = |time: std::time::SystemTime| time.duration_since(std::time::UNIX_EPOCH).ok();
        let modified_ns = found.modified().ok().and_then(since).map_or(0, |time| time.as_nanos() as i128);
        Self { device: 0, inode: 0, size: found.len(), modified_ns, changed_ns: modified_ns }
    }

    /// How many bytes the file has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether the file was changed so shortly before `now_ns` (since 1970) that one more change might not show.
    ///
    /// File systems count time in ticks: milliseconds mostly, whole seconds on some.
    pub fn is_fresh(&self, now_ns: i128) -> bool {
        let tick = if self.changed_ns % 1_000_000_000 == 0 { 2_000_000_000 } else { 20_000_000 };
        (now_ns - self.changed_ns).abs() < tick
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    struct Place {
        _top: tempfile::TempDir,
        root: Root,
    }

    impl Place {
        fn new() -> Self {
            let top = tempfile::tempdir().expect("a folder");
            fs::create_dir_all(top.path().join("w/sequences/lead")).expect("folders");
            fs::write(top.path().join("secret"), "outside").expect("written");
            let root = Root::at(&top.path().join("w")).expect("a root");
            Self { _top: top, root }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.root.path().join(name)
        }

        fn read(&self, name: &str) -> Content {
            read(&self.root, &FilePath::new(name))
        }
    }

    fn reason(content: Content) -> String {
        match content {
            Content::Unreadable(reason) => reason,
            other => panic!("should be unreadable: {other:?}"),
        }
    }

    #[test]
    fn bytes_come_with_the_signature_they_had() {
        let place = Place::new();
        fs::write(place.path("sequences/a.yaml"), b"\xff\0x").expect("written");
        let reading = read_signed(&place.root, &FilePath::new("sequences/a.yaml"));
        assert_eq!(reading.content, Content::Bytes(b"\xff\0x".to_vec()));
        let found = fs::metadata(place.path("sequences/a.yaml")).expect("it is there");
        assert_eq!(reading.signature, Some(Signature::of(&found)));
        assert!(reading.steady);
    }

    #[test]
    fn the_largest_file_is_read_and_one_byte_more_is_not() {
        let place = Place::new();
        fs::write(place.path("sequences/a"), vec![b'x'; MAX_FILE_BYTES]).expect("written");
        fs::write(place.path("sequences/b"), vec![b'x'; MAX_FILE_BYTES + 1]).expect("written");
        assert!(matches!(place.read("sequences/a"), Content::Bytes(bytes) if bytes.len() == MAX_FILE_BYTES));
        assert_eq!(place.read("sequences/b"), Content::TooLarge { bytes: MAX_FILE_BYTES as u64 + 1 });
    }

    #[test]
    fn what_is_no_file_is_a_value_and_a_pipe_does_not_block() {
        let place = Place::new();
        let pipe = place.path("sequences/pipe.yaml");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if made.is_ok_and(|status| status.success()) {
            assert_eq!(reason(place.read("sequences/pipe.yaml")), "is a pipe, socket or device, not a file");
        }
        let _socket = std::os::unix::net::UnixListener::bind(place.path("sequences/s")).expect("a socket");
        assert!(!reason(place.read("sequences/s")).is_empty());
        assert_eq!(reason(place.read("sequences/lead")), "is a folder, not a file");
        assert_eq!(place.read("sequences/absent.yaml"), Content::Gone);
        assert_eq!(place.read("sequences/absent/a.yaml"), Content::Gone);
        fs::write(place.path("sequences/a"), "").expect("written");
        assert_eq!(place.read("sequences/a/b"), Content::Gone);
    }

    #[test]
    fn a_file_without_permission_says_so() {
        let place = Place::new();
        let path = place.path("sequences/a.yaml");
        fs::write(&path, "x").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("changed");
        // For the superuser every file is readable.
        if File::open(&path).is_err() {
            assert_eq!(reason(place.read("sequences/a.yaml")), "permission denied");
        }
    }

    #[test]
    fn links_are_followed_inside_and_never_out() {
        let place = Place::new();
        fs::write(place.path("sequences/lead/a.yaml"), "inside").expect("written");
        symlink("lead/a.yaml", place.path("sequences/near.yaml")).expect("linked");
        symlink(place.path("sequences/lead/a.yaml"), place.path("sequences/absolute.yaml")).expect("linked");
        symlink("../../secret", place.path("sequences/out.yaml")).expect("linked");
        symlink("/", place.path("sequences/top")).expect("linked");
        symlink("self.yaml", place.path("sequences/self.yaml")).expect("linked");
        assert_eq!(place.read("sequences/near.yaml"), Content::Bytes(b"inside".to_vec()));
        assert_eq!(place.read("sequences/absolute.yaml"), Content::Bytes(b"inside".to_vec()));
        for name in ["sequences/out.yaml", "sequences/top/etc/passwd", "../secret"] {
            assert!(reason(place.read(name)).starts_with("leads out of the workspace"), "{name}");
        }
        assert!(!reason(place.read("sequences/self.yaml")).is_empty());
        assert_eq!(place.read("/etc/passwd"), Content::Gone, "a name never starts at the top of the disk");
    }
}
