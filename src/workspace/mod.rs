//! The workspace: texts in, findings of all layers out.
//! In come the contents of files that are new, changed or gone; out come the findings, the same as if everything had been
//! read afresh. A changed file is read alone; what lies between files is judged again only if what others see of it changed.
//! Never reads a disk, asks no clock.

mod against;
mod layout;
mod standing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::check::ignored_file::{Ignored, ignored_file};
use crate::check::not_utf8::not_utf8;
use crate::check::too_large::too_large;
use crate::check::unreadable_file::unreadable_file;
use crate::check::{Ignores, Library, Summary, Told, judge_library, judge_settings, read_sequence, told_by_file};
use crate::diagnostic::Diagnostic;
use crate::lifecycle::Publications;
use crate::operation::{Base, Held};
use crate::sequence::{Sequence, SequenceId};
use crate::settings::{self, Settings};
use crate::text::{BadText, FilePath, Source, text_from_bytes};
use crate::yaml;

use standing::Standing;

pub use against::{Against, Compared};
pub use layout::{FileKind, SCRIPTS, SEQUENCES, kind_of};

/// What was found at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The file's bytes.
    Bytes(Vec<u8>),
    /// Nothing: the file is gone.
    Gone,
    /// A file too large to read.
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// Something that the system does not let us read; the reason in words.
    Unreadable(String),
    /// Something that is left out on purpose, like a link that leaves the workspace; the reason in words.
    LeftOut(String),
}

/// A workspace as it was last told to be.
#[derive(Debug, Default)]
pub struct Workspace {
    settings: Arc<Settings>,
    files: BTreeMap<FilePath, File>,
    /// Findings between files.
    between: Vec<Diagnostic>,
    /// Findings about files and what is published of them.
    standing: Standing,
}

/// A file of the workspace, read.
#[derive(Debug)]
enum File {
    Settings {
        source: Source,
        findings: Vec<Diagnostic>,
        ignores: Ignores,
    },
    Sequence {
        source: Source,
        summary: Arc<Summary>,
    },
    Template {
        name: String,
    },
    /// Tests of a sequence: kept for whoever copies them.
    Tests {
        source: Source,
    },
    /// A script: known, and not read here.
    Known,
    /// A file that is left out or cannot be read. Of one that is partly text, the good part is kept for showing.
    Bad {
        source: Option<Source>,
        finding: Box<Diagnostic>,
        declares: Option<Box<Summary>>,
    },
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files that were looked at: sequences, settings, and those that could not be read or were left out.
    pub files: usize,
    /// Sequences among them.
    pub sequences: usize,
}

impl Workspace {
    /// An empty workspace.
    pub fn new() -> Self {
        Self::default()
    }

    /// Compares files with what is published from now on, as whoever knows it tells. Nothing is asked before the next update.
    pub fn follow(&mut self, publications: Box<dyn Publications>) {
        self.standing.follow(publications);
    }

    /// Compares with what is published now, where that is not as it was.
    ///
    /// # Errors
    /// Why it cannot be told what is published, in words. What was known before counts on.
    pub fn refresh(&mut self) -> Result<(), String> {
        if self.standing.refresh()? {
            self.judge_standing(self.files.keys().cloned().collect());
        }
        Ok(())
    }

    fn judge_standing(&mut self, paths: BTreeSet<FilePath>) {
        if self.standing.is_idle() {
            return;
        }
        let formerly: BTreeMap<&str, &Summary> = self
            .files
            .values()
            .filter_map(File::summary)
            .flat_map(|summary| summary.formerly.iter().map(move |id| (id.value.as_str(), summary)))
            .collect();
        let present: BTreeSet<&SequenceId> = self.files.values().filter_map(File::summary).map(|summary| &summary.id).collect();
        // An id that is in use means that sequence, whoever had it before.
        let is_used = |id: &str| SequenceId::parse(id).is_some_and(|id| present.contains(&id));
        let now = |id: &str| formerly.get(id).filter(|_| !is_used(id)).map(|summary| summary.id.to_string());
        let files = paths.iter().map(|path| (path, self.files.get(path).and_then(File::as_read_sequence)));
        self.standing.judge(files, &self.settings, &now);
        let summaries: Vec<&Summary> = self.files.values().filter_map(File::summary).collect();
        self.standing.judge_whole(&present, &summaries);
    }

