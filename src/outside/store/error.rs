//! What can go wrong with the store, in words for somebody at work.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Error, ErrorCode};

/// Why the store did not do what it was asked for. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else holds the right to write.
    #[error("the store {} is busy: somebody else is writing; try again when they are done", path.display())]
    Busy {
        /// The store's file.
        path: PathBuf,
    },
    /// What a change rests on is no longer so.
    #[error("{0}; nothing was written, so look at it again and decide anew")]
    Moved(String),
    /// There is something else in the store's place.
    #[error("{} is no store of segue but {found}; move it away, or name another place for the store", path.display())]
    NotAStore {
        /// The path.
        path: PathBuf,
        /// What it is, with its article.
        found: &'static str,
    },
    /// A newer program made it.
    #[error(
        "the store {} was written by a newer segue (its form is {found}, this one knows {known}); update segue",
        path.display()
    )]
    Newer {
        /// The store's file.
        path: PathBuf,
        /// The number of its form.
        found: i64,
        /// The newest form that we know.
        known: i64,
    },
    /// An older program made it, and a reader changes nothing.
    #[error(
        "the store {} was written by an older segue (its form is {found}, this one reads {known}); `segue store \
         migrate` brings it up to date and keeps a copy, and so does the next command that writes",
        path.display()
    )]
    Older {
        /// The store's file.
        path: PathBuf,
        /// The number of its form.
        found: i64,
        /// The form that we read.
        known: i64,
    },
    /// It is damaged.
    #[error("the store {} is damaged: {detail}; `segue store restore` puts a backup in its place and keeps the damaged file", path.display())]
    Damaged {
        /// The store's file.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// It cannot be written to.
    #[error("the store {} cannot be written to; give yourself the right to write to it and to its folder", path.display())]
    ReadOnly {
        /// The store's file.
        path: PathBuf,
    },
    /// No space is left.
    #[error("the disk of the store {} is full; make room and try again", path.display())]
    Full {
        /// The store's file.
        path: PathBuf,
    },
    /// A copy would replace something.
    #[error("{} is not written: {by} is there", path.display())]
    Taken {
        /// The place of the copy.
        path: PathBuf,
        /// What is there, with its article.
        by: &'static str,
    },
    /// A copy could not be put in its place.
    #[error("cannot write {}", path.display())]
    NotWritten {
        /// The place of the copy.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It cannot be read here as it stands.
    #[error(
        "the store {} has unfinished work beside it that cannot be read without the right to write to its folder; \
         run any segue command there that writes, or copy the whole folder",
        path.display()
    )]
    Unfinished {
        /// The store's file.
        path: PathBuf,
    },
    /// The file or its folder cannot be reached.
    #[error("cannot open the store {}", path.display())]
    NotOpened {
        /// The path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database failed in another way.
    #[error("the store {} failed", path.display())]
    Failed {
        /// The store's file.
        path: PathBuf,
        /// Why.
        source: Error,
    },
}

/// What stops a transaction.
#[derive(Debug)]
pub(super) enum Stop {
    /// The world moved on.
    Moved(String),
    /// The database failed.
    Database(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Database(error)
    }
}

impl Stop {
    pub fn at(self, path: &Path) -> StoreError {
        match self {
            Stop::Moved(words) => StoreError::Moved(words),
            Stop::Database(error) => explain(path, error),
        }
    }
}

/// The database's error in our words.
pub(super) fn explain(path: &Path, error: Error) -> StoreError {
    let path = path.to_owned();
    match &error {
        // A value that is not what the schema promises: somebody else wrote it.
        Error::FromSqlConversionFailure(..) | Error::IntegralValueOutOfRange(..) | Error::InvalidColumnType(..) => {
            return StoreError::Damaged { path, detail: error.to_string() };
        }
        _ => {}
    }
    let Some(code) = error.sqlite_error_code() else { return StoreError::Failed { path, source: error } };
    // The helper file of the log cannot grow: there is no other reason than a disk that is full.
    if error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
        return StoreError::Full { path };
    }
    match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy { path },
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::ReadOnly { path },
        ErrorCode::DiskFull => StoreError::Full { path },
        ErrorCode::DatabaseCorrupt => StoreError::Damaged { path, detail: error.to_string() },
        ErrorCode::NotADatabase => StoreError::NotAStore { path, found: "another kind of file" },
        _ => StoreError::Failed { path, source: error },
    }
}
