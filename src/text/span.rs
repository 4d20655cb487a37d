//! Byte ranges, and values that remember where they were written.

use std::ops::Range;

use super::FilePath;

/// A range of bytes in one file's text, end exclusive. Files are at most 1 MiB, so 32 bits are plenty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` to `end`, in bytes.
    ///
    /// # Panics
    /// Where an offset does not fit 32 bits: the gate in front of reading lets no such file in.
    pub fn new(start: usize, end: usize) -> Self {
        let fit = |offset| u32::try_from(offset).expect("files above 1 MiB were refused before they were read");
        Self { start: fit(start), end: fit(end) }
    }

    /// An empty range at one offset.
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// The range as indexes into the text.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest range that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether the two share a byte, or touch.
    pub fn touches(self, other: Span) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A value and the place where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value as read.
    pub value: T,
    /// Where it stands in its file.
    pub span: Span,
}

impl<T> Located<T> {
    /// Ties a value to its span.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Located<U> {
        Located { value: change(self.value), span: self.span }
    }
}

/// A span in a named file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file.
    pub file: FilePath,
    /// The bytes in it.
    pub span: Span,
}
