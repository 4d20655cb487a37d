//! How files stand to what is published of them.
//! In come the files that changed and whoever knows what is published; out come findings, those of others kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::check::{Summary, read_sequence};
use crate::diagnostic::Diagnostic;
use crate::lifecycle::rules::behind::behind;
use crate::lifecycle::{Comparison, Missing, Publications, Published, compare};
use crate::sequence::{Meaning, Sequence, SequenceId, State};
use crate::settings::Settings;
use crate::text::{FilePath, Location, Source};

/// What is published, and how each file stands to it.
#[derive(Default)]
pub(super) struct Standing {
    publications: Option<Box<dyn Publications>>,
    published: BTreeMap<SequenceId, Published>,
    /// Findings about files, by file.
    findings: BTreeMap<FilePath, Vec<Diagnostic>>,
    /// Files that say what an older version said.
    behind: BTreeMap<FilePath, (SequenceId, u32, Location)>,
    /// Findings about several files, or none.
    whole: Vec<Diagnostic>,
}

impl fmt::Debug for Standing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Standing").field("published", &self.published.keys()).finish_non_exhaustive()
    }
}

/// A sequence file, for judging.
pub(super) struct File<'a> {
    pub source: &'a Source,
    pub summary: &'a Summary,
}

impl Standing {
    /// Compares with what these publications tell from now on.
    pub(super) fn follow(&mut self, publications: Box<dyn Publications>) {
        *self = Self { publications: Some(publications), ..Self::default() };
    }

    /// Whether nothing is published, so that there is nothing to compare.
    pub(super) fn is_idle(&self) -> bool {
        self.publications.is_none()
    }

    /// Looks whether something else is published now; everything has to be judged again then.
    ///
    /// # Errors
    /// Why it cannot be told. What was known before counts on.
    pub(super) fn refresh(&mut self) -> Result<bool, String> {
        let Some(publications) = &mut self.publications else { return Ok(false) };
        let Some(published) = publications.refresh()? else { return Ok(false) };
        let changed = published != self.published;
        self.published = published;
        if changed {
            self.findings.clear();
            self.behind.clear();
        }
        Ok(changed)
    }

    /// Judges some files again, of which those that are `None` are no sequences, or gone.
    pub(super) fn judge<'a>(
        &mut self,
        files: impl Iterator<Item = (&'a FilePath, Option<File<'a>>)>,
        settings: &Settings,
        formerly: &dyn Fn(&str) -> Option<String>,
    ) {
        for (path, file) in files {
            self.findings.remove(path);
            self.behind.remove(path);
            if let Some(file) = file {
                self.judge_one(path, &file, settings, formerly);
            }
        }
    }

    fn judge_one(&mut self, path: &FilePath, file: &File<'_>, settings: &Settings, formerly: &dyn Fn(&str) -> Option<String>) {
        let id = &file.summary.id;
        // What could not be read whole was told of, and nobody knows what it says.
        let (Some(published), Some(meaning)) = (self.published.get(id), file.summary.meaning) else { return };
        if published.meaning == meaning && published.state == file.summary.state {
            return;
        }
        let Some(sequence) = read_sequence(file.source, id.clone(), settings).0 else { return };
        let resolve = |id: &str| formerly(id).unwrap_or_else(|| id.to_owned());
        let newest = || self.newest(id, published.number, settings, &resolve);
        let comparison = compare(&sequence, &Meaning::of(&sequence, &resolve), Some(published), newest);
        if let Comparison::Behind { version } = comparison {
            let at = sequence.version.as_ref().map_or(sequence.state.span, |version| version.span);
            self.behind.insert(path.clone(), (id.clone(), version, path.at(at)));
        }
        let findings = comparison.findings(&sequence, published);
        if !findings.is_empty() {
            self.findings.insert(path.clone(), findings);
        }
    }

    fn newest(
        &self,
        id: &SequenceId,
        number: u32,
        settings: &Settings,
        resolve: &dyn Fn(&str) -> String,
    ) -> Option<(Sequence, Meaning)> {
        let text = self.publications.as_ref()?.text(id, number)?;
        let source = Source::new(FilePath::new(format!("{id}.yaml")), text.to_string());
        let sequence = read_sequence(&source, id.clone(), settings).0?;
        let meaning = Meaning::of(&sequence, resolve);
        Some((sequence, meaning))
    }

    /// Judges what is about several files, or about one that is gone. `present` are the ids that files declare.
    pub(super) fn judge_whole(&mut self, present: &BTreeSet<&SequenceId>, summaries: &[&Summary]) {
        let live = self.published.iter().filter(|(id, published)| published.state != State::Inactive && !present.contains(id));
        let missing = live.map(|(id, published)| Missing { sequence: id, renamed: self.renamed(id, published, summaries) });
        let behind_files: Vec<(SequenceId, u32, Location)> = self.behind.values().cloned().collect();
        self.whole = missing.map(|missing| missing.finding()).chain(behind(&behind_files)).collect();
    }

    /// The file that holds a sequence under another id now: it says so, or it says the same.
    fn renamed<'s>(
        &self,
        id: &SequenceId,
        published: &Published,
        summaries: &[&'s Summary],
    ) -> Option<(&'s SequenceId, &'s FilePath)> {
        let is_it = |summary: &&&Summary| {
            summary.formerly.iter().any(|former| former.value == id.as_str()) || summary.meaning == Some(published.meaning)
        };
        let unpublished = summaries.iter().filter(|summary| !self.published.contains_key(&summary.id));
        unpublished.filter(is_it).map(|summary| (&summary.id, &summary.file)).next()
    }

    /// Everything that was found.
    pub(super) fn findings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.values().flatten().chain(&self.whole)
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Code;
    use std::sync::{Arc, Mutex};

    use super::*;
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
