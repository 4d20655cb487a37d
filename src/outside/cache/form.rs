//! The form of a file of kept summaries.
//!
//! A digest of all that follows; what it is, which build and which settings it is for; an index of paths and texts; then the
//! records one behind the other.

use std::ops::Range;

use crate::text::{Digest, FilePath};

const MAGIC: &[u8; 8] = b"segue-2\n";

/// How many bytes a digest has.
const DIGEST: usize = 32;

/// How many bytes stand before the index.
const HEAD: usize = 3 * DIGEST + MAGIC.len() + 8;

/// How many bytes a line of the index has, its path aside.
const LINE: usize = DIGEST + 2 * 8;

/// A file's reading, to be kept.
pub(super) struct Entry<'a> {
    pub path: &'a FilePath,
    /// The digest of the text.
    pub text: Digest,
    /// The summary in bytes.
    pub record: Vec<u8>,
}

/// Kept summaries, of which no bit changed.
#[derive(Debug)]
pub(super) struct Kept {
    bytes: Vec<u8>,
    settings: Digest,
    /// Sorted by path.
    index: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    path: Range<usize>,
    text: Digest,
    record: Range<usize>,
}

/// The bytes of a file. The entries come sorted by path.
pub(super) fn write_kept(build: Digest, settings: Digest, entries: &[Entry<'_>]) -> Vec<u8> {
    let size = entries.iter().map(|entry| LINE + entry.path.as_str().len() + entry.record.len()).sum::<usize>();
    let mut bytes = Vec::with_capacity(HEAD + size);
    bytes.extend([0; DIGEST]);
    bytes.extend(MAGIC);
    bytes.extend(build.as_bytes());
    bytes.extend(settings.as_bytes());
    bytes.extend((entries.len() as u64).to_le_bytes());
    for Entry { path, text, record } in entries {
        let path = path.as_str().as_bytes();
        bytes.extend((path.len() as u64).to_le_bytes());
        bytes.extend(path);
        bytes.extend(text.as_bytes());
        bytes.extend((record.len() as u64).to_le_bytes());
    }
    entries.iter().for_each(|entry| bytes.extend(&entry.record));
    let whole = Digest::of(&bytes[DIGEST..]);
    bytes[..DIGEST].copy_from_slice(whole.as_bytes());
    bytes
}

impl Kept {
    /// What a file of this build holds; `None` where it is not whole, or is another's.
    pub(super) fn of(bytes: Vec<u8>, build: Digest) -> Option<Self> {
        let mut head = Head { bytes: &bytes, at: 0 };
        let whole = head.digest()?;
        if head.take(MAGIC.len())? != MAGIC || head.digest()? != build || whole != Digest::of(&bytes[DIGEST..]) {
            return None;
        }
        let settings = head.digest()?;
        let count = head.number()?;
        let mut index: Vec<Line> = Vec::new();
        let mut end = 0_usize;
        for _ in 0..count {
            let length = head.number()?;
            let path = head.range(length)?;
            let text = head.digest()?;
            let start = end;
            end = start.checked_add(head.number()?)?;
            index.push(Line { path, text, record: start..end });
        }
        let records = head.at;
        for line in &mut index {
            line.record = line.record.start.checked_add(records)?..line.record.end.checked_add(records)?;
        }
        Some(Self { settings, index, bytes })
    }

    /// The digest of the settings by which everything was read.
    pub(super) fn settings(&self) -> Digest {
        self.settings
    }

    /// What was kept of the text of this digest at this path.
    pub(super) fn record(&self, path: &FilePath, text: Digest) -> Option<&[u8]> {
        let place = self.index.binary_search_by(|line| self.bytes[line.path.clone()].cmp(path.as_str().as_bytes())).ok()?;
        let line = &self.index[place];
        if line.text == text { self.bytes.get(line.record.clone()) } else { None }
    }
}

struct Head<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Head<'a> {
    fn range(&mut self, length: usize) -> Option<Range<usize>> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len())?;
        let range = self.at..end;
        self.at = end;
        Some(range)
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let range = self.range(length)?;
        self.bytes.get(range)
    }

    fn digest(&mut self) -> Option<Digest> {
        Digest::from_bytes(self.take(DIGEST)?)
    }

    fn number(&mut self) -> Option<usize> {
        usize::try_from(u64::from_le_bytes(self.take(8)?.try_into().ok()?)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let paths = [FilePath::new("sequences/a.yaml"), FilePath::new("sequences/b.yaml")];
        let records = [b"first".to_vec(), Vec::new()];
        let entries: Vec<Entry<'_>> =
            paths.iter().zip(records).map(|(path, record)| Entry { path, text: Digest::of(path.as_str()), record }).collect();
        write_kept(Digest::of("build"), Digest::of("settings"), &entries)
    }

    fn record(kept: &Kept, name: &str, text: &str) -> Option<Vec<u8>> {
        kept.record(&FilePath::new(name), Digest::of(text)).map(<[u8]>::to_vec)
    }

    #[test]
    fn what_was_kept_is_given_for_the_same_text_at_the_same_path() {
        let kept = Kept::of(file(), Digest::of("build")).expect("it is whole");
        assert_eq!(kept.settings(), Digest::of("settings"));
        assert_eq!(record(&kept, "sequences/a.yaml", "sequences/a.yaml"), Some(b"first".to_vec()));
        assert_eq!(record(&kept, "sequences/b.yaml", "sequences/b.yaml"), Some(Vec::new()));
        assert_eq!(record(&kept, "sequences/a.yaml", "another text"), None);
        assert_eq!(record(&kept, "sequences/c.yaml", "sequences/a.yaml"), None);
        assert!(Kept::of(file(), Digest::of("another build")).is_none());
    }

    #[test]
    fn a_file_with_any_bit_changed_or_any_end_gives_nothing() {
        let whole = file();
        let is_taken = |bytes: Vec<u8>| Kept::of(bytes, Digest::of("build")).is_some();
        for bit in 0..whole.len() * 8 {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(!is_taken(bytes), "bit {bit}");
        }
        for length in 0..whole.len() {
            assert!(!is_taken(whole[..length].to_vec()), "{length} bytes");
        }
    }
}
