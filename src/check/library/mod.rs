//! All sequences of a workspace by their summaries, who names whom, and what was found between them.
//!
//! In come summaries that are new, changed or gone; out come the findings between files, the same as if every summary had
//! come just now. A file is judged again if it changed itself, if a name that it uses means another file or something else of
//! that file, or if a finding about it points into a file that changed. So a change costs what depends on it, however many
//! files there are; a library that is filled for the first time goes the same way, with everything new.

mod groups;
mod names;
mod rounds;
mod summaries;
mod tags;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::{HashMap, HashSet};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use crate::diagnostic::{Diagnostic, Findings};
use crate::settings::Settings;
use crate::text::{FilePath, Located};

use super::rules::{LIBRARY_RULES, TAG_RULES};
use super::scene::rests_on_settings;
use super::summary::{Advance, Summary};

pub(super) use groups::groups;
pub(super) use tags::TagsOfLevel;

use names::{Names, Tie, Turns};
use rounds::Rounds;
use summaries::{FileNumber, Summaries};
use tags::Tags;

/// So many files are worth another core.
const MANY_FILES: usize = 64;

/// What a rule about several files may look at, and what these rules found.
#[derive(Debug, Default)]
pub struct Library {
    settings: Arc<Settings>,
    summaries: Summaries,
    ids: Names,
    display_names: Names,
    templates: Names,
    /// Findings about each file that has any, rounds aside.
    findings: HashMap<FilePath, Vec<Diagnostic>>,
    rounds: Rounds,
    tags: Tags,
    /// Findings about the tags of all files, by the file where they stand.
    tag_findings: BTreeMap<FilePath, Vec<Diagnostic>>,
    /// Whether some file has other tags, or has them elsewhere, than when they were last judged.
    other_tags: bool,
    /// Whose findings have a place in a file, other than the file itself.
    pointers: HashMap<FilePath, HashSet<Owner>>,
    /// What changed since the last judgement, in the order in which it came.
    changes: Vec<Change>,
    /// Whether the settings changed since the last judgement.
    other_settings: bool,
}

/// What became of a file.
#[derive(Debug)]
struct Change {
    file: FilePath,
    number: FileNumber,
    before: Option<Arc<Summary>>,
    now: Option<Arc<Summary>>,
}

/// What became of the names of each kind.
#[derive(Debug)]
struct TurnsOfAll {
    ids: Turns,
    display_names: Turns,
    templates: Turns,
}

/// What findings between files are about, so that they can be replaced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Owner {
    File(FilePath),
    Round(u64),
}

impl Library {
    /// An empty library.
    pub fn new(settings: Arc<Settings>) -> Self {
        let mut library = Self::default();
        library.judge_by(settings);
        library
    }

    /// Judges everything by other settings from the next judgement on.
    pub fn judge_by(&mut self, settings: Arc<Settings>) {
        let before = std::mem::replace(&mut self.settings, settings);
        before.templates.iter().for_each(|name| self.templates.untie(name, Tie::Declares(&before.file)));
        let file = &self.settings.file;
        self.settings.templates.iter().for_each(|name| self.templates.tie(name, Tie::Declares(file)));
        self.other_settings = true;
    }

    /// Takes in what a file declares and refers to now; `None` where there is no sequence in it any more.
    pub fn put(&mut self, file: &FilePath, summary: Option<Arc<Summary>>) {
        if summary.is_none() && self.summaries.get(file).is_none() {
            return;
        }
        let (number, before) = self.summaries.put(file, summary.clone());
        self.changes.push(Change { file: file.clone(), number, before, now: summary });
    }

    /// Notes that a file is a message template of that name.
    pub fn put_template(&mut self, name: &str, file: &FilePath) {
        self.templates.tie(name, Tie::Declares(file));
    }

    /// Notes that a file is no message template of that name any more.
    pub fn remove_template(&mut self, name: &str, file: &FilePath) {
        self.templates.untie(name, Tie::Declares(file));
    }

