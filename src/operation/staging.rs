//! A library with the operations asked so far applied, not yet on disk.

use std::cell::RefCell;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use rpds::{RedBlackTreeMap, Vector};

use crate::check::{Library, Summary, judge_sequence, told_by_file};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::lifecycle::{Published, Version};
use crate::progress::{Connection, EndReason};
use crate::record::RecordKey;
use crate::sequence::{self, Meaning, Sequence, SequenceId, State};
use crate::settings::Settings;
use crate::text::{FilePath, Source, suggest};
use crate::time::Instant;
use crate::yaml::{self, Tree};

use super::changes::{Changes, FileChange, RowChange};
use super::refusal::Refusal;

/// A sequence file as it stands in a staging. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Held {
    /// The text.
    pub source: Source,
    /// What it is to the others.
    pub summary: Arc<Summary>,
}

/// What was read before anything was asked for.
#[derive(Debug, Default)]
pub struct Base {
    /// The settings in force.
    pub settings: Arc<Settings>,
    /// The names of message templates that have a file.
    pub templates: BTreeSet<String>,
    /// Every sequence file.
    pub sequences: BTreeMap<FilePath, Held>,
    /// Every file of tests, and other files that an operation is about.
    pub tests: BTreeMap<FilePath, Source>,
    /// Every script.
    pub scripts: BTreeMap<FilePath, Source>,
    /// Sequences whose files are no text that can be read, and why.
    pub unreadable: BTreeMap<SequenceId, Diagnostic>,
}

/// A library with operations applied. A clone is a savepoint, and costs next to nothing: it shares what was changed before.
#[derive(Clone, Debug)]
pub struct Staging {
    base: Rc<Base>,
    base_ids: Rc<BTreeMap<SequenceId, FilePath>>,
    /// Ids that more than one file declares, with the last such file.
    base_twins: Rc<BTreeMap<SequenceId, FilePath>>,
    base_formerly: Rc<BTreeMap<String, SequenceId>>,
    /// Ids that sequences had before, as files say it that were changed.
    formerly: RedBlackTreeMap<String, SequenceId>,
    /// Files that came, changed or went.
    sequences: RedBlackTreeMap<FilePath, Option<Held>>,
    tests: RedBlackTreeMap<FilePath, Option<Source>>,
    ids: RedBlackTreeMap<SequenceId, Option<FilePath>>,
    rows: Vector<RowChange>,
    now: Instant,
    /// Where records enter versions that were asked for before. A savepoint has its own: behind it a number may name another
    /// version.
    pub(super) entrances: RefCell<BTreeMap<(SequenceId, u32), Entrance>>,
    /// Who sends records to whom, where that was asked for before.
    pub(super) senders: RefCell<Option<Rc<Senders>>>,
    pub(super) store: StoreOverlay,
}

/// Sequences that send records to others, by the ids of those.
pub(super) type Senders = BTreeMap<String, Vec<SequenceId>>;

/// Where records enter a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entrance {
    /// The type of record that it takes.
    pub record_type: String,
    /// The id of its first step.
    pub step: String,
}

/// What the store will know once the rows are written.
#[derive(Clone, Debug, Default)]
pub(super) struct StoreOverlay {
    pub published: RedBlackTreeMap<SequenceId, Option<Published>>,
    pub versions: RedBlackTreeMap<(SequenceId, u32), Version>,
    /// The newest connection of a record to a sequence.
    pub connections: RedBlackTreeMap<(RecordKey, SequenceId), Connection>,
    /// Sequences all of whose connections from before ended.
    pub emptied: RedBlackTreeMap<SequenceId, EndReason>,
    /// Ids that mean another sequence than in the store, with the id there. Whoever gives its id to another gets that one's.
    renamed: RedBlackTreeMap<SequenceId, SequenceId>,
}

/// What an operation may do to a staging, decided and not yet done.
#[must_use]
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// New texts of sequence files; `None` removes one.
    pub(super) sequences: Vec<(FilePath, Option<Held>)>,
    /// New texts of files of tests; `None` removes one.
    pub(super) tests: Vec<(FilePath, Option<Source>)>,
    /// Rows.
    pub(super) rows: Vec<RowChange>,
    /// What the store will know of sequences.
    pub(super) published: Vec<(SequenceId, Option<Published>)>,
    /// What the store will know of connections.
    pub(super) connections: Vec<Connection>,
    /// What is lost by it, a sentence each; whoever asks at a terminal confirms it.
    pub losses: Vec<String>,
    /// What is to know about it and is no reason to refuse, a sentence each.
    pub notes: Vec<String>,
    /// What will have been done, a sentence each.
    pub done: Vec<String>,
}

