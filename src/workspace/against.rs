//! How the files stand to what they were at a revision of their repository.
//! In come the files of the revision, one by one; out come findings, and the files of which nothing can be said.
//! Knows no git and asks no store: the revision takes the store's place.

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::check::Summary;

use crate::diagnostic::Diagnostic;
use crate::lifecycle::{Since, Written, judge_revision};
use crate::sequence::SequenceId;
use crate::settings::Settings;
use crate::text::FilePath;

use super::turns::read_sequence;
use super::{Content, Workspace, kind_of, read_text};

/// What Git LFS keeps in the place of a file.
const LFS_POINTER: &str = "version https://git-lfs.github.com/spec/";

/// A workspace that is compared with a revision.
pub struct Against<'w> {
    workspace: &'w Workspace,
    revision: String,
    now: BTreeMap<&'w SequenceId, &'w Summary>,
    /// The files of the revision, and the ids that they declare.
    then: BTreeSet<FilePath>,
    ids: BTreeSet<SequenceId>,
    different: Vec<(FilePath, SequenceId, Content)>,
}

/// What came of the comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// What may not be done, sorted by file, position and code.
    pub findings: Vec<Diagnostic>,
    /// Files that cannot be read whole as they were at the revision, so that nobody knows what was changed in them.
    pub unread: Vec<FilePath>,
    /// How many sequence files the revision has.
    pub files: usize,
}

impl<'w> Against<'w> {
    /// Begins the comparison of a workspace with a revision, which findings call as the person does.
    pub fn new(workspace: &'w Workspace, revision: impl Into<String>) -> Self {
        let mut now = BTreeMap::new();
        for summary in workspace.summaries() {
            now.entry(&summary.id).or_insert(summary);
        }
        Self { workspace, revision: revision.into(), now, then: BTreeSet::new(), ids: BTreeSet::new(), different: Vec::new() }
    }

    /// Takes in a file of the revision. What is no sequence, and what says the same today, is not kept.
    pub fn take(&mut self, path: FilePath, content: Content) {
        let Some(id) = kind_of(&path).into_sequence() else { return };
        self.then.insert(path.clone());
        self.ids.insert(id.clone());
        let now = self.now_of(&path, &id);
        let is_as_it_was =
            matches!(&content, Content::Bytes(bytes) if now.is_some_and(|now| self.workspace.says(&now.file, bytes)));
        if !is_as_it_was {
            self.different.push((path, id, content));
        }
    }

    /// What a file of the revision is today: the file in its place, else the one that declares the id.
    fn now_of(&self, path: &FilePath, id: &SequenceId) -> Option<&'w Summary> {
        let of_the_id = self.now.get(id).copied()?;
        if of_the_id.file == *path {
            return Some(of_the_id);
        }
        // Two files may declare it.
        let in_place = self.workspace.summaries().find(|summary| summary.file == *path);
        in_place.or(Some(of_the_id))
    }

    /// Judges everything that is not as it was.
    pub fn finish(mut self) -> Compared {
        let different = std::mem::take(&mut self.different);
        let settings = self.workspace.settings();
        let told = |(path, id, content): (FilePath, SequenceId, Content)| {
            let told = read(&path, &id, content, settings);
            (path, id, told)
        };
        let read: Vec<(FilePath, SequenceId, Option<Written>)> = different.into_par_iter().map(told).collect();
        let mut unread = Vec::new();
        let (mut edited, mut gone) = (Vec::new(), Vec::new());
        for (path, id, told) in read {
            let now = self.now_of(&path, &id);
            if told.as_ref().is_none_or(|told| !told.is_whole) && now.is_none_or(|now| now.file == path) {
                unread.push(path.clone());
            }
            match (told, now) {
                (Some(was), None) => gone.push(was),
                // Where two files declared it, the other one is in its place.
                (Some(_), Some(now)) if now.file != path && self.then.contains(&now.file) => {}
                (Some(was), Some(now)) => edited.extend(self.told(now).map(|is| (was, is))),
                (None, _) => {}
            }
        }
        let came = || self.now.values().filter(|summary| !self.ids.contains(&summary.id));
        let new: Vec<Written> =
            if gone.is_empty() { Vec::new() } else { came().filter_map(|summary| self.told(summary)).collect() };
        let former: BTreeMap<&str, &SequenceId> = self
            .now
            .values()
            .flat_map(|summary| summary.formerly.iter().map(|former| (former.value.as_str(), &summary.id)))
            .collect();
        let is_used = |id: &str| SequenceId::parse(id).is_some_and(|id| self.now.contains_key(&id));
        // An id that is in use means that sequence, whoever had it before.
        let formerly = |id: &str| former.get(id).filter(|_| !is_used(id)).map(|id| id.to_string());
        let since = Since { revision: &self.revision, edited: &edited, gone: &gone, new: &new, formerly: &formerly };
        let mut findings = judge_revision(&since);
        findings.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
        Compared { findings, unread, files: self.then.len() }
    }

    /// The sequence as the file says it today. Of what cannot be read there are findings already.
    fn told(&self, summary: &Summary) -> Option<Written> {
        let sequence = self.workspace.sequence(&summary.file)?;
        Some(Written { sequence, is_whole: summary.meaning.is_some() })
    }
}

