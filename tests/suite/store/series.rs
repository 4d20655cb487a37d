//! Any series of row changes: the store does what a naive model does, refuses what the model refuses, and its tables agree.

use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use rusqlite::Connection;
use segue::operation::{Facts, RowChange};
use segue::outside::store::{Bulk, Store, StoreError};
use segue::progress::EndReason;
use segue::record::RecordUpdate;
use segue::sequence::State;

use super::world::{Place, connect, decide, delete, end, end_all, entry, id, lead, publish, record, serve};

const SEQUENCES: [&str; 2] = ["cold", "inbound"];
const RECORDS: [&str; 3] = ["1", "2", "3"];

/// Something that is asked of the store.
#[derive(Clone, Debug)]
enum Step {
    /// A commit of these rows.
    Commit(Vec<Asked>),
    /// A record is added, opened or closed.
    Record { record: usize, is_open: bool },
}

#[derive(Clone, Copy, Debug)]
enum Asked {
    Publish { sequence: usize, number: u32 },
    Serve { sequence: usize, state: State },
    Delete { sequence: usize },
    EndAll { sequence: usize },
    Connect { record: usize, sequence: usize, version: u32, run: u32 },
    End { record: usize, sequence: usize },
    Undelete { sequence: usize },
    Purge { sequence: usize },
}

/// What the store should hold, as plainly as it can be said.
#[derive(Clone, Debug, Default, PartialEq)]
struct Model {
    sequences: BTreeMap<usize, Published>,
    records: BTreeMap<usize, bool>,
    /// Every way ever, in order: record, sequence, version, and whether it runs.
    connections: Vec<(usize, usize, u32, bool)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Published {
    versions: Vec<u32>,
    serves: bool,
    is_revision: bool,
    is_deleted: bool,
}

impl Model {
    /// Does what is asked; `None` where it must be refused.
    fn after(&self, step: &Step) -> Option<Model> {
        let mut model = self.clone();
        match step {
            Step::Record { record, is_open } => {
                model.records.insert(*record, *is_open);
                if !is_open {
                    model.end(|connection| connection.0 == *record);
                }
            }
            Step::Commit(rows) => {
                rows.iter().try_for_each(|row| model.row(*row))?;
                let idle = |sequence: &usize| model.sequences.get(sequence).is_none_or(|published| !published.serves);
                if model.connections.iter().any(|connection| connection.3 && idle(&connection.1)) {
                    return None;
                }
            }
        }
        Some(model)
    }

    fn row(&mut self, row: Asked) -> Option<()> {
        match row {
            Asked::Publish { sequence, number } => {
                let published = self.sequences.entry(sequence).or_default();
                if published.versions.iter().any(|version| *version >= number) {
                    return None;
                }
                published.versions.push(number);
                published.is_deleted = false;
            }
            Asked::Serve { sequence, state } => {
                let published = self.sequences.get_mut(&sequence)?;
                if published.versions.is_empty() || published.is_deleted {
                    return None;
                }
                published.serves = state != State::Inactive;
                published.is_revision = state == State::Revision;
            }
            Asked::Delete { sequence } => {
                let published = self.sequences.entry(sequence).or_default();
                *published =
                    Published { versions: std::mem::take(&mut published.versions), is_deleted: true, ..Published::default() };
            }
            Asked::EndAll { sequence } => self.end(|connection| connection.1 == sequence),
            Asked::Connect { record, sequence, version, run } => {
                let published = self.sequences.get(&sequence)?;
                let ways = self.connections.iter().filter(|way| (way.0, way.1) == (record, sequence));
                let is_running = ways.clone().any(|way| way.3);
                let fits = published.serves
                    && published.versions.last() == Some(&version)
                    && self.records.get(&record) == Some(&true)
                    && !is_running
                    && ways.count() as u32 + 1 == run;
                if !fits {
                    return None;
                }
                self.connections.push((record, sequence, version, true));
            }
            Asked::End { record, sequence } => {
                let running = self.connections.iter_mut().find(|way| (way.0, way.1, way.3) == (record, sequence, true));
                running?.3 = false;
            }
            Asked::Purge { sequence } => {
                self.sequences.remove(&sequence);
                self.connections.retain(|way| way.1 != sequence);
            }
            Asked::Undelete { sequence } => {
                let published = self.sequences.get_mut(&sequence)?;
                if !published.is_deleted || published.versions.is_empty() {
                    return None;
                }
                published.is_deleted = false;
            }
        }
        Some(())
    }

