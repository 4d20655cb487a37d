//! The workspace on disk: finds its root, lists what matters in it, reads files.
//! In come paths; out go names, bytes and troubles as values.
//! Never looks at what the bytes say; never reads what lies outside the root.
#![allow(clippy::disallowed_methods, reason = "this is where files are found, listed, read and made")]

mod create;
mod list;
mod read;
mod root;

pub use create::create_new;
pub use list::{
    Entry, Folder, Identity, Link, Listing, Trouble, TroubleReason, belongs, identity, is_temporary, list, list_folder, probe,
};
pub use read::{Reading, Signature, read, read_signed};
pub use root::{DiskError, Root, find_root};