/// A sequence as its file was; `None` where nothing of it can be read.
fn read(path: &FilePath, id: &SequenceId, content: Content, settings: &Settings) -> Option<Written> {
    let source = read_text(path, content).ok().filter(|source| !source.text().starts_with(LFS_POINTER))?;
    let (sequence, summary) = read_sequence(&source, id.clone(), settings);
    Some(Written { sequence: sequence?, is_whole: summary.meaning.is_some() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: &str = "steps: [{id: call, type: task, name: Call}]\n";

    fn sequence(top: &str) -> String {
        format!("name: First\nrecord_type: lead\nowner: ana\n{top}\n{STEPS}")
    }

    fn bytes(text: &str) -> Content {
        Content::Bytes(text.as_bytes().to_vec())
    }

    /// What is found between files as they were and as they are.
    fn compared(then: &[(&str, &str)], now: &[(&str, &str)]) -> Compared {
        let mut workspace = Workspace::new();
        workspace.update(now.iter().map(|(path, text)| (FilePath::new(*path), bytes(text))).collect());
        let mut against = Against::new(&workspace, "main");
        then.iter().for_each(|(path, text)| against.take(FilePath::new(*path), bytes(text)));
        against.finish()
    }

    fn codes(then: &[(&str, &str)], now: &[(&str, &str)]) -> Vec<&'static str> {
        compared(then, now).findings.iter().map(|finding| finding.code.name()).collect()
    }

    const A: &str = "sequences/a.yaml";
    const B: &str = "sequences/b.yaml";

    #[test]
    fn what_is_not_live_may_become_anything_but_of_another_type() {
        let was = sequence("state: inactive");
        for now in ["state: active", "state: revision", "description: other", "state: active\nversion: 3\nmessage: m"] {
            assert_eq!(codes(&[(A, &was)], &[(A, &sequence(now))]), [""; 0], "{now}");
        }
        assert_eq!(codes(&[(A, &was)], &[]), [""; 0]);
        assert_eq!(codes(&[], &[(A, &sequence("state: active"))]), [""; 0]);
        assert_eq!(codes(&[(A, &was)], &[(A, &was.replace("lead", "contact"))]), ["immutable-property"]);
    }

    #[test]
    fn what_is_live_is_free_in_owner_tags_layout_and_state() {
        let was = sequence("state: active\nversion: 3\nmessage: m");
        for now in [
            sequence("state: inactive\nversion: 3\nmessage: m"),
            sequence("state: inactive\nversion: 3\nmessage: m\ndescription: other"),
            sequence("state: revision\nversion: 3\nmessage: m\ndescription: other"),
            sequence("# a word\ntags: [a]\nstate: active\nversion: 3\nmessage: m").replace("ana", "ben"),
            was.replace('\n', "\r\n"),
        ] {
            assert_eq!(codes(&[(A, &was)], &[(A, &now)]), [""; 0], "{now}");
        }
    }

    #[test]
    fn an_edit_of_what_is_live_needs_a_number_and_a_message_of_its_own() {
        let was = sequence("state: active\nversion: 3\nmessage: m");
        let edited = |top: &str| codes(&[(A, &was)], &[(A, &sequence(&format!("description: other\nstate: active\n{top}")))]);
        assert_eq!(edited("version: 4\nmessage: n"), [""; 0]);
        assert_eq!(edited("version: 9\nmessage: n"), [""; 0]);
        assert_eq!(edited("version: 3\nmessage: m"), ["edited-while-active"]);
        assert_eq!(edited("version: 4"), ["edited-while-active"], "nobody says why");
        assert_eq!(edited("version: 4\nmessage: m"), ["edited-while-active"], "that is why version 3 was made");
        assert_eq!(edited("version: 3\nmessage: n"), ["version-taken"]);
        assert_eq!(edited("version: 2\nmessage: m"), ["version-taken"]);
        // One that writes no number is the first.
        let first = sequence("state: active");
        let edited = |top: &str| codes(&[(A, &first)], &[(A, &sequence(&format!("description: other\nstate: active\n{top}")))]);
        assert_eq!(edited("version: 1\nmessage: n"), ["version-taken"]);
        assert_eq!(edited("version: 2\nmessage: n"), [""; 0]);
    }

    #[test]
    fn a_live_file_that_is_gone_was_renamed_or_is_told_of() {
        let was = sequence("state: active");
        let other = sequence("state: active\ndescription: other");
        let says_so = sequence("state: active\nformerly: [a]");
        let says_so_and_is_other = sequence("state: active\nformerly: [a]\ndescription: other");
        assert_eq!(codes(&[(A, &was)], &[]), ["deleted-while-active"]);
        let found = compared(&[("sequences/old leads/a.yaml", &was)], &[]).findings;
        let help = &found[0].help;
        assert!(help.iter().any(|help| help.contains("`git checkout main -- 'sequences/old leads/a.yaml'`")), "{help:?}");
        assert_eq!(codes(&[(A, &was)], &[("sequences/lead/a.yaml", &was)]), [""; 0], "folders only sort");
        assert_eq!(codes(&[(A, &was)], &[(B, &was)]), [""; 0]);
        assert_eq!(codes(&[(A, &was)], &[(B, &says_so)]), [""; 0]);
        assert_eq!(codes(&[(A, &was)], &[(B, &other)]), ["deleted-while-active"]);
        assert_eq!(codes(&[(A, &was)], &[(B, &says_so_and_is_other)]), ["edited-while-active"]);
        // A sequence that was there before is another one, whatever it says.
        assert_eq!(codes(&[(A, &was), (B, &other)], &[(B, &says_so_and_is_other)]), ["deleted-while-active"]);
    }

    #[test]
    fn references_follow_a_rename_and_sequences_may_refer_to_each_other() {
        let advancing = |name: &str, to: &str| {
            format!(
                "name: {name}\nrecord_type: lead\nowner: ana\nstate: active\nsteps:\n  - {{id: c, type: task, name: C}}\n  - {{id: \
                 on, type: advance_to, sequence: {to}}}\n"
            )
        };
        let (c, d) = ("sequences/c.yaml", "sequences/d.yaml");
        // `a` refers to itself and becomes `b`, and `c` refers to it.
        let then = [(A, advancing("A", "a")), (c, advancing("C", "a"))];
        let now = [(B, advancing("A", "b")), (c, advancing("C", "b"))];
        let refs = |files: &[(&'static str, String)]| files.iter().map(|(path, text)| (*path, text.clone())).collect::<Vec<_>>();
        let codes_of = |then: &[(&'static str, String)], now: &[(&'static str, String)]| {
            let (then, now) = (refs(then), refs(now));
            let then: Vec<(&str, &str)> = then.iter().map(|(path, text)| (*path, text.as_str())).collect();
            let now: Vec<(&str, &str)> = now.iter().map(|(path, text)| (*path, text.as_str())).collect();
            codes(&then, &now)
        };
        assert_eq!(codes_of(&then, &now), [""; 0]);
        // Both are renamed, and the second is known again once the first is.
        let now = [(B, advancing("A", "b")), (d, advancing("C", "b"))];
        assert_eq!(codes_of(&then, &now), [""; 0]);
        let now = [(B, advancing("A", "b")), (c, advancing("C", "elsewhere"))];
        assert_eq!(codes_of(&then, &now), ["edited-while-active"]);
    }

    #[test]
    fn of_what_could_not_be_read_nothing_is_said_but_that() {
        let was = sequence("state: active");
        let broken = was.replace("type: task", "type: tusk");
        let now = sequence("state: active\ndescription: other");
        let compared = compared(&[(A, &broken)], &[(A, &now)]);
        assert_eq!((compared.findings.as_slice(), compared.unread.as_slice()), ([].as_slice(), [FilePath::new(A)].as_slice()));
        assert_eq!(codes(&[(A, &was)], &[(A, &broken)]), [""; 0], "what is wrong with it today is told anyway");
        assert_eq!(codes(&[(A, &broken)], &[]), ["deleted-while-active"], "its state could be read");
        let pointer = format!("{LFS_POINTER}v1\noid sha256:0\nsize 3\n");
        assert_eq!(self::compared(&[(A, &pointer)], &[(A, &now)]).unread, [FilePath::new(A)]);
    }

    #[test]
    fn of_two_files_with_one_id_each_is_compared_in_its_place() {
        let (one, other) = (sequence("state: active"), sequence("state: active\ndescription: other"));
        let then = [("sequences/a.yaml", one.as_str()), ("sequences/x/a.yaml", other.as_str())];
        assert_eq!(codes(&then, &then), [""; 0]);
        assert_eq!(codes(&then, &then[1..]), [""; 0], "the other one goes on");
    }
}
