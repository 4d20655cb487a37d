//! Mends what is certain: applies safe fixes to a workspace, and judges it again before anybody gets a text.
//! In come a workspace and what of its findings is to be mended; out come the new texts, what they mend, and what was left
//! as it is and why. Never makes anything worse, and never changes what a sequence says that can be read.
//!
//! A round takes one safe fix after the other as long as they do not touch each other; the next round sees the new texts. A
//! round that does not come to what it should is taken back, and its fixes are tried one by one.

mod proof;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::operation::FileChange;
use crate::text::{FilePath, Source, Span};
use crate::workspace::{Content, Workspace};

use proof::{Proof, check};

pub use proof::Doubt;

/// How many rounds there are at most. Each mends something or finds that something is not to be mended.
const MAX_ROUNDS: usize = 200;

/// What became of a workspace.
#[derive(Debug, Default)]
pub struct Mended {
    /// The files that say something else now, sorted.
    pub files: Vec<FileChange>,
    /// The findings that are gone by it.
    pub fixed: Vec<Diagnostic>,
    /// Findings whose fix was not kept, and why.
    pub left: Vec<(Diagnostic, Doubt)>,
}

/// Applies the safe fixes of all findings that are wanted, and of those that come to light by it.
pub fn mend(workspace: &mut Workspace, is_wanted: &dyn Fn(&Diagnostic) -> bool) -> Mended {
    let mut run = Run {
        workspace,
        is_wanted,
        before: BTreeMap::new(),
        refused: BTreeSet::new(),
        live: BTreeSet::new(),
        mended: Mended::default(),
    };
    for _ in 0..MAX_ROUNDS {
        if !run.round() {
            break;
        }
    }
    run.finish()
}

/// Whether a finding has a fix that may be applied without a look, in its own file.
pub fn is_mendable(finding: &Diagnostic) -> bool {
    safe_fix(finding).is_some()
}

fn safe_fix(finding: &Diagnostic) -> Option<&Fix> {
    let is_here = |edit: &Edit| edit.location.file == finding.primary.file;
    finding.fix.as_ref().filter(|fix| fix.safe && !fix.edits.is_empty() && fix.edits.iter().all(is_here))
}

/// A finding as it is known from round to round: its place moves, its words do not.
type Name = (FilePath, &'static str, String, Vec<String>);

fn name(finding: &Diagnostic) -> Name {
    let texts = safe_fix(finding).map(|fix| fix.edits.iter().map(|edit| edit.text.clone()).collect());
    (finding.primary.file.clone(), finding.code.name(), finding.message.clone(), texts.unwrap_or_default())
}

/// The fixes of one round, by file.
type Batch = BTreeMap<FilePath, Vec<Diagnostic>>;

struct Run<'a> {
    workspace: &'a mut Workspace,
    is_wanted: &'a dyn Fn(&Diagnostic) -> bool,
    /// The texts as they were before the first round.
    before: BTreeMap<FilePath, Source>,
    refused: BTreeSet<Name>,
    /// Files that say what is live, or would say something else: what could not be read in them stays so.
    live: BTreeSet<FilePath>,
    mended: Mended,
}

impl Run<'_> {
    /// One round; says whether there was anything to do.
    fn round(&mut self) -> bool {
        let batch = self.plan();
        if batch.is_empty() {
            return false;
        }
        if self.attempt(&batch).is_ok() {
            return true;
        }
        for (file, fixes) in batch {
            match self.attempt(&Batch::from([(file.clone(), fixes.clone())])) {
                Ok(()) => {}
                Err(Doubt::Published) => self.leave_live(file),
                Err(doubt) if fixes.len() == 1 => self.refuse(&fixes[0], doubt),
                Err(_) => self.one_by_one(&file, fixes),
            }
        }
        true
    }

    /// Takes back what was mended in a file, and mends from now on only what changes nothing of what it says.
    fn leave_live(&mut self, file: FilePath) {
        if let Some(before) = self.before.remove(&file) {
            self.update(std::iter::once(&before));
        }
        self.mended.fixed.retain(|finding| finding.primary.file != file);
        self.live.insert(file);
    }

    fn refuse(&mut self, finding: &Diagnostic, doubt: Doubt) {
        self.refused.insert(name(finding));
        self.mended.left.push((finding.clone(), doubt));
    }

    fn is_kept_as_it_is(&self, finding: &Diagnostic) -> bool {
        finding.code.is_of_reading() && self.live.contains(&finding.primary.file)
    }

    /// The first of a file's fixes that holds alone; those before it do not.
    fn one_by_one(&mut self, file: &FilePath, fixes: Vec<Diagnostic>) {
        for finding in fixes {
            match self.attempt(&Batch::from([(file.clone(), vec![finding.clone()])])) {
                // The others' places have moved: the next round finds them.
                Ok(()) => return,
                Err(Doubt::Published) => return self.leave_live(file.clone()),
                Err(doubt) => self.refuse(&finding, doubt),
            }
        }
    }

    /// Safe fixes that do not touch each other, in the order of the findings.
    fn plan(&self) -> Batch {
        let mut batch = Batch::new();
        let mut taken: BTreeMap<FilePath, Vec<Span>> = BTreeMap::new();
        for finding in self.workspace.findings() {
            let is_wanted = (self.is_wanted)(&finding) && !self.is_kept_as_it_is(&finding);
            let Some(fix) = safe_fix(&finding).filter(|_| is_wanted) else { continue };
            let spans: Vec<Span> = fix.edits.iter().map(|edit| edit.location.span).collect();
            let taken = taken.entry(finding.primary.file.clone()).or_default();
            if taken.iter().any(|other| spans.iter().any(|span| span.touches(*other))) || self.refused.contains(&name(&finding)) {
                continue;
            }
            taken.extend(spans);
            batch.entry(finding.primary.file.clone()).or_default().push(finding);
        }
        batch
    }

    /// Applies some fixes and keeps them if they hold.
    fn attempt(&mut self, batch: &Batch) -> Result<(), Doubt> {
        let mut changes = Vec::new();
        for (file, fixes) in batch {
            let Some(before) = self.workspace.source(file) else { return Err(Doubt::Unread) };
            let after = applied(&before, fixes).ok_or(Doubt::Unread)?;
            changes.push((before, Source::new(file.clone(), after)));
        }
        let before = Proof::of(self.workspace, batch.keys());
        self.update(changes.iter().map(|(_, after)| after));
        let after = Proof::of(self.workspace, batch.keys());
        if let Err(doubt) = check(&before, &after, &changes, batch) {
            self.update(changes.iter().map(|(before, _)| before));
            return Err(doubt);
        }
        for (before, _) in changes {
            self.before.entry(before.path().clone()).or_insert(before);
        }
        self.mended.fixed.extend(batch.values().flatten().cloned());
        Ok(())
    }

    fn update<'s>(&mut self, sources: impl Iterator<Item = &'s Source>) {
        let content = |source: &Source| Content::Bytes(source.text().as_bytes().to_vec());
        self.workspace.update(sources.map(|source| (source.path().clone(), content(source))).collect());
    }

    fn finish(mut self) -> Mended {
        let text = |source: &Source| -> Arc<str> { Arc::from(source.text()) };
        let changed = self.before.iter().filter_map(|(path, before)| {
            let after = self.workspace.source(path)?;
            let change = FileChange { path: path.clone(), before: Some(text(before)), after: Some(text(&after)) };
            (before.text() != after.text()).then_some(change)
        });
        self.mended.files = changed.collect();
        let is_left = |finding: &Diagnostic| is_mendable(finding) && (self.is_wanted)(finding) && self.is_kept_as_it_is(finding);
        let left: Vec<Diagnostic> = self.workspace.findings().into_iter().filter(is_left).collect();
        self.mended.left.extend(left.into_iter().map(|finding| (finding, Doubt::Published)));
        self.mended
    }
}