impl Decision {
    /// The files of sequences that it writes, and those that it removes.
    pub fn sequence_files(&self) -> impl Iterator<Item = &FilePath> {
        self.sequences.iter().map(|(path, _)| path)
    }

    /// Decides for something more, behind what is decided.
    pub(super) fn extend(&mut self, more: Decision) {
        self.sequences.extend(more.sequences);
        self.tests.extend(more.tests);
        self.rows.extend(more.rows);
        self.published.extend(more.published);
        self.connections.extend(more.connections);
        self.losses.extend(more.losses);
        self.notes.extend(more.notes);
        self.done.extend(more.done);
    }
}

impl Staging {
    /// A staging with nothing asked for yet. Everything that is asked for happens at the instant `now`.
    pub fn new(base: Base, now: Instant) -> Self {
        let mut ids = BTreeMap::new();
        let mut twins = BTreeMap::new();
        let mut formerly = BTreeMap::new();
        for (path, held) in &base.sequences {
            match ids.entry(held.summary.id.clone()) {
                Entry::Vacant(entry) => drop(entry.insert(path.clone())),
                Entry::Occupied(_) => drop(twins.insert(held.summary.id.clone(), path.clone())),
            }
            formerly.extend(held.summary.formerly.iter().map(|id| (id.value.clone(), held.summary.id.clone())));
        }
        Self {
            base: Rc::new(base),
            base_ids: Rc::new(ids),
            base_twins: Rc::new(twins),
            base_formerly: Rc::new(formerly),
            formerly: RedBlackTreeMap::default(),
            sequences: RedBlackTreeMap::default(),
            tests: RedBlackTreeMap::default(),
            ids: RedBlackTreeMap::default(),
            rows: Vector::default(),
            now,
            entrances: RefCell::default(),
            senders: RefCell::default(),
            store: StoreOverlay::default(),
        }
    }