    /// Judges again whatever can have changed since this was last asked. Returns the files whose findings may be others now,
    /// and the ids by which other sequences than before are reached.
    pub fn judge(&mut self) -> Judged {
        let changes = merged(std::mem::take(&mut self.changes));
        let turns = self.follow_names(&changes);
        let mut stale: BTreeSet<Owner> = changes.iter().map(|change| Owner::File(change.file.clone())).collect();
        for owners in changes.iter().filter_map(|change| self.pointers.get(&change.file)) {
            stale.extend(owners.iter().cloned());
        }
        let rerouted = changes.iter().filter(|change| change.is_rerouted());
        let mut rerouted: BTreeSet<FilePath> = rerouted.map(|change| change.file.clone()).collect();
        // Where everything is new, as at the start, everybody is stale already.
        let all_new = changes.len() == self.summaries.len() && changes.iter().all(|change| change.before.is_none());
        if !all_new {
            self.find_stale(&changes, &turns, &mut stale, &mut rerouted);
        }
        let mut judged = Judged {
            files: BTreeSet::new(),
            templates: !turns.templates.turned.is_empty(),
            ids: turns.ids.turned.into_iter().map(|turn| turn.name).collect(),
        };
        if std::mem::take(&mut self.other_settings) {
            stale.extend(self.summaries.paths().cloned().map(Owner::File));
            self.other_tags = true;
        }
        if std::mem::take(&mut self.other_tags) {
            self.judge_tags(&mut judged.files);
        }
        self.judge_rounds(&rerouted, &stale, &mut judged.files);
        self.judge_files(stale, &mut judged.files);
        judged
    }

    /// Follows what the changed files name, each kind of name by itself, and tells what became of the names.
    fn follow_names(&mut self, changes: &[Change]) -> TurnsOfAll {
        let Self { ids, display_names, templates, tags, other_tags, .. } = self;
        let follow = |names: &mut Names, each: EachName| {
            for Change { number, before, now, .. } in changes {
                if let Some(before) = before {
                    each(before, *number, &mut |name, tie| names.untie(name, tie));
                }
                if let Some(now) = now {
                    each(now, *number, &mut |name, tie| names.tie(name, tie));
                }
            }
            names.settle()
        };
        let follow_tags = || {
            for Change { file, before, now, .. } in changes {
                let (before, now) = (tags_of(before.as_ref()), tags_of(now.as_ref()));
                if before != now {
                    before.iter().for_each(|tag| tags.untie(&tag.value, file));
                    now.iter().for_each(|tag| tags.tie(&tag.value, file));
                    *other_tags = true;
                }
            }
        };
        let (with_tags, with_ids) = at_once(
            changes,
            || at_once(changes, || follow(templates, each_template), follow_tags),
            || at_once(changes, || follow(ids, each_id), || follow(display_names, each_display_name)),
        );
        let ((templates, ()), (ids, display_names)) = (with_tags, with_ids);
        TurnsOfAll { ids, display_names, templates }
    }

    /// Adds those who use a name that means something else now.
    fn find_stale(&self, changes: &[Change], turns: &TurnsOfAll, stale: &mut BTreeSet<Owner>, rerouted: &mut BTreeSet<FilePath>) {
        let mut add = |files: &mut dyn Iterator<Item = &FilePath>| stale.extend(files.cloned().map(Owner::File));
        for turn in &turns.ids.turned {
            add(&mut self.referring(&self.ids, &turn.name));
            if turn.other_first {
                add(&mut self.ids.declaring(&turn.name));
                rerouted.extend(self.referring(&self.ids, &turn.name).cloned());
            }
        }
        for name in &turns.ids.other_suggestion {
            add(&mut self.referring(&self.ids, name));
        }
        for Change { before, now, .. } in changes {
            if let (Some(before), Some(now)) = (before, now)
                && !looks_alike(before, now)
            {
                add(&mut self.referring(&self.ids, now.id.as_str()));
            }
        }
        for turn in &turns.display_names.turned {
            add(&mut self.display_names.declaring(&turn.name));
        }
        let turns = &turns.templates;
        let turned = turns.turned.iter().map(|turn| &turn.name).chain(&turns.other_suggestion);
        // Where nobody declares any template, all are taken as they are.
        let asked = self.templates.asked().filter(|_| turns.first_or_last);
        for name in turned.chain(asked) {
            add(&mut self.referring(&self.templates, name));
        }
    }

