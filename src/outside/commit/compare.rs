//! Whether the files are still what the decision rests on.
//! In come the changes and the disk; out come the permissions that files will have, or all that stands in the way.
//! Never writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;

use crate::operation::{Changes, FileChange, RowChange, sequence_of};
use crate::outside::disk::{Disk, Found, belongs};
use crate::sequence::SequenceId;
use crate::text::FilePath;
use crate::trial;

use super::names;

/// A file that cannot be written as it was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// The file.
    pub path: FilePath,
    /// What is the matter with it.
    pub reason: ObstacleReason,
}

/// Why a file cannot be written as it was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObstacleReason {
    /// It says something else than when it was read.
    Changed,
    /// It was removed since it was read.
    Gone,
    /// It should be new, and is there.
    Appeared,
    /// Its name differs from another's by capitals alone, which many systems take for the same.
    Twin(FilePath),
    /// A folder has its name.
    Folder,
    /// It is a link.
    Link,
    /// It is a pipe, socket or device.
    Other,
    /// What should be its folder is none.
    Behind {
        /// Where the way ends.
        blocked: FilePath,
        /// What stands there, in words.
        by: &'static str,
    },
    /// Its name is none that a file of a workspace can have.
    NoName,
}

impl Obstacle {
    /// Whether to run the same again may help.
    pub fn may_pass(&self) -> bool {
        match self.reason {
            ObstacleReason::Changed | ObstacleReason::Gone | ObstacleReason::Appeared => true,
            ObstacleReason::Twin(_)
            | ObstacleReason::Folder
            | ObstacleReason::Link
            | ObstacleReason::Other
            | ObstacleReason::Behind { .. }
            | ObstacleReason::NoName => false,
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ", self.path)?;
        match &self.reason {
            ObstacleReason::Changed => formatter.write_str("was changed since it was read"),
            ObstacleReason::Gone => formatter.write_str("was removed since it was read"),
            ObstacleReason::Appeared => formatter.write_str("is there by now"),
            ObstacleReason::Twin(other) => write!(formatter, "would differ from {other} by capitals alone"),
            ObstacleReason::Folder => formatter.write_str("is a folder"),
            ObstacleReason::Link => formatter.write_str("is a link; only the file that it leads to can be written"),
            ObstacleReason::Other => formatter.write_str("is a pipe, socket or device"),
            ObstacleReason::Behind { blocked, by } => write!(formatter, "lies behind {blocked}, which is {by}"),
            ObstacleReason::NoName => formatter.write_str("is no name of a file in a workspace"),
        }
    }
}

/// What a look at all files gave.
pub(super) struct Compared {
    /// The permissions of those that will be replaced, and of those that come in the place of one of another name.
    pub modes: BTreeMap<FilePath, u32>,
    /// Whatever stands in the way.
    pub obstacles: Vec<Obstacle>,
}

/// Looks at every file that is to be written.
pub(super) fn compare(disk: &dyn Disk, changes: &Changes) -> Result<Compared, (FilePath, io::Error)> {
    let files = &changes.files;
    let mut compared = Compared { modes: BTreeMap::new(), obstacles: Vec::new() };
    let mut twins = Twins::new(disk, files);
    for file in files {
        let trouble = |error| (file.path.clone(), error);
        let obstacle = match look(disk, file).map_err(trouble)? {
            Ok(mode) => {
                compared.modes.extend(mode.map(|mode| (file.path.clone(), mode)));
                twins.of(file).map_err(trouble)?.map(ObstacleReason::Twin)
            }
            Err(reason) => Some(reason),
        };
        compared.obstacles.extend(obstacle.map(|reason| Obstacle { path: file.path.clone(), reason }));
    }
    let moves = Moves::of(changes);
    for file in files.iter().filter(|file| file.before.is_none()) {
        let mode = moves.before(&file.path).and_then(|path| compared.modes.get(path).copied());
        compared.modes.extend(mode.map(|mode| (file.path.clone(), mode)));
    }
    Ok(compared)
}

/// Which of the files that come are some that go, under another name.
struct Moves<'c> {
    /// Ids that sequences had, and those that they got, the latest first.
    renamed: Vec<(&'c SequenceId, &'c SequenceId)>,
    gone: BTreeMap<(Part, SequenceId), &'c FilePath>,
}

