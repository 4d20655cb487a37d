//! How files stand to what is published of them.
//! In come the files that changed and whoever knows what is published; out come findings, those of others kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use crate::check::stale_renamed_from::since_published;
use crate::check::{Library, Rename, Summary};
use crate::diagnostic::{Code, Diagnostic};
use crate::lifecycle::rules::behind::behind;
use crate::lifecycle::{Comparison, Missing, Publications, Published, compare};
use crate::sequence::{self, Meaning, Sequence, SequenceId, State};
use crate::text::{Digest, FilePath, Location, Source};

use super::file::File;
use super::memory::Texts;
use super::running::{Beside, Extent, Running};

/// What is published, and how each file stands to it.
#[derive(Default)]
pub(super) struct Standing {
    publications: Option<Box<dyn Publications>>,
    published: BTreeMap<SequenceId, Published>,
    /// Findings about files, by file.
    findings: BTreeMap<FilePath, Vec<Diagnostic>>,
    /// Files that say something else than what is published. Which sequences they reach is part of how they are compared.
    apart: BTreeSet<FilePath>,
    /// Files that say what an older version said.
    behind: BTreeMap<FilePath, (SequenceId, u32, Location)>,
    /// Sequences that are live and have no file.
    missing: BTreeSet<SequenceId>,
    /// Where to look for a sequence under another id: the files by what they say.
    meanings: HashMap<Digest, BTreeSet<FilePath>>,
    meaning_of: HashMap<FilePath, Digest>,
    /// Findings about several files, or none, by the file where they stand.
    whole: BTreeMap<FilePath, Vec<Diagnostic>>,
    /// What runs, beside the settings.
    running: Running,
}

/// What there is to hear of what is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// All is as it was.
    None,
    /// Connections may run on other versions, or in other numbers.
    Running,
    /// Something else is published; everything has to be judged again.
    Published,
}

impl fmt::Debug for Standing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Standing").field("published", &self.published.keys()).finish_non_exhaustive()
    }
}

/// What files are compared on the ground of.
pub(super) struct Ground<'a> {
    pub files: &'a BTreeMap<FilePath, File>,
    pub texts: Option<&'a dyn Texts>,
    pub library: &'a Library,
}

impl Ground<'_> {
    /// A file's text, or the part of it that is text; `None` also where it is not held and is another by now.
    pub(super) fn source(&self, path: &FilePath) -> Option<Source> {
        self.files.get(path)?.source(path, self.texts)
    }

    /// The id by which a sequence is reached that is referred to as `id`. An id in use means that sequence, whoever had it
    /// before.
    fn resolve(&self, id: &str) -> String {
        let renamed = if self.library.sequence(id).is_some() { None } else { self.library.renamed_from(id) };
        renamed.map_or_else(|| id.to_owned(), |summary| summary.id.to_string())
    }
}

impl Standing {
    /// Compares with what these publications tell from now on. Returns the files of which nothing is said any more.
    pub(super) fn follow(&mut self, publications: Box<dyn Publications>) -> BTreeSet<FilePath> {
        let before = std::mem::replace(self, Self { publications: Some(publications), ..Self::default() });
        before.findings.into_keys().chain(before.whole.into_keys()).chain(before.running.files()).collect()
    }

    /// Looks whether something else is published now, or runs.
    ///
    /// # Errors
    /// Why it cannot be told. What was known before counts on.
    pub(super) fn refresh(&mut self) -> Result<News, String> {
        let Some(publications) = &mut self.publications else { return Ok(News::None) };
        let Some(published) = publications.refresh()? else { return Ok(News::None) };
        self.running.follow(&published, publications.running()?);
        if published == self.published {
            return Ok(News::Running);
        }
        self.published = published;
        Ok(News::Published)
    }

    /// Judges what runs, by the settings as they stand now: all of it, or what is new since. Returns the files of which
    /// something else may be said than before.
    pub(super) fn judge_running(&mut self, extent: Extent, ground: &Ground<'_>) -> BTreeSet<FilePath> {
        let Some(publications) = &self.publications else { return BTreeSet::new() };
        let beside = Beside { publications: &**publications, files_by_meaning: &self.meanings, ground };
        self.running.judge(extent, &beside)
    }

    /// Judges everything. Returns the files of which something else may be said than before.
    pub(super) fn judge_all(&mut self, ground: &Ground<'_>) -> BTreeSet<FilePath> {
        let ids: Vec<Arc<str>> = self.published.keys().chain(&self.missing).map(|id| Arc::from(id.as_str())).collect();
        self.judge(&ground.files.keys().cloned().collect(), &ids, ground)
    }