    fn judge_files(&mut self, stale: BTreeSet<Owner>, touched: &mut BTreeSet<FilePath>) {
        let files: Vec<FilePath> = stale
            .into_iter()
            .filter_map(|owner| match owner {
                Owner::File(file) => Some(file),
                Owner::Round(_) => None,
            })
            .collect();
        let judge = |file: FilePath| {
            let findings = self.summaries.get(&file).map(|summary| self.judge_file(summary)).unwrap_or_default();
            (file, findings)
        };
        let judged: Vec<(FilePath, Vec<Diagnostic>)> = files.into_par_iter().with_min_len(MANY_FILES).map(judge).collect();
        for (file, findings) in judged {
            self.replace(file, findings, touched);
        }
    }

    fn judge_tags(&mut self, touched: &mut BTreeSet<FilePath>) {
        let mut findings: BTreeMap<FilePath, Vec<Diagnostic>> = BTreeMap::new();
        for finding in TAG_RULES.iter().flat_map(|rule| rule(self)) {
            findings.entry(finding.primary.file.clone()).or_default().push(finding);
        }
        touched.extend(self.tag_findings.keys().chain(findings.keys()).cloned());
        self.tag_findings = findings;
    }

    fn judge_file(&self, summary: &Summary) -> Vec<Diagnostic> {
        let found = LIBRARY_RULES.iter().flat_map(|rule| rule(summary, self));
        let mut findings = Findings::default();
        findings.extend(found.filter(|finding| self.settings.is_whole || !rests_on_settings(finding.code)));
        findings.into_vec()
    }

    fn replace(&mut self, file: FilePath, findings: Vec<Diagnostic>, touched: &mut BTreeSet<FilePath>) {
        let before = if findings.is_empty() { self.findings.remove(&file) } else { self.findings.insert(file.clone(), findings) };
        let now = self.findings.get(&file);
        if now.is_none() && before.is_none() {
            return;
        }
        let owner = Owner::File(file.clone());
        unpoint(&mut self.pointers, &owner, before.iter().flatten());
        point(&mut self.pointers, &owner, now.into_iter().flatten());
        touched.insert(file);
    }

    /// What was found between a file and others, for which the file is the first place to look.
    pub fn findings_of(&self, file: &FilePath) -> impl Iterator<Item = &Diagnostic> {
        let of_files = self.findings.get(file).into_iter().chain(self.tag_findings.get(file)).flatten();
        of_files.chain(self.rounds.findings_of(file))
    }

    /// Everything that was found between files.
    pub fn findings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.values().chain(self.tag_findings.values()).flatten().chain(self.rounds.findings())
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What lies in a file.
    pub fn summary(&self, file: &FilePath) -> Option<&Summary> {
        self.summaries.get(file).map(Arc::as_ref)
    }

    /// The sequence of that id; of several the first by file.
    pub fn sequence(&self, id: &str) -> Option<&Summary> {
        self.summary(self.ids.first(id)?)
    }

    /// The sequence that was called so before; of several the last by file.
    pub fn renamed_from(&self, former: &str) -> Option<&Summary> {
        self.summary(self.ids.former(former)?)
    }

    /// All sequences that were called so before, sorted by file.
    pub fn all_renamed_from(&self, former: &str) -> impl Iterator<Item = &Summary> {
        self.ids.formerly(former).filter_map(|file| self.summary(file))
    }

    /// The sequence that people call so; of several the first by file.
    pub(super) fn first_called(&self, name: &str) -> Option<&Summary> {
        self.summary(self.display_names.first(name)?)
    }

    /// The id that was probably meant.
    pub fn near_id(&self, id: &str) -> Option<&str> {
        self.ids.near(id)
    }

    /// Whether a message template of that name is declared, by a file or in the settings.
    pub(super) fn has_template(&self, name: &str) -> bool {
        self.templates.first(name).is_some()
    }