    fn end(&mut self, is_meant: impl Fn(&(usize, usize, u32, bool)) -> bool) {
        self.connections.iter_mut().filter(|way| is_meant(way)).for_each(|way| way.3 = false);
    }
}

fn change(asked: Asked) -> RowChange {
    match asked {
        Asked::Publish { sequence, number } => publish(SEQUENCES[sequence], number),
        Asked::Serve { sequence, state } => serve(SEQUENCES[sequence], state),
        Asked::Delete { sequence } => delete(SEQUENCES[sequence]),
        Asked::EndAll { sequence } => end_all(SEQUENCES[sequence], EndReason::SequenceDeactivated),
        Asked::Connect { record, sequence, version, run } => connect(RECORDS[record], SEQUENCES[sequence], version, run),
        Asked::End { record, sequence } => end(RECORDS[record], SEQUENCES[sequence]),
        Asked::Purge { sequence } => RowChange::Purge { sequence: id(SEQUENCES[sequence]) },
        Asked::Undelete { sequence } => RowChange::Undelete { sequence: id(SEQUENCES[sequence]) },
    }
}

fn take(store: &mut Store, step: &Step) -> Result<(), StoreError> {
    match step {
        Step::Commit(rows) => decide(store, rows.iter().copied().map(change).collect()).map(drop),
        Step::Record { record: number, is_open } => {
            let update = RecordUpdate { is_open: Some(*is_open), ..record(RECORDS[*number]).into() };
            store.import(&mut Bulk::new(entry("import")), [update]).map(drop)
        }
    }
}

/// The store answers every question as the model does.
fn compare(store: &Store, model: &Model) {
    for (sequence, name) in SEQUENCES.into_iter().enumerate() {
        let known = model.sequences.get(&sequence).cloned().unwrap_or_default();
        let state = match (known.serves, known.is_revision) {
            (_, true) => State::Revision,
            (true, false) => State::Active,
            (false, false) => State::Inactive,
        };
        let published = store.published(&id(name)).unwrap().map(|published| (published.state, published.number));
        let expected = known.versions.last().filter(|_| !known.is_deleted).map(|newest| (state, *newest));
        assert_eq!(published, expected, "{name}");
        let numbers: Vec<u32> = store.versions(&id(name)).unwrap().into_iter().map(|version| version.0).collect();
        assert_eq!(numbers, known.versions, "{name}");
        let mut standings = BTreeMap::new();
        for way in model.connections.iter().filter(|way| way.1 == sequence && way.3) {
            *standings.entry(way.2).or_insert(0) += 1;
        }
        let counted = store.standings(&id(name)).unwrap();
        assert_eq!(
            counted.into_iter().map(|standing| (standing.version, standing.connections)).collect::<BTreeMap<_, _>>(),
            standings
        );
        for (record, key) in RECORDS.into_iter().enumerate() {
            let ways = model.connections.iter().filter(|way| (way.0, way.1) == (record, sequence));
            let newest = store.connection(&lead(key), &id(name)).unwrap();
            let expected = ways.clone().next_back().map(|way| (ways.clone().count() as u32, way.2, way.3));
            assert_eq!(newest.map(|way| (way.run, way.version, way.ended.is_none())), expected, "{key} in {name}");
        }
    }
    for (record, key) in RECORDS.into_iter().enumerate() {
        let is_open = store.record(&lead(key)).unwrap().map(|record| record.is_open);
        assert_eq!(is_open, model.records.get(&record).copied());
        let running = model.connections.iter().filter(|way| way.0 == record && way.3).count();
        assert_eq!(store.running(&lead(key)).unwrap().len(), running);
    }
}

/// What must hold in the tables whatever happened. Each question counts what must not be there.
pub fn agree(path: &std::path::Path) {
    const NEVER: [(&str, &str); 7] = [
        (
            "two running connections",
            "SELECT count(*) FROM (SELECT 1 FROM connection WHERE ended_at IS NULL GROUP BY record, sequence HAVING count(*) > 1)",
        ),
        (
            "gaps between runs",
            "SELECT count(*) FROM (SELECT 1 FROM connection GROUP BY record, sequence HAVING max(run) <> count(*))",
        ),
        ("events of no operation", "SELECT count(*) FROM event WHERE operation NOT IN (SELECT number FROM operation)"),
        (
            "connections that no event tells of",
            "SELECT count(*) FROM connection WHERE 1 <> (SELECT count(*) FROM event WHERE kind = 'connected' AND event.record = connection.record AND event.sequence = connection.sequence AND event.run = connection.run)",
        ),
        (
            "ends that no event tells of, or twice",
            "SELECT count(*) FROM connection WHERE (ended_at IS NOT NULL) <> (SELECT total((kind = 'ended') - (kind = 'resumed')) FROM event WHERE event.record = connection.record AND event.sequence = connection.sequence AND event.run = connection.run)",
        ),
        (
            "versions that no event tells of",
            "SELECT count(*) FROM version WHERE 1 <> (SELECT count(*) FROM event WHERE kind = 'published' AND event.sequence = version.sequence AND event.version = version.number)",
        ),
        (
            "newest versions that are not",
            "SELECT count(*) FROM sequence WHERE newest_version IS NOT (SELECT max(number) FROM version WHERE version.sequence = sequence.number)",
        ),
    ];
    let database = Connection::open(path).unwrap();
    for (what, sql) in NEVER {
        let found: i64 = database.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(found, 0, "{what}");
    }
    let whole: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(whole, "ok");
    let loose = database.prepare("PRAGMA foreign_key_check").unwrap().query([]).unwrap().next().unwrap().is_some();
    assert!(!loose, "a row refers to one that is not there");
}

fn asked() -> impl Strategy<Value = Asked> {
    let sequence = || 0..SEQUENCES.len();
    let record = || 0..RECORDS.len();
    prop_oneof![
        2 => (sequence(), 1..4u32).prop_map(|(sequence, number)| Asked::Publish { sequence, number }),
        4 => (sequence(), prop::sample::select(State::ALL)).prop_map(|(sequence, state)| Asked::Serve { sequence, state }),
        1 => sequence().prop_map(|sequence| Asked::Delete { sequence }),
        1 => sequence().prop_map(|sequence| Asked::EndAll { sequence }),
        8 => (record(), sequence(), 1..3u32, 1..3u32)
            .prop_map(|(record, sequence, version, run)| Asked::Connect { record, sequence, version, run }),
        2 => (record(), sequence()).prop_map(|(record, sequence)| Asked::End { record, sequence }),
        1 => sequence().prop_map(|sequence| Asked::Undelete { sequence }),
        1 => sequence().prop_map(|sequence| Asked::Purge { sequence }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => prop::collection::vec(asked(), 1..4).prop_map(Step::Commit),
        1 => (0..RECORDS.len(), prop::bool::weighted(0.8)).prop_map(|(record, is_open)| Step::Record { record, is_open }),
    ]
}

/// A start from which more than refusals follows.
fn usual_start() -> Vec<Step> {
    let records = (0..RECORDS.len()).map(|record| Step::Record { record, is_open: true });
    let active = |sequence| vec![Asked::Publish { sequence, number: 1 }, Asked::Serve { sequence, state: State::Active }];
    records.chain((0..SEQUENCES.len()).map(|sequence| Step::Commit(active(sequence)))).collect()
}

#[test]
fn any_series_of_changes_does_what_a_naive_model_does() {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|asked| asked.parse().ok());
    let rng_seed = if asked.is_some() { RngSeed::Random } else { RngSeed::Fixed(1) };
    let config = Config { cases: asked.unwrap_or(24), rng_seed, failure_persistence: None, ..Config::default() };
    let (taken, refused) = (Cell::new(0), Cell::new(0));
    proptest!(config, |(steps in prop::collection::vec(step(), 1..40))| {
        let place = Place::new();
        let mut store = place.store();
        let mut model = Model::default();
        for step in usual_start().iter().chain(&steps) {
            match (take(&mut store, step), model.after(step)) {
                (Ok(()), Some(after)) => {
                    model = after;
                    taken.set(taken.get() + 1);
                }
                (Err(StoreError::Moved(_)), None) => refused.set(refused.get() + 1),
                (done, expected) => panic!("{step:?}: {done:?}, and the model: {expected:?}"),
            }
            compare(&store, &model);
        }
        agree(&place.path());
    });
    let (taken, refused) = (taken.get(), refused.get());
    assert!(taken > 100 && refused > 100, "the series try little: {taken} taken, {refused} refused");
}
