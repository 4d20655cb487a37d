//! What a person must know about the watching itself.

use std::fmt;

use crate::text::FilePath;

/// Something about the watching that a person should be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The system has no more watches for us; the rest is swept.
    TooManyFolders {
        /// How many watches the system gives to one user, where it says so.
        limit: Option<u64>,
    },
    /// All folders are watched again.
    AllFoldersWatched,
    /// The system gives us no events at all; says why.
    NoEvents(String),
    /// A file changed and no event told of it.
    Unannounced(FilePath),
    /// The workspace's folder is not there.
    RootGone,
    /// The workspace's folder is back.
    RootBack,
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyFolders { limit } => {
                let limit = limit.map_or_else(String::new, |limit| format!(" (fs.inotify.max_user_watches is {limit})"));
                write!(
                    formatter,
                    "the system watches no more folders for us{limit}; until it does, changes are looked for every second. \
                     `sudo sysctl fs.inotify.max_user_watches=524288` raises the limit"
                )
            }
            Self::AllFoldersWatched => formatter.write_str("all folders are watched again"),
            Self::NoEvents(reason) => {
                write!(formatter, "the system does not tell of changes ({reason}); they are looked for every second")
            }
            Self::Unannounced(file) => write!(
                formatter,
                "`{file}` changed and the system did not tell, as happens on network and container file systems; \
                 while this goes on, changes are looked for every second"
            ),
            Self::RootGone => formatter.write_str("the workspace's folder is gone; waiting for it to come back"),
            Self::RootBack => formatter.write_str("the workspace's folder is back"),
        }
    }
}
