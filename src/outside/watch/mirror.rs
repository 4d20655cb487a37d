//! What was told of each file, and whether the disk still says so.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::outside::disk::{self, Entry, Reading, Root, Signature};
use crate::text::FilePath;
use crate::workspace::Content;

/// What was last told of a file.
#[derive(Clone, Debug)]
pub(super) struct Known {
    print: Print,
    /// While the file has this signature there is no need to read it; `None` where it must be read.
    signature: Option<Signature>,
}

/// A content, small.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Print {
    Empty,
    Bytes(blake3::Hash),
    TooLarge(u64),
    Unreadable(String),
}

/// What a look at a file showed, beside what was told of it.
#[derive(Debug)]
pub(super) enum Look {
    /// Nothing new.
    Same,
    /// Nothing new, but to be remembered, so that the next look is cheap.
    Refreshed(Known),
    /// It was there and is not.
    Missing,
    /// It is new or different.
    Found(Found),
}

/// A content that was not told yet.
#[derive(Debug)]
pub(super) struct Found {
    pub content: Content,
    pub known: Known,
    /// Whether it looks like a file that somebody is just writing.
    pub doubtful: bool,
}

/// Looks at one file. Reads it only where its signature says that it must.
pub(super) fn look(root: &Root, file: &FilePath, known: Option<&Known>) -> Look {
    let absent = || if known.is_some() { Look::Missing } else { Look::Same };
    let signature = match disk::probe(root, file).0 {
        Entry::File(signature) => signature,
        Entry::Gone | Entry::Folder | Entry::Trouble(_) => return absent(),
    };
    if known.is_some_and(|known| known.signature == Some(signature)) {
        return Look::Same;
    }
    let reading = disk::read_signed(root, file);
    let steady = reading.steady;
    let Some(found) = Known::of(&reading) else { return absent() };
    if known.is_some_and(|known| known.print == found.print) {
        return Look::Refreshed(found);
    }
    let doubtful = !steady || found.print == Print::Empty;
    Look::Found(Found { content: reading.content, known: found, doubtful })
}

impl Known {
    /// What there is to know of a reading; `None` where there is no file.
    pub fn of(reading: &Reading) -> Option<Self> {
        let print = match &reading.content {
            Content::Gone => return None,
            Content::Bytes(bytes) => Print::of(bytes),
            Content::TooLarge { bytes } => Print::TooLarge(*bytes),
            Content::Unreadable(reason) | Content::LeftOut(reason) => Print::Unreadable(reason.clone()),
        };
        // A signature so young would stay the same if the file changed once more within a tick of its clock.
        let lasting = |signature: &Signature| reading.steady && !signature.is_fresh(now_ns());
        Some(Self { print, signature: reading.signature.filter(lasting) })
    }

    /// What there is to know of bytes that somebody here wrote.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self { print: Print::of(bytes), signature: None }
    }
}

impl Print {
    fn of(bytes: &[u8]) -> Self {
        if bytes.is_empty() { Self::Empty } else { Self::Bytes(blake3::hash(bytes)) }
    }
}

fn now_ns() -> i128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i128)
}