/// A text with the edits of some fixes, which do not touch each other. `None` where one does not lie in the text.
fn applied(source: &Source, fixes: &[Diagnostic]) -> Option<String> {
    let mut edits: Vec<&Edit> = fixes.iter().filter_map(safe_fix).flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| edit.location.span);
    let text = source.text();
    let mut written = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.location.span.range();
        written.push_str(text.get(at..range.start)?);
        written.push_str(&edit.text);
        at = range.end;
    }
    written.push_str(text.get(at..)?);
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    fn workspace(files: &[(&str, &str)]) -> Workspace {
        let mut workspace = Workspace::new();
        let content = |(path, text): &(&str, &str)| (FilePath::new(*path), Content::Bytes(text.as_bytes().to_vec()));
        workspace.update(files.iter().map(content).collect());
        workspace
    }

    fn mended(text: &str) -> (String, Vec<Code>, Vec<Code>) {
        let path = "sequences/a.yaml";
        let mut workspace = workspace(&[(path, text)]);
        let mended = mend(&mut workspace, &|_| true);
        let after = workspace.source(&FilePath::new(path)).expect("it is there").text().to_owned();
        let codes = |findings: Vec<Diagnostic>| findings.into_iter().map(|finding| finding.code).collect();
        (after, codes(mended.fixed), codes(workspace.findings()))
    }

    const HEAD: &str = "name: A\nrecord_type: lead\nowner: ana\n";

    #[test]
    fn what_a_mended_line_hid_is_mended_in_the_next_round() {
        let text = format!("{HEAD}skip_non_working_days: yes\nsteps:\n  - id: a\n    type:task\n    name: Re: you\n");
        let (after, fixed, left) = mended(&text);
        let expected = format!("{HEAD}skip_non_working_days: true\nsteps:\n  - id: a\n    type: task\n    name: 'Re: you'\n");
        assert_eq!(after, expected);
        assert_eq!((fixed.len(), left), (3, Vec::new()));
    }

    #[test]
    fn what_comes_to_light_is_left_and_told() {
        let text = format!("{HEAD}steps:\n  - id: a\n    type:task\n    name: A\n  - id: b\n    type:wait\n    for: 2d\n");
        let (after, fixed, left) = mended(&text);
        assert!(after.contains("type: task") && after.contains("type: wait"), "{after}");
        assert_eq!((fixed.len(), left), (2, vec![Code::TrailingWait]));
    }

    #[test]
    fn a_mend_in_the_settings_counts_for_all() {
        let sequence = format!("{HEAD}steps:\n  - {{id: a, type: task, name: A}}\n");
        let mut workspace =
            workspace(&[("segue.yaml", "skip_non_working_days: off\ntemplates: []\n"), ("sequences/a.yaml", &sequence)]);
        assert_eq!(mend(&mut workspace, &|_| true).files.len(), 1);
        assert!(workspace.settings().is_whole);
    }

    #[test]
    fn only_what_is_wanted_is_mended() {
        let text = format!("{HEAD}# segue: ignore[trailing-wait] no more\nskip_non_working_days: yes\nsteps: []\n");
        let path = FilePath::new("sequences/a.yaml");
        let mut workspace = workspace(&[(path.as_str(), &text)]);
        let mended = mend(&mut workspace, &|finding| finding.code == Code::WrongType);
        assert_eq!(mended.fixed.len(), 1);
        assert!(workspace.source(&path).is_some_and(|source| source.text().contains("segue: ignore")));
    }
}