/// What a file is to its sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Steps,
    Tests,
}

impl<'c> Moves<'c> {
    fn of(changes: &'c Changes) -> Self {
        let renamed = changes.rows.iter().rev().filter_map(|row| {
            let RowChange::Rename { from, to } = row else { return None };
            Some((from, to))
        });
        let gone = changes.files.iter().filter(|file| file.after.is_none());
        Self { renamed: renamed.collect(), gone: gone.filter_map(|file| Some((part(&file.path)?, &file.path))).collect() }
    }

    /// The name that a file had which comes.
    fn before(&self, path: &FilePath) -> Option<&'c FilePath> {
        let (part, id) = part(path)?;
        let former = self.renamed.iter().fold(&id, |id, (from, to)| if *to == id { from } else { id });
        self.gone.get(&(part, former.clone())).copied()
    }
}

fn part(path: &FilePath) -> Option<(Part, SequenceId)> {
    let part = if trial::sequence_of(path).is_some() { Part::Tests } else { Part::Steps };
    Some((part, sequence_of(path)?))
}

fn look(disk: &dyn Disk, file: &FileChange) -> io::Result<Result<Option<u32>, ObstacleReason>> {
    if !is_name(&file.path) {
        return Ok(Err(ObstacleReason::NoName));
    }
    Ok(match (disk.look(&file.path)?, file.digest_before()) {
        (Found::Nothing, None) => Ok(None),
        (Found::Nothing, Some(_)) => Err(ObstacleReason::Gone),
        (Found::File { digest, mode }, Some(before)) if digest == before => Ok(mode),
        (Found::File { .. }, Some(_)) => Err(ObstacleReason::Changed),
        (Found::File { .. }, None) => Err(ObstacleReason::Appeared),
        (Found::Folder, _) => Err(ObstacleReason::Folder),
        (Found::Link, _) => Err(ObstacleReason::Link),
        (Found::Other, _) => Err(ObstacleReason::Other),
        (Found::Behind { blocked, by }, _) => Err(ObstacleReason::Behind { blocked, by }),
    })
}

/// A name that a listing of the workspace could show, and that leads nowhere else.
fn is_name(path: &FilePath) -> bool {
    let text = path.as_str();
    belongs(path)
        && !text.chars().any(|c| c.is_control() || c == '\\')
        && text.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Finds names that differ by capitals alone from those of new files and their folders.
struct Twins<'c> {
    disk: &'c dyn Disk,
    /// What the disk and the changes have in a folder, each asked for once.
    names: BTreeMap<FilePath, BTreeSet<String>>,
    files: &'c [FileChange],
}

impl<'c> Twins<'c> {
    fn new(disk: &'c dyn Disk, files: &'c [FileChange]) -> Self {
        Self { disk, names: BTreeMap::new(), files }
    }

    fn of(&mut self, file: &FileChange) -> io::Result<Option<FilePath>> {
        if file.before.is_some() {
            return Ok(None);
        }
        for name in names::upwards(file.path.as_str()).take_while(|name| !name.as_str().is_empty()) {
            let folded = name.file_name().to_lowercase();
            let is_twin = |other: &&String| other.as_str() != name.file_name() && other.to_lowercase() == folded;
            if let Some(twin) = self.names_in(name.folder())?.iter().find(is_twin) {
                return Ok(Some(names::inside(name.folder(), twin)));
            }
        }
        Ok(None)
    }

    fn names_in(&mut self, folder: &str) -> io::Result<&BTreeSet<String>> {
        let key = FilePath::new(folder);
        if !self.names.contains_key(&key) {
            let mut names: BTreeSet<String> = self.disk.names(&key)?.into_iter().collect();
            for file in self.files {
                if file.after.is_none() && file.path.folder() == folder {
                    names.remove(file.path.file_name());
                } else if file.after.is_some() {
                    names.extend(part_in(&file.path, folder).map(str::to_owned));
                }
            }
            self.names.insert(key.clone(), names);
        }
        Ok(&self.names[&key])
    }
}

/// The part of a path that lies right in a folder, if it lies somewhere below it.
fn part_in<'p>(path: &'p FilePath, folder: &str) -> Option<&'p str> {
    let rest = if folder.is_empty() { path.as_str() } else { path.as_str().strip_prefix(folder)?.strip_prefix('/')? };
    rest.split('/').next()
}
