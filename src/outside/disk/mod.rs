//! The workspace on disk: finds its root, lists what matters in it, reads files, and writes
//! them in single steps.
//! In come paths; out go names, bytes and troubles as values.
//! Never looks at what the bytes say; never reads what lies outside the root.
#![allow(clippy::disallowed_methods, reason = "this is where files are found, listed, read and made")]

#[cfg(unix)]
mod beneath;
mod create;
#[cfg(not(unix))]
mod elsewhere;
mod list;
mod lock;
mod read;
mod root;
mod steps;

#[cfg(unix)]
pub use beneath::RealDisk;
pub use create::create_new;
#[cfg(not(unix))]
pub use elsewhere::RealDisk;
pub use list::{
    Entry, Folder, Identity, Link, Listing, Trouble, TroubleReason, belongs, identity, is_temporary, list, list_folder, probe,
};
pub(crate) use lock::LOCAL;
pub use lock::{Lock, LockError, Writer};
pub use read::{Reader, Reading, Signature, read, read_signed};
pub use root::{DiskError, Root, find_root};
pub use steps::{Access, Disk, Found};
