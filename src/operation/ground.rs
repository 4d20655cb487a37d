//! What a decision rests on: the staging, and the store with the staging's own changes laid over it.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::diagnostic::Code;
use crate::lifecycle::{Bar, Effect, Published, Verb, Verdict, Version, judge};
use crate::progress::{Connection, EndReason};
use crate::record::{Record, RecordKey};
use crate::sequence::{self, Meaning, Sequence, SequenceId, State, Step, StepKind};
use crate::text::Digest;

use super::changes::RowChange;
use super::facts::{Facts, Kept, Standing, Unavailable};
use super::refusal::Refusal;
use super::staging::{Decision, Entrance, Held, Senders, Staging};

/// Why an operation was not decided for.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// It may not happen.
    Refused(Box<Refusal>),
    /// The store could not be asked.
    Unavailable(Unavailable),
    /// A mistake of ours; what went wrong.
    Broken(String),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Failure::Refused(Box::new(refusal))
    }
}

impl From<Unavailable> for Failure {
    fn from(unavailable: Unavailable) -> Self {
        Failure::Unavailable(unavailable)
    }
}

/// What a decision rests on. Asking it for facts gives what will be true once the staging is written.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The files, with what was asked for so far.
    pub staging: &'a Staging,
    /// The store, as it was before.
    pub facts: &'a dyn Facts,
    /// Who asks.
    pub actor: &'a str,
}

impl<'a> Ground<'a> {
    /// The file of a sequence, for a verb that changes it.
    ///
    /// # Errors
    /// A refusal where no file or more than one declares the id; where one is gone that was published, it says how it comes
    /// back. Or where the store cannot be asked.
    pub fn file(&self, id: &SequenceId) -> Result<&'a Held, Failure> {
        let refusal = match self.staging.get(id) {
            Ok(held) => return Ok(held),
            Err(refusal) => refusal,
        };
        if self.staging.is_taken(id) {
            return Err(refusal.into());
        }
        if self.published(id)?.is_none() {
            return match self.versions(id)?.is_empty() {
                true => Err(refusal.into()),
                false => {
                    Err(refusal.help(format!("one was, and is deleted; bring it back, inactive: `segue restore {id}`")).into())
                }
            };
        }
        let refusal = Refusal::new(Code::UnknownSequence, format!("the file of `{id}` is gone; it is published all the same"));
        Err(refusal.about(id).help(format!("bring back what is published: `segue restore {id}`")).into())
    }
}

impl Ground<'_> {
    /// The state that counts: the published one. What was never published is inactive, whatever its file says.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    pub fn state(&self, sequence: &SequenceId) -> Result<State, Unavailable> {
        Ok(self.published(sequence)?.map_or(State::Inactive, |published| published.state))
    }

    /// The type of record that a sequence is for: as published, else as its file says.
    ///
    /// # Errors
    /// Where the store cannot be asked.
    pub fn record_type(&self, sequence: &SequenceId) -> Result<Option<String>, Unavailable> {
        if let Some(version) = self.published(sequence)?.map(|published| self.version(sequence, published.number)).transpose()? {
            let read = version.and_then(|version| sequence::read_published(&version.text, sequence));
            return Ok(read.and_then(|read| read.record_type).map(|record_type| record_type.value));
        }
        let held = self.staging.find(sequence);
        Ok(held.and_then(|held| held.summary.record_type.as_ref()).map(|record_type| record_type.value.clone()))
    }

    /// Asks the table of verbs and states.
    ///
    /// # Errors
    /// The table's refusal, or where the store cannot be asked.
    pub(super) fn ask(&self, verb: Verb, sequence: &SequenceId) -> Result<(State, Effect), Failure> {
        let state = self.state(sequence)?;
        match judge(verb, state) {
            Verdict::Allowed { effect, .. } => Ok((state, effect)),
            Verdict::Refused(bar) => Err(self.refuse(&bar, sequence, state).into()),
        }
    }

    fn refuse(&self, bar: &Bar, sequence: &SequenceId, state: State) -> Refusal {
        let refusal = Refusal::of(bar, sequence, state);
        let held = self.staging.find(sequence);
        let Some((held, read)) = held.and_then(|held| Some((held, self.staging.read(held)?))) else { return refusal };
        let refusal = refusal.at(held.source.at(read.state.span));
        if read.state.value == state {
            return refusal;
        }
        let in_file = read.state.value;
        refusal.help(format!("what its file says, `state: {in_file}`, counts once it is applied: `segue apply {sequence}`"))
    }
}