    /// When everything happens that is asked for.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.base.settings
    }

    /// Every sequence's id with its file, sorted by id.
    pub fn ids(&self) -> Vec<SequenceId> {
        let kept = self.base_ids.keys().filter(|id| !self.ids.contains_key(*id));
        let changed = self.ids.iter().filter(|(_, path)| path.is_some()).map(|(id, _)| id);
        kept.chain(changed).cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The file of a sequence, if there is one.
    pub fn find(&self, id: &SequenceId) -> Option<&Held> {
        let path = match self.ids.get(id) {
            Some(path) => path.as_ref()?,
            None => self.base_ids.get(id)?,
        };
        self.held(path)
    }

    /// The file of a sequence.
    ///
    /// # Errors
    /// A refusal where no file or more than one declares the id.
    pub fn get(&self, id: &SequenceId) -> Result<&Held, Refusal> {
        let held = self.find(id).ok_or_else(|| self.unknown(id.as_str()))?;
        match self.base_twins.get(id).filter(|twin| **twin != *held.source.path() && self.held(twin).is_some()) {
            None => Ok(held),
            Some(twin) => {
                let message = format!("`{id}` is the id of two files, {} and {twin}", held.source.path());
                Err(Refusal::new(Code::DuplicateSequenceId, message).about(id).help("rename one of them"))
            }
        }
    }

    /// Whether a file declares the id, be it one that cannot be read.
    pub(super) fn is_taken(&self, id: &SequenceId) -> bool {
        self.file_of(id).is_some()
    }

    /// The file that declares the id, be it one that cannot be read.
    pub(super) fn file_of(&self, id: &SequenceId) -> Option<&FilePath> {
        let unreadable = || self.base.unreadable.get(id).map(|finding| &finding.primary.file);
        self.find(id).map(|held| held.source.path()).or_else(unreadable)
    }

    /// The refusal for an id that nothing declares, or only a file that cannot be read.
    pub fn unknown(&self, id: &str) -> Refusal {
        if let Some(finding) = SequenceId::parse(id).and_then(|id| self.base.unreadable.get(&id)) {
            return Refusal::of_finding(finding.clone());
        }
        let ids = self.ids();
        let refusal = Refusal::new(Code::UnknownSequence, format!("no sequence is called `{id}`"));
        match (self.now_called(id), suggest(id, ids.iter().map(SequenceId::as_str))) {
            (Some(now), _) => refusal.help(format!("it is called `{now}` now")),
            (None, Some(near)) => refusal.help(format!("did you mean `{near}`?")),
            (None, None) => refusal.help("`segue list` shows all there are"),
        }
    }

    /// A sequence file as it stands.
    pub fn held(&self, path: &FilePath) -> Option<&Held> {
        match self.sequences.get(path) {
            Some(held) => held.as_ref(),
            None => self.base.sequences.get(path),
        }
    }

    /// The sequences whose files are no text that can be read, with these files.
    pub(super) fn unreadable(&self) -> impl Iterator<Item = (&SequenceId, &FilePath)> {
        self.base.unreadable.iter().map(|(id, finding)| (id, &finding.primary.file))
    }

    /// Every sequence file, whether another one has its id or not.
    pub(super) fn all(&self) -> impl Iterator<Item = (&FilePath, &Held)> {
        let kept = self.base.sequences.iter().filter(|(path, _)| !self.sequences.contains_key(*path));
        kept.chain(self.sequences.iter().filter_map(|(path, held)| Some((path, held.as_ref()?))))
    }

    /// A file of tests as it stands.
    pub(super) fn test(&self, path: &FilePath) -> Option<&Source> {
        match self.tests.get(path) {
            Some(source) => source.as_ref(),
            None => self.base.tests.get(path),
        }
    }

    /// Every file of tests as it stands.
    pub(super) fn all_tests(&self) -> impl Iterator<Item = &Source> {
        let kept = self.base.tests.iter().filter(|(path, _)| !self.tests.contains_key(*path)).map(|(_, source)| source);
        kept.chain(self.tests.values().flatten())
    }

    /// Every script.
    pub(super) fn scripts(&self) -> impl Iterator<Item = &Source> {
        self.base.scripts.values()
    }

    /// What a file says as a sequence; `None` where it cannot be read.
    pub fn read(&self, held: &Held) -> Option<Sequence> {
        sequence::read_alone(&held.source, held.summary.id.clone())
    }

    /// What a sequence says, with references as they reach others now.
    pub fn meaning(&self, sequence: &Sequence) -> Meaning {
        Meaning::of(sequence, &|id| self.resolve(id))
    }

    /// The id by which a sequence is called now that a file refers to as `id`.
    pub fn resolve(&self, id: &str) -> String {
        let is_there = SequenceId::parse(id).is_some_and(|id| self.find(&id).is_some());
        let now = if is_there { None } else { self.now_called(id) };
        now.map_or(id, SequenceId::as_str).to_owned()
    }

    /// What a sequence is called now that had this id before.
    fn now_called(&self, id: &str) -> Option<&SequenceId> {
        self.formerly.get(id).or_else(|| self.base_formerly.get(id))
    }

    /// The file that says that its sequence had this id before.
    pub(super) fn formerly(&self, id: &SequenceId) -> Option<&Held> {
        let held = self.find(self.now_called(id.as_str())?)?;
        held.summary.formerly.iter().any(|former| former.value == id.as_str()).then_some(held)
    }

    /// Everything that is wrong with one sequence: in its file, and between it and those that it leads to.
    pub(super) fn findings(&self, held: &Held) -> Vec<Diagnostic> {
        let file = held.source.path();
        let near = self.reached_from(held);
        let mut between = self.between(near.values().copied());
        if between.iter().any(|finding| finding.code == Code::UnknownSequence) {
            // What was probably meant can only be told by whoever knows all ids.
            between = self.between(self.all().map(|(_, held)| held));
        }
        let is_here = |finding: &Diagnostic| {
            finding.primary.file == *file || finding.related.iter().any(|related| related.location.file == *file)
        };
        let found = held.summary.findings.iter().cloned().chain(between.into_iter().filter(is_here)).collect();
        let ignores = near.values().map(|held| (held.source.path(), &held.summary.ignores));
        let mut findings = told_by_file(ignores, self.settings(), found).findings;
        // Not everything was looked at that a comment may be about.
        findings.retain(|finding| finding.code != Code::UnusedIgnore);
        findings
    }

    fn between<'s>(&self, files: impl Iterator<Item = &'s Held>) -> Vec<Diagnostic> {
        let mut library = Library::new(Arc::clone(&self.base.settings));
        files.for_each(|held| library.put(held.source.path(), Some(Arc::clone(&held.summary))));
        for name in &self.base.templates {
            library.put_template(name, &FilePath::new(format!("sequences/templates/{name}.md")));
        }
        library.judge();
        let mut findings: Vec<Diagnostic> = library.findings().cloned().collect();
        findings.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
        findings
    }

    /// The sequences that records can come to from this one, itself among them, by file.
    fn reached_from<'s>(&'s self, held: &'s Held) -> BTreeMap<FilePath, &'s Held> {
        let mut reached = BTreeMap::new();
        let mut open = vec![self.held(held.source.path()).unwrap_or(held)];
        while let Some(held) = open.pop() {
            if reached.insert(held.source.path().clone(), held).is_none() {
                let targets =
                    held.summary.advances.iter().filter_map(|advance| SequenceId::parse(&self.resolve(&advance.target.value)));
                open.extend(targets.filter_map(|id| self.find(&id)));
            }
        }
        reached
    }

    /// Takes a decision in: what comes after sees it.
    pub fn accept(&mut self, decision: Decision) {
        for (path, held) in decision.sequences {
            for summary in held.iter().map(|held| &held.summary) {
                for former in &summary.formerly {
                    self.formerly.insert_mut(former.value.clone(), summary.id.clone());
                }
            }
            let id = held.as_ref().or_else(|| self.held(&path)).map(|held| held.summary.id.clone());
            if let Some(id) = id {
                self.ids.insert_mut(id, held.as_ref().map(|_| path.clone()));
            }
            self.sequences.insert_mut(path, held);
        }
        for (path, source) in decision.tests {
            self.tests.insert_mut(path, source);
        }
        for row in decision.rows {
            if matches!(row, RowChange::Rename { .. }) {
                self.entrances.get_mut().clear();
            }
            if brings_senders(&row) {
                self.senders.get_mut().take();
            }
            self.store.take_row(&row, self.now);
            self.rows.push_back_mut(row);
        }
        self.store.take(decision.published, decision.connections);
    }

    /// The errors of a file that it did not have before, as they are told.
    pub(super) fn new_errors(&self, before: &Held, after: &Held) -> Vec<Diagnostic> {
        let is_old = |finding: &Diagnostic| {
            before.summary.findings.iter().any(|old| (old.code, &old.message) == (finding.code, &finding.message))
        };
        let found = after.summary.told(self.settings());
        found.into_iter().filter(|finding| finding.severity == Severity::Error && !is_old(finding)).collect()
    }

    /// Reads a new text.
    pub(super) fn hold(&self, source: Source) -> Held {
        self.hold_and_read(&source).0
    }

    /// Reads a new text, with what it says as a sequence where it can be read as one.
    pub(super) fn hold_and_read(&self, source: &Source) -> (Held, Option<Sequence>) {
        self.hold_tree(source, &yaml::read(source))
    }

    /// As [`Staging::hold_and_read`], of a text whose tree was read already.
    pub(super) fn hold_tree(&self, source: &Source, tree: &Tree<'_>) -> (Held, Option<Sequence>) {
        let stem = source.path().file_name().split('.').next().unwrap_or_default();
        let id = SequenceId::parse(stem).expect("a sequence's file is named after its id, which was parsed");
        let (sequence, summary) = judge_sequence(source, tree, id, self.settings());
        (Held { source: source.clone(), summary: Arc::new(summary) }, sequence)
    }

    /// How many changes were asked for so far.
    pub fn size(&self) -> usize {
        self.rows.len() + self.sequences.size()
    }

    /// What one commit has to write.
    pub fn changes(&self) -> Changes {
        let text = |source: &Source| -> Arc<str> { Arc::from(source.text()) };
        let sequences = self.sequences.iter().map(|(path, held)| {
            let before = self.base.sequences.get(path).map(|held| text(&held.source));
            (path, before, held.as_ref().map(|held| text(&held.source)))
        });
        let tests =
            self.tests.iter().map(|(path, source)| (path, self.base.tests.get(path).map(text), source.as_ref().map(text)));
        let changed = sequences.chain(tests).filter(|(_, before, after)| before != after);
        let mut files: Vec<FileChange> =
            changed.map(|(path, before, after)| FileChange { path: path.clone(), before, after }).collect();
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Changes { files, rows: self.rows.iter().cloned().collect() }
    }
}

