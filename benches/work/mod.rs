//! The floor: what any check of a workspace has to do. Walk, read, and take the events of the YAML parser that we use.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use saphyr_parser::Parser;
use segue::outside::disk::{self, Root};

/// What was done, so that two tools can be seen to have done the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// How many files were read.
    pub files: usize,
    /// Their bytes.
    pub bytes: usize,
    /// What came out of them: events, or the first byte of each digest summed up.
    pub outcome: usize,
}

/// What is done with the bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Every event of the parser is taken and dropped: the floor of a cold run.
    Events,
    /// The bytes are hashed: the floor of a run in which nothing has changed.
    Hash,
}

/// Every YAML file of the workspace, by the walk that the program itself takes.
pub fn walk(root: &Path) -> Vec<PathBuf> {
    let root = Root::at(root).unwrap_or_else(|error| panic!("{error}"));
    let files = disk::list(&root).files.into_iter().filter(|file| file.as_str().ends_with(".yaml"));
    files.map(|file| root.path_of(&file)).collect()
}

/// Walks, then reads and works on all threads.
pub fn floor(root: &Path, work: Work) -> Done {
    let done = walk(root).into_par_iter().map(|path| {
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let outcome = match work {
            Work::Events => events(&bytes),
            Work::Hash => usize::from(blake3::hash(&bytes).as_bytes()[0]),
        };
        Done { files: 1, bytes: bytes.len(), outcome }
    });
    done.reduce(Done::default, |a, b| Done { files: a.files + b.files, bytes: a.bytes + b.bytes, outcome: a.outcome + b.outcome })
}

fn events(bytes: &[u8]) -> usize {
    let text = std::str::from_utf8(bytes).expect("made workspaces are UTF-8");
    Parser::new_from_str(text).take_while(Result::is_ok).count()
}