    /// Takes in what was found at some paths, and judges again whatever that can have changed.
    pub fn update(&mut self, changes: Vec<(FilePath, Content)>) {
        let paths: BTreeSet<FilePath> = changes.iter().map(|(path, _)| path.clone()).collect();
        let before = self.interface_of(paths.iter());
        let names_before = self.names_of(&paths);
        let settings_changed = self.update_settings(&changes);
        if settings_changed {
            self.read_again_but(&paths);
        }
        for (path, file) in read_all(changes, &self.settings) {
            match file {
                Some(file) => drop(self.files.insert(path, file)),
                None => drop(self.files.remove(&path)),
            }
        }
        // Places may have moved where a finding between files points at; what others see may have changed.
        if settings_changed || self.is_pointed_at(&paths) || before != self.interface_of(paths.iter()) {
            self.judge_between();
        }
        // Where ids came, went or were handed on, references in any file may reach another sequence than they did.
        let is_other =
            names_before != self.names_of(&paths) && (self.has_former_ids() || names_before.iter().any(|names| names.len() > 1));
        self.judge_standing(if is_other { self.files.keys().cloned().collect() } else { paths });
    }

    fn has_former_ids(&self) -> bool {
        self.files.values().filter_map(File::summary).any(|summary| !summary.formerly.is_empty())
    }

    /// The ids that some files declare, with those that they had before.
    fn names_of(&self, paths: &BTreeSet<FilePath>) -> Vec<Vec<String>> {
        let names = |summary: &Summary| {
            let former = summary.formerly.iter().map(|id| id.value.clone());
            std::iter::once(summary.id.to_string()).chain(former).collect()
        };
        paths.iter().filter_map(|path| self.files.get(path)?.summary()).map(names).collect()
    }

    /// Whether a finding between files has a place in one of these.
    fn is_pointed_at(&self, paths: &BTreeSet<FilePath>) -> bool {
        let places = |finding: &Diagnostic| {
            paths.contains(&finding.primary.file) || finding.related.iter().any(|related| paths.contains(&related.location.file))
        };
        self.between.iter().any(places)
    }

    /// Reads settings among the changes first, since everything else is judged by them. Says whether they are others now.
    fn update_settings(&mut self, changes: &[(FilePath, Content)]) -> bool {
        let Some((path, content)) = changes.iter().rev().find(|(path, _)| kind_of(path) == FileKind::Settings) else {
            return false;
        };
        let settings = match read_text(path, content.clone()) {
            _ if *content == Content::Gone => Settings::default(),
            Ok(source) => settings::read(&source, &yaml::read(&source)).0,
            // What is there and cannot be read may declare anything.
            Err(_) => Settings { is_whole: false, ..Settings::default() },
        };
        let changed = settings != *self.settings;
        self.settings = Arc::new(settings);
        changed
    }

    /// Reads all sequences again, but those that are about to be read anyway.
    fn read_again_but(&mut self, paths: &BTreeSet<FilePath>) {
        let settings = Arc::clone(&self.settings);
        let others = self.files.iter_mut().filter(|(path, _)| !paths.contains(path));
        let sequences: Vec<(&Source, &mut Arc<Summary>)> = others.filter_map(|(_, file)| file.as_sequence_mut()).collect();
        sequences
            .into_par_iter()
            .for_each(|(source, summary)| *summary = Arc::new(read_sequence(source, summary.id.clone(), &settings).1));
    }

