//! What runs, beside what is declared now.
//! In come the versions that serve or that connections run on, and the settings; out come findings about versions that need
//! what is not declared any more. Never judges a version by anything else: it was sound when it was published.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::check::breaks_running_version::{Breach, RunningVersion, breaches, declared_in, rests_on_nothing};
use crate::diagnostic::Diagnostic;
use crate::lifecycle::{Publications, Published};
use crate::sequence::SequenceId;
use crate::text::{Digest, FilePath, Source, Span};
use crate::yaml;

use super::standing::Ground;

/// The versions that count, and what each needs in vain.
#[derive(Debug, Default)]
pub(super) struct Running {
    editions: BTreeMap<Edition, Serves>,
    /// What was found of each edition that was judged.
    judged: BTreeMap<Edition, Vec<Breach>>,
    findings: Vec<Diagnostic>,
}

/// A version, and what it says: a store may be replaced by another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edition {
    sequence: SequenceId,
    version: u32,
    meaning: Digest,
}

/// Whether new records are connected to a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Serves {
    Yes,
    No,
}

/// How much is judged again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Everything: something else is declared.
    All,
    /// What is new.
    New,
    /// Nothing: what is declared only stands elsewhere.
    Placed,
}

/// What a version is judged beside.
pub(super) struct Beside<'a> {
    pub publications: &'a dyn Publications,
    /// The files by what they say.
    pub files_by_meaning: &'a HashMap<Digest, BTreeSet<FilePath>>,
    pub ground: &'a Ground<'a>,
}

impl Running {
    /// Counts these versions from now on: those that serve, and those on which connections run.
    pub(super) fn follow(&mut self, published: &BTreeMap<SequenceId, Published>, running: BTreeSet<(SequenceId, u32)>) {
        let serving = published.iter().filter_map(|(id, published)| Some((id.clone(), published.serving()?)));
        let serving: BTreeSet<(SequenceId, u32)> = serving.collect();
        let edition = |(sequence, version): &(SequenceId, u32)| {
            let versions = &published.get(sequence)?.versions;
            let (_, meaning) = versions.iter().find(|(number, _)| number == version)?;
            Some(Edition { sequence: sequence.clone(), version: *version, meaning: *meaning })
        };
        let serves = |key: &(SequenceId, u32)| if serving.contains(key) { Serves::Yes } else { Serves::No };
        self.editions = serving.union(&running).filter_map(|key| Some((edition(key)?, serves(key)))).collect();
        self.judged.retain(|edition, _| self.editions.contains_key(edition));
    }

    /// Judges again, and counts again how many connections run on what is broken. Returns the files of which something else may
    /// be said than before.
    pub(super) fn judge(&mut self, extent: Extent, beside: &Beside<'_>) -> BTreeSet<FilePath> {
        match extent {
            Extent::All => self.judged.clear(),
            Extent::New | Extent::Placed => {}
        }
        let new = self.editions.keys().filter(|edition| !self.judged.contains_key(edition));
        // The store is asked by one thread, and what it says is read by all.
        let texts: Vec<(Edition, Option<Source>)> = new.map(|edition| (edition.clone(), beside.text(edition))).collect();
        let library = beside.ground.library;
        let judge = |(edition, source): (Edition, Option<Source>)| {
            let found = source.map(|source| breaches(&source, edition.sequence.clone(), library)).unwrap_or_default();
            (edition, found)
        };
        let found: Vec<(Edition, Vec<Breach>)> = texts.into_par_iter().map(judge).collect();
        self.judged.extend(found);
        let findings = self.place(beside);
        if findings == self.findings {
            return BTreeSet::new();
        }
        let before = std::mem::replace(&mut self.findings, findings);
        before.into_iter().chain(self.findings.iter().cloned()).map(|finding| finding.primary.file).collect()
    }

    fn place(&self, beside: &Beside<'_>) -> Vec<Diagnostic> {
        let broken: Vec<(&Edition, &Vec<Breach>)> = self.judged.iter().filter(|(_, breaches)| !breaches.is_empty()).collect();
        if broken.is_empty() {
            return Vec::new();
        }
        let file = &beside.ground.library.settings().file;
        let source = beside.ground.source(file);
        let tree = source.as_ref().map(yaml::read);
        let root = tree.as_ref().and_then(|tree| tree.root.as_ref());
        let findings = broken.into_iter().flat_map(|(edition, breaches)| {
            let Edition { sequence, version, .. } = edition;
            let running = RunningVersion {
                sequence,
                version: *version,
                connections: beside.publications.connections(sequence, *version),
                serves: self.editions.get(edition) == Some(&Serves::Yes),
            };
            let at = |breach: &Breach| root.map_or(Span::default(), |root| declared_in(root, &breach.declared_at));
            breaches.iter().map(move |breach| running.finding(file.at(at(breach)), breach))
        });
        findings.collect()
    }

    /// What was found for which a file is the first place to look.
    pub(super) fn findings_of(&self, path: &FilePath) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter().filter(move |finding| finding.primary.file == *path)
    }

    /// The files of which something is said.
    pub(super) fn files(&self) -> impl Iterator<Item = FilePath> {
        self.findings.iter().map(|finding| finding.primary.file.clone())
    }
}

impl Beside<'_> {
    /// The text of a version that has to be looked at. Where a file says the same and needs nothing in vain, neither does it.
    fn text(&self, edition: &Edition) -> Option<Source> {
        let library = self.ground.library;
        let same = self.files_by_meaning.get(&edition.meaning).into_iter().flatten();
        let mut same = same.filter_map(|file| library.summary(file));
        if same.any(|summary| rests_on_nothing(summary, library)) {
            return None;
        }
        let text = self.publications.text(&edition.sequence, edition.version)?;
        Some(Source::new(FilePath::new(format!("{}.yaml", edition.sequence)), text.to_string()))
    }
}
