//! The summaries of a library, each by its file, and each file by a number.
//! In come summaries that are new, changed or gone; out comes what was there before. A name that thousands of files refer to
//! holds their numbers, which cost less to keep and to compare than their paths.

use std::sync::Arc;

use foldhash::HashMap;

use crate::check::summary::Summary;
use crate::text::FilePath;

/// A file that is or was part of the library. Its number stays its own, whatever comes and goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct FileNumber(u32);

/// All summaries.
#[derive(Debug, Default)]
pub(super) struct Summaries {
    numbers: HashMap<FilePath, FileNumber>,
    /// Each file at its number.
    files: Vec<(FilePath, Option<Arc<Summary>>)>,
    /// How many there are.
    len: usize,
}

impl Summaries {
    /// Takes in what lies in a file now; returns what lay there before.
    pub(super) fn put(&mut self, file: &FilePath, summary: Option<Arc<Summary>>) -> (FileNumber, Option<Arc<Summary>>) {
        let number = *self.numbers.entry(file.clone()).or_insert_with(|| {
            self.files.push((file.clone(), None));
            FileNumber(u32::try_from(self.files.len() - 1).expect("there is no memory for so many files"))
        });
        self.len += usize::from(summary.is_some());
        let before = std::mem::replace(&mut self.files[number.0 as usize].1, summary);
        self.len -= usize::from(before.is_some());
        (number, before)
    }

    /// What lies in a file.
    pub(super) fn get(&self, file: &FilePath) -> Option<&Arc<Summary>> {
        self.files[self.numbers.get(file)?.0 as usize].1.as_ref()
    }

    /// The file of a number.
    pub(super) fn path(&self, number: FileNumber) -> &FilePath {
        &self.files[number.0 as usize].0
    }

    /// How many summaries there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The files in which one lies.
    pub(super) fn paths(&self) -> impl Iterator<Item = &FilePath> {
        self.files.iter().filter(|(_, summary)| summary.is_some()).map(|(path, _)| path)
    }
}