    /// Judges again the files that changed, and what the ids can have changed that came, went or were handed on: references in
    /// any file may reach another sequence than they did. Costs what changed and what differs from what is published, however
    /// many files there are. Returns the files of which something else may be said than before.
    pub(super) fn judge(&mut self, files: &BTreeSet<FilePath>, ids: &[Arc<str>], ground: &Ground<'_>) -> BTreeSet<FilePath> {
        if self.publications.is_none() {
            return BTreeSet::new();
        }
        let apart = if ids.is_empty() { BTreeSet::new() } else { self.apart.clone() };
        let mut touched = BTreeSet::new();
        let (mut other_behind, mut other_meaning) = (false, false);
        for path in files.union(&apart) {
            let file = ground.files.get(path);
            other_meaning |= self.follow_meaning(path, file.and_then(File::summary));
            let was_behind = self.behind.remove(path);
            let had_findings = self.findings.remove(path).is_some();
            self.apart.remove(path);
            if let Some((_, summary)) = file.and_then(File::as_sequence) {
                self.judge_one(path, summary, ground);
            }
            other_behind |= was_behind.as_ref() != self.behind.get(path);
            if had_findings || self.findings.contains_key(path) {
                touched.insert(path.clone());
            }
        }
        self.follow_ids(ids, ground.library);
        if other_behind || !ids.is_empty() || (other_meaning && !self.missing.is_empty()) {
            self.judge_whole(ground.library, &mut touched);
        }
        touched
    }

    fn judge_one(&mut self, path: &FilePath, summary: &Summary, ground: &Ground<'_>) {
        let id = &summary.id;
        // What could not be read whole was told of, and nobody knows what it says.
        let (Some(published), Some(meaning)) = (self.published.get(id), summary.meaning) else { return };
        let mut findings = Vec::new();
        if published.meaning == meaning && published.state == summary.state {
            findings.extend(self.stale_renames(summary, published, ground));
        } else {
            self.apart.insert(path.clone());
            let source = ground.source(path);
            let Some(sequence) = source.and_then(|source| sequence::read_alone(&source, id.clone())) else { return };
            let resolve = |id: &str| ground.resolve(id);
            let newest = || {
                let newest = self.newest(id, published.number)?;
                let meaning = Meaning::of(&newest, &resolve);
                Some((newest, meaning))
            };
            let comparison = compare(&sequence, &Meaning::of(&sequence, &resolve), Some(published), newest);
            match comparison {
                Comparison::Behind { version } => {
                    let at = sequence.version.as_ref().map_or(sequence.state.span, |version| version.span);
                    self.behind.insert(path.clone(), (id.clone(), version, path.at(at)));
                }
                // Of versions in between, of which nobody here knows, it may be true.
                Comparison::Ahead { .. } | Comparison::Unpublished => {}
                Comparison::InStep
                | Comparison::Draft
                | Comparison::Pending(_)
                | Comparison::Edited(_)
                | Comparison::VersionTaken { .. } => {
                    findings.extend(self.stale_renames(summary, published, ground));
                }
            }
            findings.extend(comparison.findings(&sequence, published));
        }
        if !findings.is_empty() {
            self.findings.insert(path.clone(), findings);
        }
    }

    /// Steps that say what they were called before, and whose new names are out. What the file itself is told of counts first.
    fn stale_renames(&self, summary: &Summary, published: &Published, ground: &Ground<'_>) -> Vec<Diagnostic> {
        if summary.renames.is_empty() {
            return Vec::new();
        }
        let Some(source) = ground.source(&summary.file) else { return Vec::new() };
        let is_told = |rename: &&Rename| {
            let here = source.at(rename.former.span);
            summary.findings.iter().any(|finding| finding.code == Code::StaleRenamedFrom && finding.primary == here)
        };
        let Some(newest) = self.newest(&summary.id, published.number) else { return Vec::new() };
        let renames = summary.renames.iter().filter(|rename| !is_told(rename));
        renames.filter_map(|rename| since_published(rename, &source, &newest, published.number)).collect()
    }

    fn newest(&self, id: &SequenceId, number: u32) -> Option<Sequence> {
        let text = self.publications.as_ref()?.text(id, number)?;
        sequence::read_published(&text, id)
    }

    /// Notes what a file says now, and tells whether it said something else before.
    fn follow_meaning(&mut self, path: &FilePath, summary: Option<&Summary>) -> bool {
        let now = summary.and_then(|summary| summary.meaning);
        let before = match now {
            Some(meaning) => self.meaning_of.insert(path.clone(), meaning),
            None => self.meaning_of.remove(path),
        };
        if before == now {
            return false;
        }
        if let Some(before) = before
            && let Some(files) = self.meanings.get_mut(&before)
        {
            files.remove(path);
            if files.is_empty() {
                self.meanings.remove(&before);
            }
        }
        if let Some(now) = now {
            self.meanings.entry(now).or_default().insert(path.clone());
        }
        true
    }

    fn follow_ids(&mut self, ids: &[Arc<str>], library: &Library) {
        for id in ids.iter().filter_map(|id| SequenceId::parse(id)) {
            let is_live = self.published.get(&id).is_some_and(|published| published.state != State::Inactive);
            if is_live && library.sequence(id.as_str()).is_none() {
                self.missing.insert(id);
            } else {
                self.missing.remove(&id);
            }
        }
    }

