//! What the store knows, as questions.

use crate::lifecycle::{Published, Version};
use crate::progress::Connection;
use crate::record::{Record, RecordKey};
use crate::sequence::SequenceId;
use crate::text::Digest;

/// Why the store cannot be asked: the reason in words, with what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unavailable(pub String);

/// How many connections stand at a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The version that they run on.
    pub version: u32,
    /// The step's id.
    pub step: String,
    /// How many.
    pub connections: u64,
}

/// How much the store keeps of a sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// How many versions.
    pub versions: u64,
    /// How many connections, ended ones among them.
    pub connections: u64,
}

/// What the store knows. A deleted sequence is as if it had never been published, but its numbers are not used again.
pub trait Facts {
    /// What is published of a sequence; `None` where nothing is.
    ///
    /// # Errors
    /// Where the store cannot be asked; so with every other question.
    fn published(&self, sequence: &SequenceId) -> Result<Option<Published>, Unavailable>;

    /// A version by its number, also of a sequence that was deleted.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    fn version(&self, sequence: &SequenceId, number: u32) -> Result<Option<Version>, Unavailable>;

    /// Every version's number and digest, oldest first, also of a sequence that was deleted.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    fn versions(&self, sequence: &SequenceId) -> Result<Vec<(u32, Digest)>, Unavailable>;

    /// The ids that a sequence had before, oldest first; not the one that it has.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    fn former_ids(&self, sequence: &SequenceId) -> Result<Vec<SequenceId>, Unavailable>;

    /// How much is kept of a sequence, also of one that was deleted or never published; `None` where the store never heard of it.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    fn kept(&self, sequence: &SequenceId) -> Result<Option<Kept>, Unavailable>;

    /// The ids of all sequences that serve records: active, or with a revision in the making. Sorted.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    fn serving(&self) -> Result<Vec<SequenceId>, Unavailable>;

    /// Where the running connections of a sequence stand, by version and step.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    fn standings(&self, sequence: &SequenceId) -> Result<Vec<Standing>, Unavailable>;

    /// A record.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    fn record(&self, key: &RecordKey) -> Result<Option<Record>, Unavailable>;

    /// The newest connection of a record to a sequence, running or ended.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    fn connection(&self, record: &RecordKey, sequence: &SequenceId) -> Result<Option<Connection>, Unavailable>;

    /// The running connections of a record, by sequence.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    fn running(&self, record: &RecordKey) -> Result<Vec<Connection>, Unavailable>;

    /// Some records of a type, by id: those behind `after`, at most `limit` of them.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    fn records(&self, record_type: &str, after: Option<&str>, limit: usize) -> Result<Vec<Record>, Unavailable>;

    /// How many records of a type there are.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    fn record_count(&self, record_type: &str) -> Result<u64, Unavailable>;

    /// The running connections of a sequence, by record.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    fn connections(&self, sequence: &SequenceId) -> Result<Vec<Connection>, Unavailable>;
}

/// A store that may not be there: then nothing was published, and no record is known.
impl<F: Facts> Facts for Option<F> {
    fn published(&self, sequence: &SequenceId) -> Result<Option<Published>, Unavailable> {
        self.as_ref().map_or(Ok(None), |facts| facts.published(sequence))
    }

    fn version(&self, sequence: &SequenceId, number: u32) -> Result<Option<Version>, Unavailable> {
        self.as_ref().map_or(Ok(None), |facts| facts.version(sequence, number))
    }

    fn versions(&self, sequence: &SequenceId) -> Result<Vec<(u32, Digest)>, Unavailable> {
        self.as_ref().map_or(Ok(Vec::new()), |facts| facts.versions(sequence))
    }

    fn former_ids(&self, sequence: &SequenceId) -> Result<Vec<SequenceId>, Unavailable> {
        self.as_ref().map_or(Ok(Vec::new()), |facts| facts.former_ids(sequence))
    }

    fn kept(&self, sequence: &SequenceId) -> Result<Option<Kept>, Unavailable> {
        self.as_ref().map_or(Ok(None), |facts| facts.kept(sequence))
    }

    fn serving(&self) -> Result<Vec<SequenceId>, Unavailable> {
        self.as_ref().map_or(Ok(Vec::new()), Facts::serving)
    }

    fn standings(&self, sequence: &SequenceId) -> Result<Vec<Standing>, Unavailable> {
        self.as_ref().map_or(Ok(Vec::new()), |facts| facts.standings(sequence))
    }

    fn record(&self, key: &RecordKey) -> Result<Option<Record>, Unavailable> {
        self.as_ref().map_or(Ok(None), |facts| facts.record(key))
    }

    fn connection(&self, record: &RecordKey, sequence: &SequenceId) -> Result<Option<Connection>, Unavailable> {
        self.as_ref().map_or(Ok(None), |facts| facts.connection(record, sequence))
    }

    fn running(&self, record: &RecordKey) -> Result<Vec<Connection>, Unavailable> {
        self.as_ref().map_or(Ok(Vec::new()), |facts| facts.running(record))
    }

    fn records(&self, record_type: &str, after: Option<&str>, limit: usize) -> Result<Vec<Record>, Unavailable> {
        self.as_ref().map_or(Ok(Vec::new()), |facts| facts.records(record_type, after, limit))
    }

    fn record_count(&self, record_type: &str) -> Result<u64, Unavailable> {
        self.as_ref().map_or(Ok(0), |facts| facts.record_count(record_type))
    }

    fn connections(&self, sequence: &SequenceId) -> Result<Vec<Connection>, Unavailable> {
        self.as_ref().map_or(Ok(Vec::new()), |facts| facts.connections(sequence))
    }
}
