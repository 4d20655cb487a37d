//! The workspace: texts in, findings of all layers out.
//!
//! In come the contents of files that are new, changed or gone; out come the findings, the same as if everything had been
//! read afresh, and which files' findings are others than before. A changed file is read alone; between files that is judged
//! again which depends on what changed. A first look goes the same way: everything is new.
//! Never reads a disk, asks no clock.

mod against;
mod file;
mod layout;
mod memory;
mod running;
mod standing;
mod told;
mod trials;
mod turns;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::{Ignores, Judged, Library, Summary, Told, told};
use crate::diagnostic::Diagnostic;
use crate::lifecycle::Publications;
use crate::operation::{Base, Held};
use crate::sequence::{self, Sequence};
use crate::settings::Settings;
use crate::text::{FilePath, Source};

use file::{File, Reading, read_settings, take_all};
use running::Extent;
use standing::{Ground, News, Standing};
use told::Said;
use trials::Trials;

pub use against::{Against, Compared};
pub use file::read_text;
pub use layout::{FileKind, SCRIPTS, SEQUENCES, kind_of};
pub use memory::{Remembered, Taken, Text, Texts};
pub use told::{FindingsChanged, Totals};

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
    /// Whoever can fetch texts that are not held.
    texts: Option<Box<dyn Texts>>,
    counts: Counts,
    /// What lies between sequences.
    library: Library,
    /// Findings about files and what is published of them.
    standing: Standing,
    /// Findings about tests and the sequences beside them.
    trials: Trials,
    /// The findings as they are handed out.
    said: Said,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files that were looked at: sequences, their tests, settings, and those that could not be read or were left out.
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
        let touched = self.standing.follow(publications);
        self.tell(touched);
    }

    /// Compares with what is published now, where that is not as it was.
    ///
    /// # Errors
    /// Why it cannot be told what is published, in words. What was known before counts on.
    pub fn refresh(&mut self) -> Result<(), String> {
        let news = self.standing.refresh()?;
        let ground = Ground { files: &self.files, texts: self.texts.as_deref(), library: &self.library };
        let mut touched = match news {
            News::None => return Ok(()),
            News::Running => BTreeSet::new(),
            News::Published => self.standing.judge_all(&ground),
        };
        touched.extend(self.standing.judge_running(Extent::New, &ground));
        self.tell(touched);
        Ok(())
    }

    /// Takes in what was found at some paths, and judges again whatever that can have changed.
    pub fn update(&mut self, changes: Vec<(FilePath, Content)>) {
        self.take_in(changes.into_iter().map(|(path, content)| (path, Taken::Read(content))).collect());
    }

    /// As [`Workspace::update`], with files among them that are as they were when they were read. Their texts are not held:
    /// where one is asked for it is fetched from `texts`.
    pub fn update_remembering(&mut self, changes: Vec<(FilePath, Taken)>, texts: Box<dyn Texts>) {
        self.texts = Some(texts);
        self.take_in(changes);
    }

    fn take_in(&mut self, changes: Vec<(FilePath, Taken)>) {
        let mut changes = last_of_each(changes);
        let place_of =
            |changes: &[(FilePath, Taken)], path: &FilePath| changes.binary_search_by(|(changed, _)| changed.cmp(path));
        let mut read = Vec::new();
        let mut touched = BTreeSet::new();
        let mut extent = None;
        let of_settings = place_of(&changes, &self.settings.file).map(|place| changes.remove(place));
        if let Ok((path, Taken::Read(content))) = of_settings {
            let (file, settings) = read_settings(&path, content);
            read.push((path, file));
            extent = Some(Extent::Placed);
            if self.judge_by(settings) {
                extent = Some(Extent::All);
                let again = self.files.iter().filter(|(path, _)| place_of(&changes, path).is_err());
                let again = again.filter_map(|(path, file)| Some((path.clone(), file.as_sequence()?)));
                read.extend(file::read_again(again.collect(), self.reading()));
                // What is said of a file that cannot be read may count as something else now.
                touched.extend(self.files.keys().chain(self.said.files()).cloned());
            }
        }
        read.extend(take_all(changes, self.reading()));
        let mut taken: BTreeSet<FilePath> = read.iter().map(|(path, _)| path.clone()).collect();
        touched.append(&mut taken);
        self.put_all(read);
        let Judged { files, ids, templates } = self.library.judge();
        let ground = Ground { files: &self.files, texts: self.texts.as_deref(), library: &self.library };
        let standing = self.standing.judge(&touched, &ids, &ground);
        let trials = self.trials.judge(&touched, &ids, &ground);
        touched.extend(files.into_iter().chain(standing).chain(trials));
        if let Some(extent) = if templates { Some(Extent::All) } else { extent } {
            touched.extend(self.standing.judge_running(extent, &ground));
        }
        self.tell(touched);
    }

    fn reading(&self) -> Reading<'_> {
        Reading { settings: &self.settings, texts: self.texts.as_deref() }
    }

    /// Takes other settings. Says whether anything is judged by them that was judged otherwise: places alone change nothing.
    fn judge_by(&mut self, settings: Settings) -> bool {
        let is_other = settings.without_places() != self.settings.without_places();
        self.settings = Arc::new(settings);
        if is_other {
            self.library.judge_by(Arc::clone(&self.settings));
        }
        is_other
    }

    fn put_all(&mut self, read: Vec<(FilePath, Option<File>)>) {
        for (path, file) in &read {
            let before = self.files.get(path);
            self.counts = self.counts.with(file.as_ref()).without(before);
            if let Some(name) = before.and_then(File::template) {
                self.library.remove_template(name, path);
            }
            if let Some(name) = file.as_ref().and_then(File::template) {
                self.library.put_template(name, path);
            }
            self.library.put(path, file.as_ref().and_then(File::shared_summary));
        }
        // Many at once are quicker put in order than one by one.
        if self.files.is_empty() {
            self.files = read.into_iter().filter_map(|(path, file)| Some((path, file?))).collect();
            return;
        }
        for (path, file) in read {
            match file {
                Some(file) => drop(self.files.insert(path, file)),
                None => drop(self.files.remove(&path)),
            }
        }
    }

    /// Hands out anew what there is to say of some files.
    fn tell(&mut self, files: BTreeSet<FilePath>) {
        for file in files {
            let told = self.gather(&file);
            self.said.replace(file, told);
        }
    }

    /// Every finding for which a file is the first place to look, of all layers, as its comments and the settings have it told;
    /// sorted by position and code.
    fn gather(&self, path: &FilePath) -> Told {
        let file = self.files.get(path);
        let own = file.map(File::findings).unwrap_or_default();
        let between = self.library.findings_of(path);
        let beside = self.standing.findings_of(path).chain(self.trials.findings_of(path));
        let found = own.iter().chain(between).chain(beside).cloned().collect();
        let none = Ignores::default();
        let mut told = told(file.and_then(File::ignores).unwrap_or(&none), &self.settings, found);
        told.findings.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
        told.silenced.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
        told
    }

    /// Everything that is wrong, sorted by file, position and code.
    pub fn findings(&self) -> Vec<Diagnostic> {
        self.all_told().cloned().collect()
    }

    /// Everything that is wrong, sorted by file, position and code.
    pub fn all_told(&self) -> impl Iterator<Item = &Diagnostic> {
        self.said.all()
    }

    /// What comments silence, sorted likewise.
    pub fn all_silenced(&self) -> impl Iterator<Item = &Diagnostic> {
        self.said.silenced()
    }

    /// As [`Workspace::told`], but handed over and not copied: for whoever looks once, since nothing is told of it again.
    pub fn take_told(&mut self) -> Told {
        self.said.take()
    }

    /// As [`Workspace::findings`], with what comments silence.
    pub fn told(&self) -> Told {
        Told { findings: self.findings(), silenced: self.all_silenced().cloned().collect() }
    }

    /// Everything that is wrong for which a file is the first place to look, sorted by position and code.
    pub fn findings_of(&self, path: &FilePath) -> &[Diagnostic] {
        self.said.of(path)
    }

    /// The files whose findings are others than when this was last asked, sorted, each with what was said and what is now.
    pub fn take_changed(&mut self) -> Vec<FindingsChanged> {
        self.said.take_changed()
    }

    /// How much was found.
    pub fn totals(&self) -> Totals {
        self.said.totals()
    }

    /// A file's text, or the part of it that is text; `None` also where it is not held and is another by now.
    pub fn source(&self, path: &FilePath) -> Option<Source> {
        self.files.get(path)?.source(path, self.texts.as_deref())
    }

    /// Whether anything is known of a path.
    pub fn knows(&self, path: &FilePath) -> bool {
        self.files.contains_key(path)
    }

    /// Whether a sequence's text is these bytes.
    pub fn says(&self, path: &FilePath, bytes: &[u8]) -> bool {
        self.files.get(path).and_then(File::as_sequence).is_some_and(|(text, _)| text.is(bytes))
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// All sequences' summaries, sorted by file.
    pub fn summaries(&self) -> impl Iterator<Item = &Summary> {
        self.files.values().filter_map(File::summary)
    }

    /// The texts that were read as sequences, now or before, each with what came of it, sorted by file.
    pub fn readings(&self) -> impl Iterator<Item = (&Text, &Summary)> {
        self.files.values().filter_map(File::as_sequence).map(|(text, summary)| (text, &**summary))
    }

    /// The sequence in a file, as far as it can be read.
    pub fn sequence(&self, path: &FilePath) -> Option<Sequence> {
        let (text, summary) = self.files.get(path)?.as_sequence()?;
        sequence::read_alone(&text.source(path, self.texts.as_deref())?, summary.id.clone())
    }

    /// What operations are based on: the library as it was read, but for texts that are not held and are others by now.
    pub fn into_base(self) -> Base {
        let mut base = Base { settings: self.settings, ..Base::default() };
        for (path, file) in self.files {
            match file {
                File::Sequence { text, summary } => {
                    let source = text.source(&path, self.texts.as_deref());
                    base.sequences.extend(source.map(|source| (path, Held { source, summary })));
                }
                File::Tests { source, .. } => drop(base.tests.insert(path, source)),
                File::Script { source } => drop(base.scripts.insert(path, source)),
                File::Template { name } => drop(base.templates.insert(name)),
                File::Bad { declares: Some(summary), finding, .. } => {
                    drop(base.unreadable.insert(summary.id.clone(), *finding));
                }
                File::Settings { .. } | File::Bad { declares: None, .. } => {}
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
        self.counts
    }

    /// How much there is among files that count.
    pub fn counts_where(&self, counts: impl Fn(&FilePath) -> bool) -> Counts {
        let among = self.files.iter().filter(|(path, _)| counts(path));
        among.fold(Counts::default(), |counts, (_, file)| counts.with(Some(file)))
    }
}

/// What is taken in of each path, sorted by path: of several that tell of one the last counts.
fn last_of_each(mut changes: Vec<(FilePath, Taken)>) -> Vec<(FilePath, Taken)> {
    changes.sort_by(|(one, _), (other, _)| one.cmp(other));
    changes.dedup_by(|(later, taken), (earlier, kept)| {
        let is_same = later == earlier;
        if is_same {
            std::mem::swap(taken, kept);
        }
        is_same
    });
    changes
}

impl Counts {
    fn with(self, file: Option<&File>) -> Self {
        let Counts { files, sequences } = Self::of(file);
        Self { files: self.files + files, sequences: self.sequences + sequences }
    }

    fn without(self, file: Option<&File>) -> Self {
        let Counts { files, sequences } = Self::of(file);
        Self { files: self.files - files, sequences: self.sequences - sequences }
    }

    fn of(file: Option<&File>) -> Self {
        match file {
            Some(File::Sequence { .. }) => Self { files: 1, sequences: 1 },
            Some(File::Settings { .. } | File::Tests { .. } | File::Bad { .. }) => Self { files: 1, sequences: 0 },
            Some(File::Template { .. } | File::Script { .. }) | None => Self::default(),
        }
    }
}
