//! Brings one decided file to its place, step by step, from wherever a crash or a person left it.
//! In come a disk and what was decided; out comes whether the file followed, and what was kept.
//! Never removes a byte that is neither the text before nor the text after.

use std::io;

use crate::outside::disk::{Disk, Found};
use crate::outside::store::PendingFile;
use crate::text::{Digest, FilePath};

use super::kept::{self, Diverged};
use super::next::{Holds, Kind, Ours, Scene, Step, next};
use super::{names, stage};

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// Until the file says what was decided. What it said before stays beside it.
    InPlace,
    /// Until nothing is left beside it.
    Tidy,
}

/// How often we look again before we say that somebody else does not stop writing.
const MOST_LOOKS: usize = 100;

/// A file on its way to what was decided.
pub(super) struct Placing<'a> {
    disk: &'a dyn Disk,
    pub file: &'a PendingFile,
    kind: Kind,
    after: Option<Digest>,
    new: FilePath,
    old: FilePath,
    /// Whether the file said what was decided at some moment: then what it says now was typed over it.
    placed: bool,
    /// What is kept since it could not be in place.
    pub diverged: Vec<Diverged>,
}

impl<'a> Placing<'a> {
    pub(super) fn new(disk: &'a dyn Disk, file: &'a PendingFile) -> Self {
        let kind = match (&file.before, &file.after) {
            (_, None) => Kind::Delete,
            (None, Some(_)) => Kind::Create,
            (Some(_), Some(_)) => Kind::Edit,
        };
        let after = file.after.as_deref().map(Digest::of);
        let (new, old) = (names::new(&file.path), names::old(&file.path));
        Self { disk, file, kind, after, new, old, placed: false, diverged: Vec::new() }
    }

    /// Goes on until the file has followed, or is known not to.
    pub(super) fn go(&mut self, until: Until) -> io::Result<()> {
        for _ in 0..MOST_LOOKS {
            let scene = self.scene()?;
            self.placed |= scene.was_placed(self.kind);
            let step = next(self.kind, scene);
            match step {
                Step::Remove(_) if self.placed && until == Until::InPlace => return Ok(()),
                Step::Placed => return Ok(()),
                Step::Diverged => return self.diverge(),
                Step::Write
                | Step::Exchange
                | Step::Appear
                | Step::SetAside
                | Step::PutBack
                | Step::GiveWay(_)
                | Step::Rescue(_)
                | Step::Remove(_) => {}
            }
            match self.take(step) {
                // Somebody was faster: what is there now is another scene.
                Err(error) if matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound) => {}
                done => done?,
            }
        }
        Err(io::Error::other("somebody else writes it again and again"))
    }

    fn diverge(&mut self) -> io::Result<()> {
        if !self.placed {
            let ours = kept::keep(self.disk, self.file)?;
            self.diverged.retain(|other| *other != ours);
            self.diverged.push(ours);
        }
        Ok(())
    }

    fn scene(&self) -> io::Result<Scene> {
        let target = match self.disk.look(&self.file.path)? {
            Found::Behind { .. } => Holds::Theirs,
            found => self.holds(&found),
        };
        Ok(Scene { target, new: self.holds(&self.disk.look(&self.new)?), old: self.holds(&self.disk.look(&self.old)?) })
    }

    fn holds(&self, found: &Found) -> Holds {
        match found {
            Found::Nothing | Found::Behind { .. } => Holds::Nothing,
            Found::File { digest, .. } if self.after == Some(*digest) => Holds::After,
            Found::File { digest, .. } if self.file.before == Some(*digest) => Holds::Before,
            Found::File { .. } | Found::Folder | Found::Link | Found::Other => Holds::Theirs,
        }
    }

    fn name(&self, ours: Ours) -> &FilePath {
        match ours {
            Ours::New => &self.new,
            Ours::Old => &self.old,
        }
    }

    fn take(&mut self, step: Step) -> io::Result<()> {
        let (disk, target) = (self.disk, &self.file.path);
        match step {
            Step::Write => {
                let text = self.file.after.as_deref().expect("only a change with a text has one to write");
                stage::make_folders(disk, target.folder())?;
                stage::write_beside(disk, target, text, self.file.mode)
            }
            Step::Exchange => match disk.exchange(&self.new, target) {
                Err(error) if error.kind() == io::ErrorKind::Unsupported => disk.rename(target, &self.old),
                done => done,
            },
            Step::Appear => disk.rename(&self.new, target),
            Step::SetAside => disk.rename(target, &self.old),
            Step::PutBack => disk.rename(&self.old, target),
            Step::GiveWay(theirs) => {
                self.placed = false;
                match disk.exchange(self.name(theirs), target) {
                    // Our name is free: theirs lies aside, since it could not be exchanged in the first place.
                    Err(error) if error.kind() == io::ErrorKind::Unsupported => disk.rename(target, &self.new),
                    done => done,
                }
            }
            Step::Rescue(theirs) => {
                let theirs = kept::rescue(disk, self.file.operation, target, self.name(theirs))?;
                self.diverged.push(theirs);
                Ok(())
            }
            Step::Remove(known) => disk.remove_file(self.name(known)),
            Step::Placed | Step::Diverged => Ok(()),
        }
    }
}
