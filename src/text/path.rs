//! Paths as the workspace sees them: relative to its root, with `/`.

use std::fmt;
use std::sync::Arc;

/// A file of the workspace by its path relative to the root, with `/` on every system.
///
/// Cheap to clone; ordered as text, which is the order in which findings are reported.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilePath(Arc<str>);

impl FilePath {
    /// Takes a path that is already relative and written with `/`.
    pub fn new(path: impl Into<Arc<str>>) -> Self {
        Self(path.into())
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last component: `a.yaml` of `sequences/lead/a.yaml`.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The folder the file lies in, without a final `/`; empty at the root.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// This file at one span.
    pub fn at(&self, span: super::Span) -> super::Location {
        super::Location { file: self.clone(), span }
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
