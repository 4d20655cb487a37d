//! A database while it is being made: it lies beside its place, and takes the name that counts when it is whole.
//! In comes the place; out comes a path to write to, and later a whole file at the place or nothing.
//! Never lets two write the same, and leaves nothing for good: whoever comes next takes over what a dead one left.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a copy may replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Nothing: the place must be free.
    Nothing,
    /// The store that is there.
    Store,
}

/// What SQLite may put beside a database.
pub(super) const BESIDE: [&str; 3] = ["-journal", "-wal", "-shm"];

/// A database that is not whole yet.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
    place: PathBuf,
    /// Held locked, so that nobody else takes it for a dead one's.
    file: File,
}

impl Part {
    /// An empty file beside a place, which nobody else writes to; waits no longer than `patience` for who does.
    pub fn beside(place: &Path, patience: Duration) -> io::Result<Self> {
        let path = part_of(place);
        let end = std::time::Instant::now() + patience;
        loop {
            match open(&path, Making::New) {
                Ok(file) if try_lock(&file)? && is_at_its_name(&path, &file) => {
                    return Ok(Self { path, place: place.to_owned(), file });
                }
                // Somebody took it for a dead one's before it was locked.
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match open(&path, Making::Found) {
                    // It is removed and never emptied: the same file may have its own name by now, and be the store.
                    Ok(dead) if try_lock(&dead)? && is_at_its_name(&path, &dead) => {
                        // It goes last: what lies beside it would be taken for a part of the next one.
                        BESIDE.iter().try_for_each(|ending| remove_if_there(&with(&path, ending)))?;
                        remove_if_there(&path)?;
                        continue;
                    }
                    Ok(_) => {}
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    Err(error) => return Err(error),
                },
                Err(error) => return Err(error),
            }
            if std::time::Instant::now() >= end {
                return Err(io::Error::new(io::ErrorKind::ResourceBusy, "somebody else is writing the same"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Where it lies so far.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it the name that counts: from here on it outlives a power failure.
    pub fn keep(self, over: Over) -> io::Result<()> {
        self.file.sync_all()?;
        match over {
            Over::Store => fs::rename(&self.path, &self.place)?,
            Over::Nothing => appear(&self.path, &self.place)?,
        }
        super::open::sync(super::open::folder_of(&self.place))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // While it is still locked: nobody takes over a file that is about to go. One that has its own name is no part any
        // more, and what lies under the part's is somebody else's.
        if is_at_its_name(&self.path, &self.file) {
            BESIDE.iter().for_each(|ending| drop(fs::remove_file(with(&self.path, ending))));
            drop(fs::remove_file(&self.path));
        }
    }
}

/// The parts in a folder that nobody writes any more, sorted; of databases whose name begins so.
///
/// # Errors
/// Where the folder cannot be listed.
pub fn dead_parts(folder: &Path, of: &str) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut parts = BTreeSet::new();
    for entry in entries {
        let name = entry?.file_name();
        let Some(name) = name.to_str() else { continue };
        // What lies beside one that is gone is a part of it, too.
        let part = BESIDE.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
        if part.strip_prefix('.').is_some_and(|rest| rest.starts_with(of) && rest.ends_with(".part")) {
            parts.insert(folder.join(part));
        }
    }
    Ok(parts.into_iter().filter(|part| is_dead(part)).collect())
}

/// The part that lies beside a place and that nobody writes any more.
pub fn dead_part_of(place: &Path) -> Option<PathBuf> {
    let part = part_of(place);
    (fs::symlink_metadata(&part).is_ok() && is_dead(&part)).then_some(part)
}

/// Removes a part that nobody writes any more, with what lies beside it.
///
/// # Errors
/// Where somebody writes it, and where it cannot be removed.
pub fn remove_dead_part(part: &Path) -> io::Result<()> {
    let held = match open(part, Making::Found) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        opened => Some(opened?),
    };
    if !held.as_ref().map_or(Ok(true), try_lock)? {
        return Err(io::Error::new(io::ErrorKind::ResourceBusy, "somebody is writing it"));
    }
    BESIDE.iter().try_for_each(|ending| remove_if_there(&with(part, ending)))?;
    remove_if_there(part)
}

/// Whether nobody writes a part: whoever does holds it locked. What is no file of ours is none.
fn is_dead(part: &Path) -> bool {
    match open(part, Making::Found) {
        Ok(file) => file.metadata().is_ok_and(|found| found.is_file()) && try_lock(&file).unwrap_or(false),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// Where the part of a database lies that will have this name.
pub fn part_of(place: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(place.file_name().unwrap_or_default());
    name.push(".part");
    place.with_file_name(name)
}

/// A path with something behind its name.
pub(super) fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Gives a file a name that is free, in one step where the system can.
fn appear(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;

        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            done => return Ok(done?),
        }
    }
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // A file system without second names.
        Err(_) if fs::symlink_metadata(to).is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(from, to),
    }
}

/// Whether a part is made, or one that is there is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Making {
    New,
    Found,
}

#[cfg(unix)]
fn open(path: &Path, making: Making) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};

    // A link would lead elsewhere, and a pipe be waited for.
    let how = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let how = match making {
        Making::New => how | OFlags::CREATE | OFlags::EXCL,
        Making::Found => how,
    };
    // Records are nobody else's business.
    Ok(rustix::fs::open(path, how, Mode::from_raw_mode(0o600))?.into())
}

