//! A store in memory: what it was told to know, and nothing it was not. For tests of what rests on its answers.

use std::cell::Cell;
use std::collections::BTreeMap;

use segue::lifecycle::{Published, Version};
use segue::operation::{Facts, Kept, Standing, Unavailable};
use segue::progress::Connection;
use segue::record::{Record, RecordKey};
use segue::sequence::SequenceId;
use segue::text::Digest;

/// What it knows.
#[derive(Default)]
pub struct Memory {
    pub published: BTreeMap<SequenceId, (Published, Version)>,
    pub records: BTreeMap<RecordKey, Record>,
    pub connections: Vec<Connection>,
    /// After so many answers about records it can no longer be asked.
    pub answers_left: Cell<Option<usize>>,
}

impl Memory {
    fn answer(&self) -> Result<(), Unavailable> {
        match self.answers_left.get() {
            Some(0) => Err(Unavailable("the store cannot be read: the disk is gone".to_owned())),
            left => {
                self.answers_left.set(left.map(|left| left - 1));
                Ok(())
            }
        }
    }

    fn running_of(&self, is_meant: impl Fn(&Connection) -> bool) -> Vec<Connection> {
        let running = self.connections.iter().filter(|connection| connection.ended.is_none());
        running.filter(|connection| is_meant(connection)).cloned().collect()
    }
}

impl Facts for Memory {
    fn published(&self, sequence: &SequenceId) -> Result<Option<Published>, Unavailable> {
        Ok(self.published.get(sequence).map(|(published, _)| published.clone()))
    }

    fn version(&self, sequence: &SequenceId, number: u32) -> Result<Option<Version>, Unavailable> {
        let known = self.published.get(sequence).map(|(_, version)| version.clone());
        Ok(known.filter(|version| version.number == number))
    }

    fn versions(&self, sequence: &SequenceId) -> Result<Vec<(u32, Digest)>, Unavailable> {
        Ok(self.published.get(sequence).map_or_else(Vec::new, |(published, _)| published.versions.clone()))
    }

    fn former_ids(&self, _: &SequenceId) -> Result<Vec<SequenceId>, Unavailable> {
        Ok(Vec::new())
    }

    fn kept(&self, sequence: &SequenceId) -> Result<Option<Kept>, Unavailable> {
        let connections = self.connections.iter().filter(|connection| connection.sequence == *sequence).count() as u64;
        Ok(self.published.contains_key(sequence).then_some(Kept { versions: 1, connections }))
    }

    fn serving(&self) -> Result<Vec<SequenceId>, Unavailable> {
        Ok(self.published.keys().cloned().collect())
    }

    fn standings(&self, sequence: &SequenceId) -> Result<Vec<Standing>, Unavailable> {
        let mut standings: BTreeMap<(u32, String), u64> = BTreeMap::new();
        for connection in self.running_of(|connection| connection.sequence == *sequence) {
            *standings.entry((connection.version, connection.step)).or_default() += 1;
        }
        let standing = |((version, step), connections)| Standing { version, step, connections };
        Ok(standings.into_iter().map(standing).collect())
    }

    fn record(&self, key: &RecordKey) -> Result<Option<Record>, Unavailable> {
        self.answer()?;
        Ok(self.records.get(key).cloned())
    }

    fn connection(&self, record: &RecordKey, sequence: &SequenceId) -> Result<Option<Connection>, Unavailable> {
        let of_both = |connection: &&Connection| connection.record == *record && connection.sequence == *sequence;
        Ok(self.connections.iter().rev().find(of_both).cloned())
    }

    fn running(&self, record: &RecordKey) -> Result<Vec<Connection>, Unavailable> {
        Ok(self.running_of(|connection| connection.record == *record))
    }

    fn records(&self, record_type: &str, after: Option<&str>, limit: usize) -> Result<Vec<Record>, Unavailable> {
        self.answer()?;
        let of_type = self.records.values().filter(|record| record.key.record_type == record_type);
        let behind = of_type.filter(|record| after.is_none_or(|after| record.key.id.as_str() > after));
        Ok(behind.take(limit).cloned().collect())
    }

    fn record_count(&self, record_type: &str) -> Result<u64, Unavailable> {
        Ok(self.records.keys().filter(|key| key.record_type == record_type).count() as u64)
    }

    fn connections(&self, sequence: &SequenceId) -> Result<Vec<Connection>, Unavailable> {
        Ok(self.running_of(|connection| connection.sequence == *sequence))
    }
}
