//! Tests, beside the sequences that they are of.
//! In come the files that changed; out come findings about names that the sequence beside does not have. Runs no test.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::HashSet;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::check::Library;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence;
use crate::text::{FilePath, Source, Span};
use crate::trial::{Tested, Trial, judge, sequence_of, tests_of};

use super::file::File;
use super::standing::Ground;

/// What was found in tests, for what lies beside them.
#[derive(Debug, Default)]
pub(super) struct Trials {
    /// All files of tests.
    tests: HashSet<FilePath>,
    findings: BTreeMap<FilePath, Vec<Diagnostic>>,
    /// Tests beside which no sequence lies: which one is meant depends on all that there are.
    orphans: BTreeSet<FilePath>,
}

impl Trials {
    /// Judges again the tests that changed, and those of sequences that did. Returns the files of which something else may be
    /// said than before.
    pub(super) fn judge(&mut self, files: &BTreeSet<FilePath>, ids: &[Arc<str>], ground: &Ground<'_>) -> BTreeSet<FilePath> {
        let mut stale = BTreeSet::new();
        for file in files.iter().filter(|file| sequence_of(file).is_some()) {
            let is_tests = ground.files.get(file).is_some_and(|file| file.as_tests().is_some());
            let was_tests = if is_tests { self.tests.replace(file.clone()).is_some() } else { self.tests.remove(file) };
            stale.extend((is_tests || was_tests).then(|| file.clone()));
        }
        if !self.tests.is_empty() {
            stale.extend(files.iter().map(tests_of).filter(|tests| self.tests.contains(tests)));
        }
        if !ids.is_empty() {
            stale.extend(self.orphans.iter().cloned());
        }
        let judged: Vec<(FilePath, Found)> = stale.into_par_iter().map(|file| judge_one(file, ground)).collect();
        let mut touched = BTreeSet::new();
        for (file, found) in judged {
            let findings = match found {
                Found::Orphan(finding) => {
                    self.orphans.insert(file.clone());
                    vec![*finding]
                }
                Found::Beside(findings) => {
                    self.orphans.remove(&file);
                    findings
                }
            };
            let before = match findings.is_empty() {
                true => self.findings.remove(&file),
                false => self.findings.insert(file.clone(), findings),
            };
            if before.is_some() || self.findings.contains_key(&file) {
                touched.insert(file);
            }
        }
        touched
    }

    /// What was found in a file.
    pub(super) fn findings_of(&self, path: &FilePath) -> impl Iterator<Item = &Diagnostic> {
        self.findings.get(path).into_iter().flatten()
    }
}

enum Found {
    /// No sequence lies beside the tests.
    Orphan(Box<Diagnostic>),
    /// What the sequence beside does not have.
    Beside(Vec<Diagnostic>),
}

fn judge_one(file: FilePath, ground: &Ground<'_>) -> (FilePath, Found) {
    let tests = ground.files.get(&file).and_then(File::as_tests);
    let found = match tests.zip(sequence_of(&file)) {
        None => Found::Beside(Vec::new()),
        Some(((source, trials), beside)) => match ground.files.get(&beside) {
            None => Found::Orphan(Box::new(orphan(&file, ground.library))),
            Some(beside) => Found::Beside(judge_beside(source, trials, beside, ground)),
        },
    };
    (file, found)
}

fn judge_beside(source: &Source, trials: &[Trial], beside: &File, ground: &Ground<'_>) -> Vec<Diagnostic> {
    // What cannot be read is told of where it stands.
    let Some((text, summary)) = beside.as_sequence() else { return Vec::new() };
    let Some(text) = text.source(&summary.file, ground.texts) else { return Vec::new() };
    let Some(sequence) = sequence::read_alone(&text, summary.id.clone()) else { return Vec::new() };
    let is_whole = summary.meaning.is_some();
    judge(source, trials, Tested { sequence: &sequence, is_whole, settings: ground.library.settings() })
}

/// Tests of a sequence that is not there, or elsewhere.
fn orphan(file: &FilePath, library: &Library) -> Diagnostic {
    let id = file.file_name().strip_suffix(".test.yaml").unwrap_or_default();
    let problem = |message: String| Diagnostic::new(Code::UnknownSequence, file.at(Span::default()), message);
    match library.sequence(id) {
        Some(elsewhere) => problem(format!("these are tests of `{id}`, which does not lie beside them"))
            .related(elsewhere.file.at(Span::default()), "it lies here")
            .help(format!("move this file to {}", elsewhere.file.folder())),
        None => problem(format!("these are tests of `{id}`, and no sequence is called so"))
            .did_you_mean(library.near_id(id))
            .help("call the file after the sequence beside it: `ID.test.yaml`"),
    }
}
