//! What is published, for whoever compares files with it: asked again as often as they like, answered when it changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::lifecycle::{Publications, Published};
use crate::operation::Facts;
use crate::sequence::SequenceId;

use super::values::Stored;
use super::{Store, StoreError};

/// A store that is looked at again and again, and may come into being meanwhile.
#[derive(Debug)]
pub struct Followed {
    path: PathBuf,
    store: Option<Store>,
    /// What SQLite calls the state of the data when it was last read.
    seen: Option<i64>,
    /// What was read ahead and nobody has asked for yet.
    ahead: Option<BTreeMap<SequenceId, Published>>,
}

impl Followed {
    /// Follows the store at a path, whether there is one yet or not.
    pub fn new(path: PathBuf) -> Self {
        Self { path, store: None, seen: None, ahead: None }
    }

    /// Reads what is published now: that is the first answer, whatever changes until somebody asks.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn read_ahead(mut self) -> Result<Self, StoreError> {
        self.ahead = self.changed()?;
        Ok(self)
    }

    fn changed(&mut self) -> Result<Option<BTreeMap<SequenceId, Published>>, StoreError> {
        if !self.path.exists() {
            // It was removed, and what is still open here is nobody's store any more.
            self.store = None;
        } else if self.store.is_none() {
            self.store = Store::open(&self.path)?;
        }
        let Some(store) = &self.store else {
            return Ok((self.seen.take().is_some()).then(BTreeMap::new));
        };
        let state = store.state()?;
        if self.seen == Some(state) {
            return Ok(None);
        }
        let published = store.all_published()?;
        self.seen = Some(state);
        Ok(Some(published))
    }
}

impl Publications for Followed {
    fn refresh(&mut self) -> Result<Option<BTreeMap<SequenceId, Published>>, String> {
        if let Some(ahead) = self.ahead.take() {
            return Ok(Some(ahead));
        }
        let answer = self.changed();
        if answer.is_err() {
            // A store that was removed or replaced is opened afresh the next time.
            self.store = None;
        }
        answer.map_err(|error| error.to_string())
    }

    fn running(&self) -> Result<BTreeSet<(SequenceId, u32)>, String> {
        let running = self.store.as_ref().map_or(Ok(BTreeSet::new()), Store::running_versions);
        running.map_err(|error| error.to_string())
    }

    fn connections(&self, sequence: &SequenceId, version: u32) -> u64 {
        self.store.as_ref().and_then(|store| store.running_on(sequence, version).ok()).unwrap_or(0)
    }

    fn text(&self, sequence: &SequenceId, version: u32) -> Option<Arc<str>> {
        let version = self.store.as_ref()?.version(sequence, version).ok()??;
        Some(version.text)
    }
}

impl Store {
    /// A number that is another when somebody else has committed.
    fn state(&self) -> Result<i64, StoreError> {
        let state = self.database.query_row("PRAGMA data_version", [], |row| row.get(0));
        state.map_err(|error| self.trouble(error))
    }

    /// Everything that is published.
    fn all_published(&self) -> Result<BTreeMap<SequenceId, Published>, StoreError> {
        let sql = "SELECT sequence.id, sequence.state, sequence.newest_version, version.number, version.meaning, version.message \
            FROM sequence JOIN version ON version.sequence = sequence.number \
            WHERE sequence.deleted_at IS NULL AND sequence.newest_version IS NOT NULL ORDER BY sequence.id, version.number";
        let read = |row: &rusqlite::Row<'_>| {
            let (Stored(id), Stored(state), Stored(meaning)) = (row.get(0)?, row.get(1)?, row.get(4)?);
            let (newest, number, message): (u32, u32, Option<String>) = (row.get(2)?, row.get(3)?, row.get(5)?);
            Ok((id, state, newest, number, meaning, message))
        };
        let mut all: BTreeMap<SequenceId, Published> = BTreeMap::new();
        for (id, state, newest, number, meaning, message) in self.all(sql, [], read)? {
            let published = all.entry(id).or_insert_with(|| Published {
                state,
                number: newest,
                meaning,
                message: None,
                versions: Vec::new(),
            });
            published.versions.push((number, meaning));
            if number == newest {
                (published.meaning, published.message) = (meaning, message);
            }
        }
        Ok(all)
    }

    /// The versions on which connections run. Looks once into the index for each version, however many connections there are.
    fn running_versions(&self) -> Result<BTreeSet<(SequenceId, u32)>, StoreError> {
        let sql = "SELECT sequence.id, version.number FROM version JOIN sequence ON sequence.number = version.sequence \
            WHERE sequence.deleted_at IS NULL AND EXISTS (SELECT 1 FROM connection INDEXED BY connection_standing \
            WHERE connection.sequence = version.sequence AND connection.version = version.number AND ended_at IS NULL)";
        let read = |row: &rusqlite::Row<'_>| {
            let Stored(id) = row.get(0)?;
            Ok((id, row.get(1)?))
        };
        Ok(self.all(sql, [], read)?.into_iter().collect())
    }

    /// How many connections run on a version.
    fn running_on(&self, sequence: &SequenceId, version: u32) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM connection INDEXED BY connection_standing \
            WHERE sequence = (SELECT number FROM sequence WHERE id = ?1) AND version = ?2 AND ended_at IS NULL";
        let count = self.first(sql, rusqlite::params![sequence.as_str(), version], |row| row.get(0))?;
        let Stored(count) = count.unwrap_or(Stored(0));
        Ok(count)
    }
}