impl Facts for Ground<'_> {
    fn published(&self, sequence: &SequenceId) -> Result<Option<Published>, Unavailable> {
        match self.staging.store.published.get(sequence) {
            Some(published) => Ok(published.clone()),
            None => self.facts.published(self.staging.store.in_store(sequence)),
        }
    }

    fn version(&self, sequence: &SequenceId, number: u32) -> Result<Option<Version>, Unavailable> {
        match self.staging.store.versions.get(&(sequence.clone(), number)) {
            Some(version) => Ok(Some(version.clone())),
            None => self.facts.version(self.staging.store.in_store(sequence), number),
        }
    }

    fn versions(&self, sequence: &SequenceId) -> Result<Vec<(u32, Digest)>, Unavailable> {
        let mut versions = self.facts.versions(self.staging.store.in_store(sequence))?;
        let staged = self.staging.store.versions.iter().filter(|((id, _), _)| id == sequence);
        versions.extend(staged.map(|((_, number), version)| (*number, version.meaning)));
        Ok(versions)
    }

    fn former_ids(&self, sequence: &SequenceId) -> Result<Vec<SequenceId>, Unavailable> {
        self.facts.former_ids(self.staging.store.in_store(sequence))
    }

    fn kept(&self, sequence: &SequenceId) -> Result<Option<Kept>, Unavailable> {
        self.facts.kept(self.staging.store.in_store(sequence))
    }

    fn serving(&self) -> Result<Vec<SequenceId>, Unavailable> {
        let overlay = &self.staging.store.published;
        let serving = self.facts.serving()?;
        let mut serving: Vec<SequenceId> = serving.iter().map(|id| self.staging.store.by_now(id).clone()).collect();
        serving.retain(|id| !overlay.contains_key(id));
        let serves =
            |published: &Option<Published>| published.as_ref().is_some_and(|published| published.state != State::Inactive);
        serving.extend(overlay.iter().filter(|(_, published)| serves(published)).map(|(id, _)| id.clone()));
        serving.sort();
        Ok(serving)
    }

    fn standings(&self, sequence: &SequenceId) -> Result<Vec<Standing>, Unavailable> {
        let overlay = &self.staging.store;
        let emptied = overlay.emptied.contains_key(sequence);
        let mut standings = if emptied { Vec::new() } else { self.facts.standings(overlay.in_store(sequence))? };
        let mut add = |version: u32, step: &str, count: i64| {
            let same = |standing: &&mut Standing| standing.version == version && standing.step == step;
            match standings.iter_mut().find(same) {
                Some(standing) => standing.connections = standing.connections.saturating_add_signed(count),
                None => standings.push(Standing { version, step: step.to_owned(), connections: count.max(0).unsigned_abs() }),
            }
        };
        for connection in overlay.connections.values().filter(|connection| connection.sequence == *sequence) {
            let before = if emptied { None } else { self.facts.connection(&connection.record, overlay.in_store(sequence))? };
            if let Some(before) = before.filter(|before| before.ended.is_none()) {
                add(before.version, &before.step, -1);
            }
            if connection.ended.is_none() {
                add(connection.version, &connection.step, 1);
            }
        }
        standings.retain(|standing| standing.connections > 0);
        Ok(standings)
    }

    fn record(&self, key: &RecordKey) -> Result<Option<Record>, Unavailable> {
        self.facts.record(key)
    }

    fn connection(&self, record: &RecordKey, sequence: &SequenceId) -> Result<Option<Connection>, Unavailable> {
        let overlay = &self.staging.store;
        if let Some(connection) = overlay.connections.get(&(record.clone(), sequence.clone())) {
            return Ok(Some(connection.clone()));
        }
        let connection = self.facts.connection(record, overlay.in_store(sequence))?;
        Ok(connection.map(|connection| self.as_it_will_be(connection)))
    }

    fn running(&self, record: &RecordKey) -> Result<Vec<Connection>, Unavailable> {
        let overlay = &self.staging.store;
        let running = self.facts.running(record)?.into_iter();
        let mut running: Vec<Connection> = running.map(|connection| self.as_it_will_be(connection)).collect();
        running.retain(|connection| !overlay.connections.contains_key(&(record.clone(), connection.sequence.clone())));
        running.extend(overlay.connections.values().filter(|connection| connection.record == *record).cloned());
        running.retain(|connection| connection.ended.is_none());
        running.sort_by(|one, other| one.sequence.cmp(&other.sequence));
        Ok(running)
    }

    fn records(&self, record_type: &str, after: Option<&str>, limit: usize) -> Result<Vec<Record>, Unavailable> {
        self.facts.records(record_type, after, limit)
    }

    fn record_count(&self, record_type: &str) -> Result<u64, Unavailable> {
        self.facts.record_count(record_type)
    }

    fn connections(&self, sequence: &SequenceId) -> Result<Vec<Connection>, Unavailable> {
        let overlay = &self.staging.store;
        let emptied = overlay.emptied.contains_key(sequence);
        let connections = if emptied { Vec::new() } else { self.facts.connections(overlay.in_store(sequence))? };
        let mut connections: Vec<Connection> = connections.into_iter().map(|connection| self.as_it_will_be(connection)).collect();
        connections.retain(|connection| !overlay.connections.contains_key(&(connection.record.clone(), sequence.clone())));
        let staged = overlay.connections.values().filter(|connection| connection.sequence == *sequence);
        connections.extend(staged.filter(|connection| connection.ended.is_none()).cloned());
        connections.sort_by(|one, other| one.record.cmp(&other.record));
        Ok(connections)
    }
}

