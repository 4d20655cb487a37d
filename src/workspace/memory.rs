//! What was read before may be remembered, so that it need not be read again.

use crate::check::Summary;
use crate::sequence::SequenceId;
use crate::text::{Digest, Source};

/// Whoever remembers how sequences were read. An answer must be what reading the text would give.
pub trait Memory: Sync {
    /// What a text was read as, by settings of this digest; `None` where nobody remembers.
    fn recall(&self, settings: Digest, source: &Source, id: &SequenceId) -> Option<Summary>;
}
