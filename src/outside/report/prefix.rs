//! Where a workspace lies in a repository: those who show findings there know files by their path from its root.

use crate::text::FilePath;

/// The folder of the workspace in its repository, with `/`; empty where it is the repository itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefix(String);

impl Prefix {
    /// Takes a folder, relative and written with `/`.
    pub fn new(folder: &str) -> Self {
        Self(folder.trim_matches('/').to_owned())
    }

    /// The path of a file from the root of the repository.
    pub fn of(&self, file: &FilePath) -> String {
        if self.0.is_empty() { file.to_string() } else { format!("{}/{file}", self.0) }
    }
}