    /// Whether any message template is declared.
    pub(super) fn has_templates(&self) -> bool {
        self.templates.any()
    }

    /// The name of the message template that was probably meant.
    pub(super) fn near_template(&self, name: &str) -> Option<&str> {
        self.templates.near(name)
    }

    /// The different tags on each level below the first.
    pub(super) fn tag_levels(&self) -> impl Iterator<Item = TagsOfLevel<'_>> {
        self.tags.levels()
    }

    /// Where a sequence leads, as far as that is there, with the sequence at the other end.
    pub(super) fn arrows<'a>(&'a self, from: &'a Summary) -> impl Iterator<Item = (&'a Advance, &'a FilePath)> {
        from.advances.iter().filter_map(|advance| Some((advance, self.ids.first(&advance.target.value)?)))
    }

    /// Every file that refers to a name.
    fn referring<'a>(&'a self, names: &'a Names, name: &str) -> impl Iterator<Item = &'a FilePath> {
        names.referring(name).map(|number| self.summaries.path(number))
    }

    /// The files of the sequences that lead to the one in a file. Its double, which nobody can reach, has none.
    fn leading_to<'a>(&'a self, to: &'a Summary) -> impl Iterator<Item = &'a FilePath> {
        let is_reached = self.ids.first(to.id.as_str()) == Some(&to.file);
        is_reached.then(|| self.referring(&self.ids, to.id.as_str())).into_iter().flatten()
    }
}

impl Change {
    /// Whether the file advances elsewhere than before, or otherwise.
    fn is_rerouted(&self) -> bool {
        fn leads(summary: Option<&Arc<Summary>>) -> impl Iterator<Item = (&str, bool)> {
            summary.into_iter().flat_map(|summary| &summary.advances).map(Advance::leads)
        }
        !leads(self.before.as_ref()).eq(leads(self.now.as_ref()))
    }
}

/// What became of each file, sorted by file: what it was before the first of its changes, and is after the last. Of one that came
/// and went in between nothing became.
fn merged(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by(|one, other| one.file.cmp(&other.file));
    changes.dedup_by(|later, earlier| {
        let is_same = later.file == earlier.file;
        if is_same {
            earlier.now = later.now.take();
        }
        is_same
    });
    changes.retain(|change| change.before.is_some() || change.now.is_some());
    changes
}

/// Does two things, at once where that is worth it.
fn at_once<A: Send, B: Send>(changes: &[Change], one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    if changes.len() < MANY_FILES { (one(), other()) } else { rayon::join(one, other) }
}

/// What a judgement changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// The files whose findings may be others than before.
    pub files: BTreeSet<FilePath>,
    /// The ids that came or went, that another file declares first, or that others had before.
    pub ids: Vec<Arc<str>>,
    /// Whether a message template came or went.
    pub templates: bool,
}

