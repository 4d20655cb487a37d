//! The findings as they are handed out: by file, counted, and which of them are others than before.
//! In come the findings of one file at a time; nothing here costs more than they do.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::check::Told;
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::FilePath;

/// What is said of each file.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Of each file of which there is something to say.
    by_file: BTreeMap<FilePath, Vec<Diagnostic>>,
    /// What comments silence in each file where they do.
    silenced: BTreeMap<FilePath, Vec<Diagnostic>>,
    /// What was said of files when it was last asked what changed, for those of which something else is said now.
    before: BTreeMap<FilePath, Vec<Diagnostic>>,
    totals: Totals,
}

/// How much was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// The findings that are errors.
    pub errors: usize,
    /// The findings that are warnings.
    pub warnings: usize,
    /// The files that have a finding.
    pub files: usize,
}

/// A file of which something else is said than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingsChanged {
    /// The file.
    pub file: FilePath,
    /// What was said, sorted by position and code.
    pub before: Vec<Diagnostic>,
    /// What is said now, sorted by position and code.
    pub after: Vec<Diagnostic>,
}

impl Said {
    /// Says this of a file from now on.
    pub(super) fn replace(&mut self, file: FilePath, told: Told) {
        let Told { findings, silenced } = told;
        match silenced.is_empty() {
            true => drop(self.silenced.remove(&file)),
            false => drop(self.silenced.insert(file.clone(), silenced)),
        }
        if self.of(&file) == findings {
            return;
        }
        self.totals.add(&findings);
        let before = if findings.is_empty() { self.by_file.remove(&file) } else { self.by_file.insert(file.clone(), findings) };
        let before = before.unwrap_or_default();
        self.totals.take_away(&before);
        if let Entry::Vacant(entry) = self.before.entry(file) {
            entry.insert(before);
        }
    }

    pub(super) fn of(&self, file: &FilePath) -> &[Diagnostic] {
        self.by_file.get(file).map_or(&[], Vec::as_slice)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Diagnostic> {
        self.by_file.values().flatten()
    }

    pub(super) fn take(&mut self) -> Told {
        let Said { by_file, silenced, .. } = std::mem::take(self);
        Told { findings: by_file.into_values().flatten().collect(), silenced: silenced.into_values().flatten().collect() }
    }

    /// The files of which there is something to say.
    pub(super) fn files(&self) -> impl Iterator<Item = &FilePath> {
        self.by_file.keys()
    }

    pub(super) fn silenced(&self) -> impl Iterator<Item = &Diagnostic> {
        self.silenced.values().flatten()
    }

    pub(super) fn totals(&self) -> Totals {
        self.totals
    }

    pub(super) fn take_changed(&mut self) -> Vec<FindingsChanged> {
        let before = std::mem::take(&mut self.before);
        let changed = before.into_iter().map(|(file, before)| {
            let after = self.of(&file).to_vec();
            FindingsChanged { file, before, after }
        });
        // Something may have come and gone again in between.
        changed.filter(|changed| changed.before != changed.after).collect()
    }
}

impl Totals {
    fn add(&mut self, findings: &[Diagnostic]) {
        let (errors, warnings) = by_severity(findings);
        self.errors += errors;
        self.warnings += warnings;
        self.files += usize::from(!findings.is_empty());
    }

    fn take_away(&mut self, findings: &[Diagnostic]) {
        let (errors, warnings) = by_severity(findings);
        self.errors -= errors;
        self.warnings -= warnings;
        self.files -= usize::from(!findings.is_empty());
    }
}

fn by_severity(findings: &[Diagnostic]) -> (usize, usize) {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    (errors, findings.len() - errors)
}