/// Whether one may send records on by this that did not, or another one somewhere else.
fn brings_senders(row: &RowChange) -> bool {
    match row {
        RowChange::Publish { .. } | RowChange::Rename { .. } => true,
        RowChange::Serve { state, .. } => *state != State::Inactive,
        RowChange::Delete { .. }
        | RowChange::Purge { .. }
        | RowChange::EndAll { .. }
        | RowChange::Connect(_)
        | RowChange::End { .. }
        | RowChange::ResumeEnded { .. }
        | RowChange::EndRunning { .. }
        | RowChange::Undelete { .. }
        | RowChange::Undo { .. }
        | RowChange::Note { .. } => false,
    }
}

impl StoreOverlay {
    fn take(&mut self, published: Vec<(SequenceId, Option<Published>)>, connections: Vec<Connection>) {
        for (sequence, published) in published {
            self.published.insert_mut(sequence, published);
        }
        for connection in connections {
            let key = (connection.record.clone(), connection.sequence.clone());
            self.connections.insert_mut(key, connection);
        }
    }

    fn take_row(&mut self, row: &RowChange, now: Instant) {
        match row {
            RowChange::Publish { sequence, version, .. } => {
                self.versions.insert_mut((sequence.clone(), version.number), version.clone());
            }
            RowChange::EndAll { sequence, reason } => {
                self.emptied.insert_mut(sequence.clone(), *reason);
                let of_it = self.connections.values().filter(|connection| connection.sequence == *sequence);
                let running = of_it.filter(|connection| connection.ended.is_none()).cloned();
                let ended = running.map(|connection| Connection { ended: Some((now, *reason)), ..connection }).collect();
                self.take(Vec::new(), ended);
            }
            RowChange::Rename { from, to } => self.rename(from, to),
            // What these change was told beside them; and of those that an undo takes back nobody asks behind it.
            RowChange::Serve { .. }
            | RowChange::Delete { .. }
            | RowChange::Purge { .. }
            | RowChange::Connect(_)
            | RowChange::End { .. }
            | RowChange::ResumeEnded { .. }
            | RowChange::EndRunning { .. }
            | RowChange::Undelete { .. }
            | RowChange::Undo { .. }
            | RowChange::Note { .. } => {}
        }
    }