/// Shows every name of one kind that a sequence has to do with.
type EachName = fn(&Summary, FileNumber, &mut dyn FnMut(&str, Tie<'_>));

fn each_id(summary: &Summary, number: FileNumber, show: &mut dyn FnMut(&str, Tie<'_>)) {
    show(summary.id.as_str(), Tie::Declares(&summary.file));
    summary.formerly.iter().for_each(|former| show(&former.value, Tie::WasCalled(&summary.file)));
    summary.advances.iter().for_each(|advance| show(&advance.target.value, Tie::RefersTo(number)));
}

fn each_display_name(summary: &Summary, _: FileNumber, show: &mut dyn FnMut(&str, Tie<'_>)) {
    summary.name.iter().for_each(|name| show(&name.value, Tie::Declares(&summary.file)));
}

fn each_template(summary: &Summary, number: FileNumber, show: &mut dyn FnMut(&str, Tie<'_>)) {
    summary.templates.iter().for_each(|template| show(&template.value, Tie::RefersTo(number)));
}

fn tags_of(summary: Option<&Arc<Summary>>) -> &[Located<String>] {
    summary.map_or(&[], |summary| &summary.tags)
}

/// Whether those who refer to a sequence see the same in it. Places do not count: whoever points at one is judged again anyway.
fn looks_alike(one: &Summary, other: &Summary) -> bool {
    let record_type = |summary: &Summary| summary.record_type.as_ref().map(|found| found.value.clone());
    one.state == other.state && one.is_readable == other.is_readable && record_type(one) == record_type(other)
}

fn point<'d>(
    pointers: &mut HashMap<FilePath, HashSet<Owner>>,
    owner: &Owner,
    findings: impl IntoIterator<Item = &'d Diagnostic>,
) {
    for file in places(owner, findings) {
        pointers.entry(file.clone()).or_default().insert(owner.clone());
    }
}

fn unpoint<'d>(
    pointers: &mut HashMap<FilePath, HashSet<Owner>>,
    owner: &Owner,
    findings: impl IntoIterator<Item = &'d Diagnostic>,
) {
    for file in places(owner, findings) {
        if let Some(owners) = pointers.get_mut(file) {
            owners.remove(owner);
            if owners.is_empty() {
                pointers.remove(file);
            }
        }
    }
}

/// The files in which findings have a place, without the one they are about: that is judged whenever it changes.
fn places<'d>(owner: &Owner, findings: impl IntoIterator<Item = &'d Diagnostic>) -> impl Iterator<Item = &'d FilePath> {
    let all = findings.into_iter().flat_map(|finding| {
        let related = finding.related.iter().map(|related| &related.location.file);
        std::iter::once(&finding.primary.file).chain(related)
    });
    all.filter(move |file| match owner {
        Owner::File(own) => own != *file,
        Owner::Round(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::read_sequence;
    use crate::diagnostic::Code;
    use crate::sequence::SequenceId;
    use crate::text::Source;

    fn summary(id: &str) -> Arc<Summary> {
        let text = "name: A\nrecord_type: lead\nowner: ana\nsteps:\n  - {id: mail, type: email, name: Mail, template: intro}\n";
        let source = Source::new(file(id), text.to_owned());
        Arc::new(read_sequence(&source, SequenceId::parse(id).expect("it is an id"), &Settings::default()).1)
    }

    fn file(id: &str) -> FilePath {
        FilePath::new(format!("sequences/{id}.yaml"))
    }

    /// A library in which one sequence names a template that is not there, and another one is.
    fn library_of(id: &str) -> Library {
        let mut library = Library::default();
        library.put_template("other", &FilePath::new("sequences/other.template.yaml"));
        library.put(&file(id), Some(summary(id)));
        library.judge();
        library
    }

    #[test]
    fn a_file_that_came_and_went_in_between_hides_nobody() {
        let mut library = library_of("stays");
        let codes = |library: &Library| library.findings_of(&file("stays")).map(|finding| finding.code).collect::<Vec<_>>();
        assert_eq!(codes(&library), [Code::UnknownTemplate]);
        library.put(&file("goes"), Some(summary("goes")));
        library.put(&file("goes"), None);
        library.put_template("intro", &FilePath::new("sequences/intro.template.yaml"));
        library.judge();
        assert_eq!(codes(&library), []);
    }

    #[test]
    fn what_was_probably_meant_follows_what_comes_and_goes() {
        let mut library = library_of("asks");
        let helps = |library: &Library| {
            let asks = file("asks");
            let findings = library.findings_of(&asks);
            findings.filter_map(|finding| finding.fix.as_ref()).map(|fix| fix.edits[0].text.clone()).collect::<Vec<_>>()
        };
        assert_eq!(helps(&library), [""; 0]);
        let (one, other) = (FilePath::new("sequences/i.template.yaml"), FilePath::new("sequences/j.template.yaml"));
        library.put_template("intzo", &one);
        library.judge();
        assert_eq!(helps(&library), ["intzo"]);
        library.put_template("intoo", &other);
        library.judge();
        assert_eq!(helps(&library), ["intoo"]);
        library.remove_template("intoo", &other);
        library.judge();
        assert_eq!(helps(&library), ["intzo"]);
    }
}
