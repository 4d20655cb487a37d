//! Files whose new texts are decided and not yet known to be on disk.

use std::sync::Arc;

use crate::text::{Digest, FilePath};

/// What a commit decided about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingFile {
    /// The number of the commit's operation.
    pub operation: i64,
    /// The file.
    pub path: FilePath,
    /// The digest of the text that the decision rests on; `None` where there was no file.
    pub before: Option<Digest>,
    /// The permissions that the new file is to have; `None` where nobody asked.
    pub mode: Option<u32>,
    /// The new text; `None` deletes the file.
    pub after: Option<Arc<str>>,
}