    fn rename(&mut self, from: &SequenceId, to: &SequenceId) {
        let (own, other) = (self.in_store(from).clone(), self.in_store(to).clone());
        self.renamed.insert_mut(to.clone(), own);
        self.renamed.insert_mut(from.clone(), other);
        let named = |id: &SequenceId| if id == from { to.clone() } else { id.clone() };
        self.published = self.published.iter().map(|(id, published)| (named(id), published.clone())).collect();
        self.versions = self.versions.iter().map(|((id, number), version)| ((named(id), *number), version.clone())).collect();
        self.emptied = self.emptied.iter().map(|(id, reason)| (named(id), *reason)).collect();
        let renamed = |((record, id), connection): (&(RecordKey, SequenceId), &Connection)| {
            let connection = Connection { sequence: named(&connection.sequence), ..connection.clone() };
            ((record.clone(), named(id)), connection)
        };
        self.connections = self.connections.iter().map(renamed).collect();
    }

    /// The id under which the store knows a sequence.
    pub fn in_store<'i>(&'i self, id: &'i SequenceId) -> &'i SequenceId {
        self.renamed.get(id).unwrap_or(id)
    }

    /// The id that a sequence has now which the store knows under another.
    pub fn by_now<'i>(&'i self, id: &'i SequenceId) -> &'i SequenceId {
        self.renamed.iter().find(|(_, in_store)| *in_store == id).map_or(id, |(now, _)| now)
    }
}