impl Ground<'_> {
    /// The newest version as a sequence, with what it says.
    pub(super) fn newest(&self, id: &SequenceId, published: &Published) -> Result<Option<(Sequence, Meaning)>, Failure> {
        let Some(version) = self.version(id, published.number)? else { return Ok(None) };
        let Some(sequence) = sequence::read_published(&version.text, id) else { return Ok(None) };
        let meaning = self.staging.meaning(&sequence);
        Ok(Some((sequence, meaning)))
    }

    /// Where records enter a version.
    pub(super) fn entrance(&self, id: &SequenceId, number: u32) -> Result<Entrance, Failure> {
        let key = (id.clone(), number);
        if let Some(known) = self.staging.entrances.borrow().get(&key) {
            return Ok(known.clone());
        }
        let version = self.version(id, number)?;
        let sequence = version.and_then(|version| sequence::read_published(&version.text, id));
        let entrance = sequence.as_ref().and_then(|sequence| {
            let step = sequence.steps.list.first()?.id.as_ref()?.value.clone();
            Some(Entrance { record_type: sequence.record_type.as_ref()?.value.clone(), step })
        });
        let broken = || Failure::Broken(format!("version {number} of `{id}` is not in the store, or is no sequence"));
        let entrance = entrance.ok_or_else(broken)?;
        self.staging.entrances.borrow_mut().insert(key, entrance.clone());
        Ok(entrance)
    }

    /// Lets what is published of a sequence serve in another state from now on.
    pub(super) fn serve(&self, id: &SequenceId, published: Published, state: State, decision: &mut Decision) {
        decision.published.push((id.clone(), Some(published.in_state(state))));
        decision.rows.push(RowChange::Serve { sequence: id.clone(), state });
    }

    /// Says which sequences that stay active send records to one that will not take them.
    pub(super) fn name_those_before(&self, id: &SequenceId, decision: &mut Decision) -> Result<(), Failure> {
        let serves = |published: &Option<Published>| published.as_ref().is_some_and(|now| now.state != State::Inactive);
        let senders = self.senders()?;
        let mut losses = Vec::new();
        for other in senders.get(id.as_str()).into_iter().flatten().filter(|other| *other != id) {
            let decided = decision.published.iter().rev().find(|(decided, _)| decided == other);
            let stays = decided.map_or_else(|| self.published(other).map(|now| serves(&now)), |(_, now)| Ok(serves(now)))?;
            if stays {
                losses.push(format!("`{other}` is active and sends records to `{id}`; they will stop there with an error"));
            }
        }
        decision.losses.extend(losses);
        Ok(())
    }

    /// The sequences that send records to others, by those, as it is published, whatever files say by now. Some of them may have
    /// stopped since.
    fn senders(&self) -> Result<Rc<Senders>, Failure> {
        if let Some(known) = &*self.staging.senders.borrow() {
            return Ok(Rc::clone(known));
        }
        let mut senders = Senders::new();
        for from in self.serving()? {
            for to in self.targets(&from)? {
                senders.entry(to).or_default().push(from.clone());
            }
        }
        let senders = Rc::new(senders);
        *self.staging.senders.borrow_mut() = Some(Rc::clone(&senders));
        Ok(senders)
    }

    /// The sequences that what is published of one sends records to, as they are called now.
    fn targets(&self, from: &SequenceId) -> Result<BTreeSet<String>, Failure> {
        let Some(published) = self.published(from)? else { return Ok(BTreeSet::new()) };
        let resolved = |target: &str| self.staging.resolve(target);
        let in_step = self.staging.find(from).filter(|held| held.summary.meaning == Some(published.meaning));
        if let Some(held) = in_step {
            return Ok(held.summary.advances.iter().map(|advance| resolved(&advance.target.value)).collect());
        }
        let Some((newest, _)) = self.newest(from, &published)? else { return Ok(BTreeSet::new()) };
        let target = |step: &Step| {
            let StepKind::AdvanceTo(Some(target)) = &step.kind else { return None };
            Some(resolved(&target.value))
        };
        Ok(newest.steps.walk().filter_map(target).collect())
    }

    /// Lets all connections of a sequence end. Returns the end of the sentence that says it is done.
    pub(super) fn ends_all(&self, id: &SequenceId, reason: EndReason, decision: &mut Decision) -> Result<String, Failure> {
        let running: u64 = self.standings(id)?.iter().map(|standing| standing.connections).sum();
        if running == 0 {
            return Ok(String::new());
        }
        let (count, verb) =
            if running == 1 { ("1 connection".to_owned(), "ends") } else { (format!("{running} connections"), "end") };
        decision.losses.push(format!("{count} {verb}; connected again, a record starts from the first step"));
        decision.rows.push(RowChange::EndAll { sequence: id.clone(), reason });
        Ok(format!("; {count} ended"))
    }

    /// A connection of the store, by its sequence's id of now, ended if the staging ends all of its sequence.
    fn as_it_will_be(&self, mut connection: Connection) -> Connection {
        connection.sequence = self.staging.store.by_now(&connection.sequence).clone();
        let reason = self.staging.store.emptied.get(&connection.sequence);
        if let (None, Some(reason)) = (connection.ended, reason) {
            connection.ended = Some((self.staging.now(), *reason));
        }
        connection
    }
}
