//! What readers see of a commit that was decided and has not reached all files yet.
//! In come what is pending and what the files hold; out come the texts that count instead.
//! Never recovers: that is for whoever holds the writer's lock.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::outside::store::PendingFile;
use crate::text::{Digest, FilePath};

/// The texts that count instead of what is on disk; `None` where the file counts as gone.
pub type Overlaid = BTreeMap<FilePath, Option<Arc<str>>>;

/// Lays pending texts over those files that still say what they said before. What somebody typed since counts as it is.
///
/// `holds` tells the digest of a file's bytes, `None` where there is no file.
pub fn overlay(pending: &[PendingFile], holds: impl Fn(&FilePath) -> Option<Digest>) -> Overlaid {
    let mut overlaid = Overlaid::new();
    for file in pending {
        if holds(&file.path) == file.before {
            overlaid.insert(file.path.clone(), file.after.as_ref().map(Arc::clone));
        }
    }
    overlaid
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(path: &str, before: Option<&str>, after: Option<&str>) -> PendingFile {
        let before = before.map(Digest::of);
        PendingFile { operation: 1, path: FilePath::new(path), before, mode: None, after: after.map(Arc::from) }
    }

    #[test]
    fn pending_texts_count_where_the_file_is_as_it_was() {
        let files = [("edited", "old"), ("done", "new"), ("typed", "mine"), ("deleted", "old"), ("saved", "mine")];
        let holds = |path: &FilePath| files.iter().find(|(name, _)| *name == path.as_str()).map(|(_, text)| Digest::of(text));
        let all = [
            pending("edited", Some("old"), Some("new")),
            pending("done", Some("old"), Some("new")),
            pending("typed", Some("old"), Some("new")),
            pending("deleted", Some("old"), None),
            pending("saved", None, Some("new")),
            pending("created", None, Some("new")),
            pending("removed", Some("old"), Some("new")),
        ];
        let overlaid = overlay(&all, holds);
        let expected = [("created", Some("new")), ("deleted", None), ("edited", Some("new"))];
        assert_eq!(overlaid, expected.map(|(path, text)| (FilePath::new(path), text.map(Arc::from))).into());
    }
}
