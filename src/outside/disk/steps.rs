//! The steps that a commit's writes are made of: each happens or does not, and a crash may come between any two.
//! In come names of the workspace; out go bytes on disk, or the system's error.
//! Never follows a link, never leaves the root, never replaces what it was not told to.

use std::io;

use crate::text::{Digest, FilePath};

/// What stands at a name of the workspace. Links are not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A file.
    File {
        /// The digest of its bytes.
        digest: Digest,
        /// Its permissions; `None` on systems that have no such thing.
        mode: Option<u32>,
    },
    /// A folder.
    Folder,
    /// A link, wherever it leads.
    Link,
    /// A pipe, socket or device.
    Other,
    /// What should be a folder on the way there is none.
    Behind {
        /// Where the way ends.
        blocked: FilePath,
        /// What stands there, in words: `a link`.
        by: &'static str,
    },
}

/// Who may look into a file that is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Whoever may look into new files.
    Usual,
    /// Nobody else, until it has the permissions of the file that it replaces.
    Private,
}

/// A file is compared by its first bytes, so many. No text of ours comes near, so a larger file never looks like one.
pub(super) const LARGEST_COMPARED: u64 = 64 << 20;

/// A disk as a commit needs it. Names count from the workspace's root; an empty one is the root itself.
///
/// Whoever implements it does one step a call, so that a test can stop between any two of them, or fail any one.
pub trait Disk {
    /// Tells what stands at a name.
    ///
    /// # Errors
    /// Where the system does not let us look.
    fn look(&self, name: &FilePath) -> io::Result<Found>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// Where there is none, or none that can be read.
    fn bytes(&self, name: &FilePath) -> io::Result<Vec<u8>>;

    /// The names in a folder, in no order; none where there is no folder. What is not UTF-8 is left out.
    ///
    /// # Errors
    /// Where it cannot be listed.
    fn names(&self, folder: &FilePath) -> io::Result<Vec<String>>;

    /// Makes one folder; its parent must be there. One that is there already is fine.
    ///
    /// # Errors
    /// Where the system refuses, and where something else has the name.
    fn make_folder(&self, folder: &FilePath) -> io::Result<()>;

    /// Creates an empty file.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] where something has the name; what the system says otherwise.
    fn create(&self, name: &FilePath, access: Access) -> io::Result<()>;

    /// Writes the whole text of a file that [`create`](Self::create) made.
    ///
    /// # Errors
    /// What the system says; some of the bytes may then be there.
    fn write(&self, name: &FilePath, bytes: &[u8]) -> io::Result<()>;

    /// Gives a file its permissions; does nothing on systems that have no such thing.
    ///
    /// # Errors
    /// What the system says.
    fn permit(&self, name: &FilePath, mode: u32) -> io::Result<()>;

    /// Waits until a file's bytes are safe from a power failure.
    ///
    /// # Errors
    /// What the system says.
    fn sync_file(&self, name: &FilePath) -> io::Result<()>;

    /// Waits until the names in a folder are safe from a power failure.
    ///
    /// # Errors
    /// What the system says.
    fn sync_folder(&self, folder: &FilePath) -> io::Result<()>;

    /// Exchanges two files in one step: there is no moment in which either name is free.
    ///
    /// # Errors
    /// [`io::ErrorKind::Unsupported`] where system or file system cannot, and what the system says otherwise.
    fn exchange(&self, one: &FilePath, other: &FilePath) -> io::Result<()>;

    /// Gives a file a new name that is free.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] where it is not: both are left as they are.
    fn rename(&self, from: &FilePath, to: &FilePath) -> io::Result<()>;

    /// Removes a file or a link.
    ///
    /// # Errors
    /// What the system says.
    fn remove_file(&self, name: &FilePath) -> io::Result<()>;

    /// Removes an empty folder.
    ///
    /// # Errors
    /// What the system says; nothing is removed if anything is in it.
    fn remove_folder(&self, folder: &FilePath) -> io::Result<()>;
}