    /// What the rest of the workspace sees of some files: everything but their own findings.
    fn interface_of<'p>(&self, paths: impl Iterator<Item = &'p FilePath>) -> Vec<Option<Interface>> {
        let interface = |path| self.files.get(path).map(File::interface);
        paths.map(interface).collect()
    }

    fn judge_between(&mut self) {
        let templates: BTreeSet<String> = self.files.values().filter_map(File::template).map(str::to_owned).collect();
        let summaries = self.files.values().filter_map(File::summary).collect();
        self.between = judge_library(&Library::new(summaries, &templates, &self.settings));
    }

    /// Everything that is wrong, sorted by file, position and code.
    pub fn findings(&self) -> Vec<Diagnostic> {
        self.told().findings
    }

    /// As [`Workspace::findings`], with what comments silence.
    pub fn told(&self) -> Told {
        let own = self.files.values().flat_map(File::findings);
        let found = own.chain(&self.between).chain(self.standing.findings()).cloned().collect();
        let files = self.files.iter().filter_map(|(path, file)| Some((path, file.ignores()?)));
        let mut told = told_by_file(files, &self.settings, found);
        told.findings.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
        told.silenced.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
        told
    }

    /// A file's text, or the part of it that is text.
    pub fn source(&self, path: &FilePath) -> Option<Source> {
        self.files.get(path)?.source().cloned()
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// All sequences' summaries, sorted by file.
    pub fn summaries(&self) -> impl Iterator<Item = &Summary> {
        self.files.values().filter_map(File::summary)
    }

    /// The sequence in a file, as far as it can be read.
    pub fn sequence(&self, path: &FilePath) -> Option<Sequence> {
        match self.files.get(path)? {
            File::Sequence { source, summary } => read_sequence(source, summary.id.clone(), &self.settings).0,
            File::Settings { .. } | File::Template { .. } | File::Tests { .. } | File::Known | File::Bad { .. } => None,
        }
    }

    /// What operations are based on: the library as it was read.
    pub fn into_base(self) -> Base {
        let mut base = Base { settings: self.settings, ..Base::default() };
        for (path, file) in self.files {
            match file {
                File::Sequence { source, summary } => drop(base.sequences.insert(path, Held { source, summary })),
                File::Tests { source } => drop(base.tests.insert(path, source)),
                File::Template { name } => drop(base.templates.insert(name)),
                File::Bad { declares: Some(summary), finding, .. } => drop(base.unreadable.insert(summary.id, *finding)),
                File::Settings { .. } | File::Known | File::Bad { declares: None, .. } => {}
            }
        }
        base
    }

    /// Every path that is known, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &FilePath> {
        self.files.keys()
    }

    /// How much there is.
    pub fn counts(&self) -> Counts {
        self.counts_where(|_| true)
    }

    /// How much there is among files that count.
    pub fn counts_where(&self, counts: impl Fn(&FilePath) -> bool) -> Counts {
        let among = || self.files.iter().filter(|(path, _)| counts(path)).map(|(_, file)| file);
        Counts {
            files: among().filter(|file| !matches!(file, File::Template { .. } | File::Tests { .. } | File::Known)).count(),
            sequences: among().filter(|file| matches!(file, File::Sequence { .. })).count(),
        }
    }
}

/// What the rest of the workspace sees of a file.
#[derive(Debug, PartialEq)]
enum Interface {
    Nothing,
    Template(String),
    Sequence(Box<Summary>),
}

impl File {
    fn interface(&self) -> Interface {
        match self {
            File::Template { name } => Interface::Template(name.clone()),
            File::Sequence { summary, .. } => Interface::Sequence(Box::new(summary.interface())),
            File::Bad { declares: Some(summary), .. } => Interface::Sequence(Box::new(summary.interface())),
            File::Settings { .. } | File::Tests { .. } | File::Known | File::Bad { declares: None, .. } => Interface::Nothing,
        }
    }

    fn as_sequence_mut(&mut self) -> Option<(&Source, &mut Arc<Summary>)> {
        match self {
            File::Sequence { source, summary } => Some((source, summary)),
            File::Settings { .. } | File::Template { .. } | File::Tests { .. } | File::Known | File::Bad { .. } => None,
        }
    }

    fn as_read_sequence(&self) -> Option<standing::File<'_>> {
        match self {
            File::Sequence { source, summary } => Some(standing::File { source, summary }),
            File::Settings { .. } | File::Template { .. } | File::Tests { .. } | File::Known | File::Bad { .. } => None,
        }
    }

    fn summary(&self) -> Option<&Summary> {
        match self {
            File::Sequence { summary, .. } => Some(summary),
            File::Bad { declares: Some(summary), .. } => Some(summary),
            File::Settings { .. }
            | File::Template { .. }
            | File::Tests { .. }
            | File::Known
            | File::Bad { declares: None, .. } => None,
        }
    }

    fn template(&self) -> Option<&str> {
        match self {
            File::Template { name } => Some(name),
            File::Settings { .. } | File::Sequence { .. } | File::Tests { .. } | File::Known | File::Bad { .. } => None,
        }
    }

    fn source(&self) -> Option<&Source> {
        match self {
            File::Settings { source, .. } | File::Sequence { source, .. } | File::Tests { source } => Some(source),
            File::Bad { source, .. } => source.as_ref(),
            File::Template { .. } | File::Known => None,
        }
    }

    fn ignores(&self) -> Option<&Ignores> {
        match self {
            File::Settings { ignores, .. } => Some(ignores),
            File::Sequence { summary, .. } => Some(&summary.ignores),
            File::Template { .. } | File::Tests { .. } | File::Known | File::Bad { .. } => None,
        }
    }

    fn findings(&self) -> &[Diagnostic] {
        match self {
            File::Settings { findings, .. } => findings,
            File::Sequence { summary, .. } => &summary.findings,
            File::Bad { finding, .. } => std::slice::from_ref(finding),
            File::Template { .. } | File::Tests { .. } | File::Known => &[],
        }
    }
}