#[cfg(not(unix))]
fn open(path: &Path, making: Making) -> io::Result<File> {
    File::options().read(true).write(true).create_new(making == Making::New).open(path)
}

/// Whether nobody else has it. A lock here is none that SQLite sees.
#[cfg(unix)]
fn try_lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(fs::TryLockError::WouldBlock) => Ok(false),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

/// A locked file could not be written by SQLite here.
#[cfg(not(unix))]
fn try_lock(_file: &File) -> io::Result<bool> {
    Ok(true)
}

#[cfg(unix)]
fn is_at_its_name(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;

    let ours = file.metadata().map(|found| (found.dev(), found.ino()));
    let there = fs::symlink_metadata(path).map(|found| (found.dev(), found.ino()));
    matches!((ours, there), (Ok(ours), Ok(there)) if ours == there)
}

#[cfg(not(unix))]
fn is_at_its_name(path: &Path, _file: &File) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_dead_one_left_is_taken_over_and_nothing_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("state.db");
        let beside = folder.path().join(".state.db.part");
        for name in [beside.clone(), with(&beside, "-wal"), with(&beside, "-journal")] {
            fs::write(name, "half of it").expect("written");
        }
        let part = Part::beside(&place, Duration::ZERO).expect("taken over");
        assert_eq!(fs::read(part.path()).expect("there"), b"");
        #[cfg(unix)]
        Part::beside(&place, Duration::ZERO).expect_err("it is held");
        fs::write(part.path(), "whole").expect("written");
        part.keep(Over::Nothing).expect("kept");
        let again = Part::beside(&place, Duration::ZERO).expect("free again");
        fs::write(again.path(), "other").expect("written");
        assert_eq!(again.keep(Over::Nothing).expect_err("taken").kind(), io::ErrorKind::AlreadyExists);
        drop(Part::beside(&place, Duration::ZERO).expect("free again"));
        assert_eq!(fs::read_to_string(&place).expect("there"), "whole");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing stays");
        let other = Part::beside(&place, Duration::ZERO).expect("free again");
        fs::write(other.path(), "newer").expect("written");
        other.keep(Over::Store).expect("kept");
        assert_eq!(fs::read_to_string(&place).expect("there"), "newer");
    }

    #[test]
    #[cfg(unix)]
    fn the_parts_of_the_dead_are_told_from_those_of_the_living() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let alive = Part::beside(&path("alive.db"), Duration::ZERO).expect("made");
        for name in [".dead.db.part", ".dead.db.part-wal", ".gone.db.part-journal", ".other", "dead.db.part", "dead.db"] {
            fs::write(path(name), "half of it").expect("written");
        }
        fs::create_dir(path(".folder.db.part")).expect("made");
        let dead = [".dead.db.part", ".gone.db.part"].map(path);
        assert_eq!(dead_parts(folder.path(), "").expect("listed"), dead);
        assert_eq!(dead_parts(folder.path(), "gone").expect("listed"), dead[1..]);
        assert_eq!((dead_part_of(&path("dead.db")), dead_part_of(&path("alive.db"))), (Some(dead[0].clone()), None));
        remove_dead_part(alive.path()).expect_err("it is held");
        dead.iter().try_for_each(|part| remove_dead_part(part)).expect("removed");
        assert_eq!(dead_parts(folder.path(), "").expect("listed"), Vec::<PathBuf>::new());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 5, "nothing else goes");
        assert_eq!(dead_parts(&path("absent"), "").expect("listed"), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_part_that_has_its_name_already_is_not_emptied() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("state.db");
        fs::write(&place, "the store").expect("written");
        // Where names are exchanged by a second one, whoever dies in between leaves both.
        fs::hard_link(&place, part_of(&place)).expect("linked");
        drop(Part::beside(&place, Duration::ZERO).expect("taken over"));
        assert_eq!(fs::read_to_string(&place).expect("there"), "the store");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing stays");
    }

    #[test]
    #[cfg(unix)]
    fn a_link_in_its_way_is_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("mine"), "mine").expect("written");
        std::os::unix::fs::symlink("mine", folder.path().join(".state.db.part")).expect("linked");
        Part::beside(&folder.path().join("state.db"), Duration::ZERO).expect_err("a link");
        assert_eq!(fs::read_to_string(folder.path().join("mine")).expect("there"), "mine");
    }
}
