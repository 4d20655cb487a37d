//! One file's text under its path.

use std::sync::{Arc, OnceLock};

use super::{FilePath, LineIndex, Lines, Location, Place, Span};

/// A file that was read: its path and its text. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Source(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: FilePath,
    text: String,
    lines: OnceLock<LineIndex>,
}

/// Two sources are the same if path and text are.
impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || (self.path() == other.path() && self.text() == other.text())
    }
}

impl Eq for Source {}

impl Source {
    /// Holds `text` as the content of `path`.
    pub fn new(path: FilePath, text: String) -> Self {
        Self(Arc::new(Inner { path, text, lines: OnceLock::new() }))
    }

    /// The file's path in the workspace.
    pub fn path(&self) -> &FilePath {
        &self.0.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The lines, counted when they are first asked for.
    pub fn lines(&self) -> Lines<'_> {
        self.0.lines.get_or_init(|| LineIndex::new(self.text())).of(self.text())
    }

    /// The text that a span names.
    pub fn slice(&self, span: Span) -> &str {
        &self.text()[span.range()]
    }

    /// The line and column of a byte offset.
    pub fn place(&self, offset: u32) -> Place {
        self.lines().place(offset as usize)
    }

    /// This file at a span.
    pub fn at(&self, span: Span) -> Location {
        self.path().at(span)
    }
}