/// Reads what changed, on all cores. A file that is gone, or is nothing to us, is `None`.
fn read_all(changes: Vec<(FilePath, Content)>, settings: &Settings) -> Vec<(FilePath, Option<File>)> {
    let read = |(path, content): (FilePath, Content)| {
        let file = read_file(&path, content, settings);
        (path, file)
    };
    changes.into_par_iter().map(read).collect()
}

fn read_file(path: &FilePath, content: Content, settings: &Settings) -> Option<File> {
    let kind = kind_of(path);
    let is_told_of = matches!(content, Content::LeftOut(_) | Content::Unreadable(_));
    if content == Content::Gone || (kind == FileKind::Other && !is_told_of) {
        return None;
    }
    let id = match &kind {
        FileKind::Ignored(why) => {
            return Some(File::Bad { source: None, finding: Box::new(ignored_file(path, why)), declares: None });
        }
        FileKind::Sequence(id) => Some(id.clone()),
        FileKind::Settings | FileKind::Template(_) | FileKind::Test | FileKind::Script | FileKind::Other => None,
    };
    match read_text(path, content) {
        Err((source, finding)) => {
            let declares = id.map(|id| Box::new(Summary::of_unreadable(path.clone(), id, Vec::new())));
            Some(File::Bad { source, finding, declares })
        }
        Ok(source) => read_known(source, kind, settings),
    }
}

fn read_known(source: Source, kind: FileKind, settings: &Settings) -> Option<File> {
    match kind {
        FileKind::Sequence(id) => {
            let (_, summary) = read_sequence(&source, id, settings);
            Some(File::Sequence { source, summary: Arc::new(summary) })
        }
        FileKind::Settings => {
            let tree = yaml::read(&source);
            let ignores = Ignores::read(&source, &tree);
            let (settings, mut findings) = settings::read(&source, &tree);
            findings.extend(tree.problems);
            findings.extend(judge_settings(&settings));
            Some(File::Settings { source, findings, ignores })
        }
        FileKind::Template(name) => Some(File::Template { name }),
        FileKind::Test => Some(File::Tests { source }),
        FileKind::Script => Some(File::Known),
        FileKind::Ignored(_) | FileKind::Other => None,
    }
}

/// The content as text, or why it is none, with the part that is.
///
/// # Errors
/// The finding about what is no text, and the good part of the text.
pub fn read_text(path: &FilePath, content: Content) -> Result<Source, (Option<Source>, Box<Diagnostic>)> {
    let bytes = match content {
        Content::Bytes(bytes) => bytes,
        Content::Gone => Vec::new(),
        Content::TooLarge { bytes } => return Err((None, Box::new(too_large(path, bytes)))),
        Content::Unreadable(reason) => return Err((None, Box::new(unreadable_file(path, &reason)))),
        Content::LeftOut(reason) => return Err((None, Box::new(ignored_file(path, &Ignored::Unreachable(reason))))),
    };
    text_from_bytes(bytes).map(|text| Source::new(path.clone(), text)).map_err(|(bad, bytes)| match bad {
        BadText::TooLarge => (None, Box::new(too_large(path, bytes.len() as u64))),
        BadText::NotUtf8 { valid } => {
            let good = String::from_utf8_lossy(&bytes[..valid]).into_owned();
            let finding = not_utf8(path, valid, bytes.get(valid).copied().unwrap_or_default());
            (Some(Source::new(path.clone(), good)), Box::new(finding))
        }
    })
}