    /// Judges what is about several files, or about one that is gone.
    fn judge_whole(&mut self, library: &Library, touched: &mut BTreeSet<FilePath>) {
        touched.extend(std::mem::take(&mut self.whole).into_keys());
        let published = self.missing.iter().filter_map(|id| Some((id, self.published.get(id)?)));
        let missing = published.map(|(id, published)| Missing { sequence: id, renamed: self.renamed(id, published, library) });
        let behind_files: Vec<(SequenceId, u32, Location)> = self.behind.values().cloned().collect();
        let findings: Vec<Diagnostic> = missing.map(|missing| missing.finding()).chain(behind(&behind_files)).collect();
        for finding in findings {
            touched.insert(finding.primary.file.clone());
            self.whole.entry(finding.primary.file.clone()).or_default().push(finding);
        }
    }

    /// The file that holds a sequence under another id now: it says so, or it says the same.
    fn renamed<'l>(
        &self,
        id: &SequenceId,
        published: &Published,
        library: &'l Library,
    ) -> Option<(&'l SequenceId, &'l FilePath)> {
        let same = self.meanings.get(&published.meaning).into_iter().flatten().filter_map(|file| library.summary(file));
        let candidates = library.all_renamed_from(id.as_str()).chain(same);
        let unpublished = candidates.filter(|summary| !self.published.contains_key(&summary.id));
        unpublished.map(|summary| (&summary.id, &summary.file)).min_by_key(|(_, file)| *file)
    }

    /// What was found for which a file is the first place to look.
    pub(super) fn findings_of(&self, path: &FilePath) -> impl Iterator<Item = &Diagnostic> {
        self.findings.get(path).into_iter().chain(self.whole.get(path)).flatten().chain(self.running.findings_of(path))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::check::read_sequence;
    use crate::settings::Settings;
    use crate::workspace::{Content, Workspace};

    /// Whoever knows one version of one sequence, and tells of it once.
    struct Known {
        text: Arc<str>,
        untold: Mutex<Option<BTreeMap<SequenceId, Published>>>,
    }

    impl Publications for Known {
        fn refresh(&mut self) -> Result<Option<BTreeMap<SequenceId, Published>>, String> {
            Ok(self.untold.lock().map_err(|error| error.to_string())?.take())
        }

        fn running(&self) -> Result<BTreeSet<(SequenceId, u32)>, String> {
            Ok(BTreeSet::new())
        }

        fn connections(&self, _: &SequenceId, _: u32) -> u64 {
            0
        }

        fn text(&self, _: &SequenceId, _: u32) -> Option<Arc<str>> {
            Some(Arc::clone(&self.text))
        }
    }

    fn passing_on_to(target: &str) -> String {
        format!(
            "name: First\nrecord_type: lead\nowner: ana\nstate: active\nversion: 1\nsteps:\n  - {{id: call, type: task, name: C}}\n  \
             - {{id: on, type: advance_to, sequence: {target}}}\n"
        )
    }

    /// A workspace in which `first` was published when it passed records on to `older`.
    fn workspace() -> Workspace {
        let (text, id) = (passing_on_to("older"), SequenceId::parse("first").expect("it is an id"));
        let source = Source::new(FilePath::new("sequences/first.yaml"), text.clone());
        let meaning = read_sequence(&source, id.clone(), &Settings::default()).1.meaning.expect("all of it can be read");
        let published = Published { state: State::Active, number: 1, meaning, message: None, versions: vec![(1, meaning)] };
        let untold = Mutex::new(Some(BTreeMap::from([(id, published)])));
        let mut workspace = Workspace::new();
        workspace.follow(Box::new(Known { text: text.into(), untold }));
        workspace.refresh().expect("it is told");
        workspace
    }

    fn saved(path: &str, text: &str) -> Vec<(FilePath, Content)> {
        vec![(FilePath::new(path), Content::Bytes(text.as_bytes().to_vec()))]
    }

    #[test]
    fn a_rename_that_is_saved_file_by_file_ends_where_a_fresh_look_does() {
        const RENAMED: &str =
            "name: Old\nrecord_type: lead\nowner: ana\nformerly: [older]\nsteps: [{id: call, type: task, name: C}]\n";
        let (first, old) = (saved("sequences/first.yaml", &passing_on_to("old")), saved("sequences/old.yaml", RENAMED));
        let mut step_by_step = workspace();
        step_by_step.update(first.clone());
        step_by_step.update(old.clone());
        let mut fresh = workspace();
        fresh.update(first.into_iter().chain(old).collect());
        assert_eq!(step_by_step.findings(), fresh.findings());
        // That the target serves nobody is another matter.
        assert!(fresh.findings().iter().all(|finding| finding.code == Code::InactiveTarget), "{:?}", fresh.findings());
    }
}
