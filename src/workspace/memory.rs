//! What was read in an earlier run need not be read again: what came of it is taken, and its text is left where it lies.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::check::Summary;
use crate::text::{Digest, FilePath, Source};

use super::Content;

/// A sequence's text that was read before, and what came of it: what reading it would give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// The digest of the settings by which it was read.
    pub settings: Digest,
    /// The digest of the text.
    pub text: Digest,
    /// What came of it.
    pub summary: Arc<Summary>,
}

/// What is taken in of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// What was read there now.
    Read(Content),
    /// A sequence that is as it was when it was read.
    Remembered(Box<Remembered>),
}

/// Whoever can fetch texts that are not held.
pub trait Texts: fmt::Debug + Send + Sync {
    /// The text of a file, where it still is the one of this digest.
    fn fetch(&self, file: &FilePath, digest: Digest) -> Option<String>;
}

/// The text of a sequence.
#[derive(Clone, Debug)]
pub enum Text {
    /// It was read, and is held.
    Held(Source),
    /// It was read before, and lies where it lay until somebody asks for it.
    Elsewhere(Elsewhere),
}

/// A text that was read before.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    digest: Digest,
    /// Held from when it was first asked for.
    fetched: OnceLock<Source>,
}

impl Text {
    /// A text that was read before.
    pub(super) fn elsewhere(digest: Digest) -> Self {
        Self::Elsewhere(Elsewhere { digest, fetched: OnceLock::new() })
    }

    /// The text's digest.
    pub fn digest(&self) -> Digest {
        match self {
            Self::Held(source) => Digest::of(source.text()),
            Self::Elsewhere(text) => text.digest,
        }
    }

    /// Whether the text is these bytes.
    pub(super) fn is(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Held(source) => source.text().as_bytes() == bytes,
            Self::Elsewhere(text) => text.digest == Digest::of(bytes),
        }
    }

    /// The text of a file, fetched where it is not held; `None` where it is another by now.
    pub(super) fn source(&self, file: &FilePath, texts: Option<&dyn Texts>) -> Option<Source> {
        match self {
            Self::Held(source) => Some(source.clone()),
            Self::Elsewhere(text) => text.source(file, texts),
        }
    }
}

impl Elsewhere {
    fn source(&self, file: &FilePath, texts: Option<&dyn Texts>) -> Option<Source> {
        if let Some(source) = self.fetched.get() {
            return Some(source.clone());
        }
        let text = texts?.fetch(file, self.digest)?;
        Some(self.fetched.get_or_init(|| Source::new(file.clone(), text)).clone())
    }
}
