//! What a workspace's state suffers from: left over by a crash, kept for somebody to look at, or about to go wrong.
//! In come the folder, the store and an instant; out come complaints, each with what to do about it.
//! Never changes anything: what can be settled without a choice, [`settle`] settles.
#![allow(clippy::disallowed_methods, reason = "this is where strays are searched for, and the last backup is noted")]

mod backups;
mod settling;
mod strays;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::outside::commit::{Diverged, What, is_left_over, kept};
use crate::outside::disk::{Disk, Lock, RealDisk, Root, Writer};
use crate::outside::git::Repository;
use crate::outside::store::{FOLDER, Store, StoreError};
use crate::sequence::SequenceId;
use crate::shape::words;
use crate::text::FilePath;
use crate::time::Instant;

pub use backups::{LastBackup, begin_backup, end_backup, last_backup, lies_in_work_tree, note_backup};
pub use settling::settle;
use strays::{parts, strays};

words! {
    /// What there may be to complain of. A name never changes its meaning.
    Kind {
        /// The store cannot be read, or is not whole.
        DamagedStore "damaged-store",
        /// The store was made by a newer program.
        NewerStore "newer-store",
        /// The store was made by an older program.
        OlderStore "older-store",
        /// The store serves sequences, and none of them is in this workspace.
        ForeignStore "foreign-store",
        /// The store was restored, messages wait in it, and nobody has confirmed that it may send again.
        SendingWaits "sending-waits",
        /// A file says something else than a commit decided, since somebody changed it meanwhile.
        CommitDiverged "commit-diverged",
        /// A commit is decided, and some files have not followed yet.
        UnfinishedCommit "unfinished-commit",
        /// Texts lie about that were made for a commit which was never decided.
        UndecidedCommit "undecided-commit",
        /// A file of ours lies about that nobody knows of any more.
        StrayFile "stray-file",
        /// Whoever wrote last ended without a word.
        DeadWriter "dead-writer",
        /// Git would take the store in.
        StoreInGit "store-in-git",
        /// The store lies in the work tree, where it is easily removed, and no backup of it is known.
        NoBackup "no-backup",
        /// Connections wait past their time.
        Overdue "overdue",
        /// Versions that nobody is on any more.
        UnusedVersions "unused-versions",
    }
}

impl Kind {
    /// Whether somebody has to do something about it.
    pub fn needs_a_person(self) -> bool {
        match self {
            Self::DamagedStore
            | Self::NewerStore
            | Self::ForeignStore
            | Self::CommitDiverged
            | Self::StrayFile
            | Self::StoreInGit
            | Self::NoBackup
            | Self::Overdue => true,
            Self::OlderStore
            | Self::SendingWaits
            | Self::UnfinishedCommit
            | Self::UndecidedCommit
            | Self::DeadWriter
            | Self::UnusedVersions => false,
        }
    }
}

/// Something to complain of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// What it is.
    pub kind: Kind,
    /// What is the matter, in words.
    pub message: String,
    /// The files that it is about, as they are called from the workspace.
    pub paths: Vec<String>,
    /// What to do.
    pub help: Vec<String>,
}

impl Complaint {
    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), paths: Vec::new(), help: Vec::new() }
    }

    fn at(mut self, path: impl ToString) -> Self {
        self.paths.push(path.to_string());
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

/// What is looked at.
#[derive(Debug)]
pub struct Patient<'p> {
    /// The workspace.
    pub root: &'p Root,
    /// Where its store lies.
    pub store: &'p Path,
    /// The sequences that its files declare.
    pub declared: &'p BTreeSet<SequenceId>,
    /// The instant that what is due is compared with.
    pub now: Instant,
}

/// What a look gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// All there is to complain of, what needs a person first.
    pub complaints: Vec<Complaint>,
    /// Who is writing just now: what they leave about is theirs, and was not looked at.
    pub writer: Option<String>,
}

/// So long something may be due before it counts as forgotten, in hours: whoever moves it may do so once a day.
const OVERDUE_HOURS: i64 = 24;

/// Looks at everything.
///
/// # Errors
/// Where the folder cannot be looked into.
pub fn examine(patient: &Patient<'_>) -> std::io::Result<Examined> {
    let disk = RealDisk::at(patient.root)?;
    // Where the lock's file cannot be opened, nobody else can write either.
    let writer = Lock::writer(patient.root).unwrap_or(Writer::Nobody);
    let mut complaints = Vec::new();
    match Store::open_as_it_is(patient.store) {
        Ok(None) => {}
        Ok(Some(store)) => {
            if let Err(error) = of_the_store(&store, patient, &writer, &mut complaints) {
                complaints.push(unreadable(&error));
            }
        }
        Err(error) => complaints.push(unreadable(&error)),
    }
    complaints.extend(kept(&disk)?.iter().map(diverged));
    match &writer {
        Writer::Somebody(_) => {}
        Writer::Nobody | Writer::Dead(_) => of_the_folder(patient, &disk, &writer, &mut complaints)?,
    }
    complaints.sort_by_key(|complaint| (!complaint.kind.needs_a_person(), complaint.kind));
    let writer = match writer {
        Writer::Somebody(who) => Some(who),
        Writer::Nobody | Writer::Dead(_) => None,
    };
    Ok(Examined { complaints, writer })
}

fn unreadable(error: &StoreError) -> Complaint {
    let cause = std::error::Error::source(error).map_or_else(String::new, |cause| format!(": {cause}"));
    let kind = if matches!(error, StoreError::Newer { .. }) { Kind::NewerStore } else { Kind::DamagedStore };
    Complaint::new(kind, format!("{error}{cause}"))
}

/// What the store itself tells.
fn of_the_store(
    store: &Store,
    patient: &Patient<'_>,
    writer: &Writer,
    complaints: &mut Vec<Complaint>,
) -> Result<(), StoreError> {
    let flaws = store.check()?;
    if !flaws.is_empty() {
        let complaint = Complaint::new(Kind::DamagedStore, format!("the store is not whole: {}", flaws.join("; ")));
        let help = "put a backup in its place with `segue store restore`; what is there is kept";
        complaints.push(complaint.at(name_in(patient.root, store.path())).help(help));
        return Ok(());
    }
    complaints.extend(of_its_place(store, patient)?);
    let ((_, epoch), (form, known)) = (store.identity()?, store.form()?);
    let waiting = if epoch > 1 { store.waiting_messages()? } else { 0 };
    if waiting > 0 {
        let messages = if waiting == 1 { "1 message waits".to_owned() } else { format!("{waiting} messages wait") };
        let words = format!("the store was restored, its epoch is {epoch}, and {messages} for somebody to confirm the sending");
        let help = "this segue sends nothing and has no command for it yet: nothing has to be done";
        complaints.push(Complaint::new(Kind::SendingWaits, words).help(help));
    }
    if !matches!(writer, Writer::Somebody(_)) {
        complaints.extend(unfinished(store)?);
    }
    if form < known {
        let complaint = Complaint::new(Kind::OlderStore, format!("the store's form is {form}, and this segue writes {known}"));
        complaints.push(complaint.help("the next command that writes brings it up to date, or `segue store migrate`"));
        return Ok(());
    }
    complaints.extend(foreign(store, patient)?);
    complaints.extend(overdue(store, patient.now)?);
    complaints.extend(unused(store)?);
    Ok(())
}

fn unfinished(store: &Store) -> Result<Option<Complaint>, StoreError> {
    let pending = store.pending()?;
    let Some(first) = pending.first() else { return Ok(None) };
    let words = format!("operation {} is decided and has not reached {}", first.operation, files(pending.len()));
    let complaint = Complaint::new(Kind::UnfinishedCommit, words).help(TIDIED);
    Ok(Some(pending.iter().fold(complaint, |complaint, file| complaint.at(&file.path))))
}

/// What is said of what comes right by itself.
const TIDIED: &str = "the next command that writes completes it, or `segue doctor --fix`";

fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

fn foreign(store: &Store, patient: &Patient<'_>) -> Result<Option<Complaint>, StoreError> {
    let published = store.sequences(patient.now)?;
    let is_here = published.iter().any(|line| patient.declared.contains(&line.id));
    if published.is_empty() || patient.declared.is_empty() || is_here {
        return Ok(None);
    }
    let names: Vec<&str> = published.iter().take(3).map(|line| line.id.as_str()).collect();
    let words = format!(
        "the store knows {} published sequence{}, like `{}`, and none is in this workspace: it may belong to another one",
        published.len(),
        if published.len() == 1 { "" } else { "s" },
        names.join("`, `")
    );
    let help = "name the right store with `store:` in segue.yaml or SEGUE_STORE, or bring its files back";
    Ok(Some(Complaint::new(Kind::ForeignStore, words).at(name_in(patient.root, store.path())).help(help)))
}

fn overdue(store: &Store, now: Instant) -> Result<Option<Complaint>, StoreError> {
    let Ok(before) = now.checked_sub(jiff::SignedDuration::from_hours(OVERDUE_HOURS)) else { return Ok(None) };
    Ok(store.overdue(before)?.map(|overdue| {
        let words = match overdue.connections {
            1 => "1 connection waits".to_owned(),
            more => format!("{more} connections wait"),
        };
        let since = overdue.since.strftime("%Y-%m-%d %H:%M UTC");
        let complaint = Complaint::new(Kind::Overdue, format!("{words} past the time, since {since} the longest"));
        complaint.help("`segue connections ID` tells who it is; nothing has moved them for a day")
    }))
}

fn unused(store: &Store) -> Result<Option<Complaint>, StoreError> {
    let unused = store.unused_versions()?;
    let count: u64 = unused.iter().map(|(_, count)| count).sum();
    let sequences = unused.len();
    Ok((count > 0).then(|| {
        let words = format!(
            "{count} older version{} of {sequences} sequence{} nobody on {}",
            if count == 1 { "" } else { "s" },
            if sequences == 1 { if count == 1 { " has" } else { " have" } } else { "s have" },
            if count == 1 { "it" } else { "them" }
        );
        Complaint::new(Kind::UnusedVersions, words).help("they are kept as history; nothing has to be done")
    }))
}

/// What git or a broom may do to a store in the work tree.
fn of_its_place(store: &Store, patient: &Patient<'_>) -> Result<Vec<Complaint>, StoreError> {
    let mut complaints = Vec::new();
    let root = patient.root;
    let Ok(place) = std::fs::canonicalize(store.path()) else { return Ok(complaints) };
    if !lies_in_work_tree(root, &place) {
        return Ok(complaints);
    }
    let name = name_in(root, &place);
    let (id, _) = store.identity()?;
    let backup = last_backup(root, &id);
    let lies_beside = backup.as_ref().is_some_and(|backup| lies_in_work_tree(root, Path::new(&backup.path)));
    let beside = backup.as_ref().filter(|_| lies_beside).map(|backup| PathBuf::from(&backup.path));
    complaints.extend(in_git(root, &place, "the store"));
    complaints.extend(beside.and_then(|beside| in_git(root, &beside, "a backup of the store")));
    let Some((newest, _)) = store.newest_operation()? else { return Ok(complaints) };
    let (words, backup) = match backup {
        None => {
            ("the store lies in the work tree, where `git clean -dfx` removes it, and no backup of it is known".to_owned(), None)
        }
        Some(backup) if lies_beside => {
            let words = "the store lies in the work tree, where `git clean -dfx` removes it, and the last backup with it";
            (words.to_owned(), Some(backup))
        }
        Some(backup) if newest - backup.operation > MOST_BEHIND => {
            (format!("the last backup of the store is {} operations behind", newest - backup.operation), Some(backup))
        }
        Some(_) => return Ok(complaints),
    };
    let complaint = Complaint::new(Kind::NoBackup, words).at(&name);
    let complaint = backup.iter().fold(complaint, |complaint, backup| complaint.at(name_in(root, Path::new(&backup.path))));
    complaints.push(complaint.help("segue store backup PATH, to a place outside of the work tree"));
    Ok(complaints)
}

fn in_git(root: &Root, place: &Path, what: &str) -> Option<Complaint> {
    if Repository::around(root.path()).leaves_out(place) != Some(false) {
        return None;
    }
    let words = format!("git would take {what} in: it holds records, and is another file after every command");
    let name = name_in(root, place);
    let help = match root.file_path(place) {
        Some(_) => format!("add `/{name}*` to .gitignore, and `git rm --cached {name}` where it is tracked"),
        None => format!("name it in a .gitignore, and `git rm --cached {name}` where it is tracked"),
    };
    Some(Complaint::new(Kind::StoreInGit, words).at(&name).help(help))
}

/// So many operations may have come since the last backup.
const MOST_BEHIND: i64 = 1_000;

fn diverged(diverged: &Diverged) -> Complaint {
    let Diverged { path, what, kept, .. } = diverged;
    let complaint = Complaint::new(Kind::CommitDiverged, diverged.to_string()).at(path).at(kept);
    let (take, drop) = match what {
        What::Ours | What::Theirs => ("puts it into the file", "forgets it, and the file stays as it is"),
        What::Deletion => ("deletes the file", "lets it stay"),
    };
    complaint.help(format!("`segue doctor --take {kept}` {take}")).help(format!("`segue doctor --drop {kept}` {drop}"))
}

/// What lies about in the folder.
fn of_the_folder(
    patient: &Patient<'_>,
    disk: &dyn Disk,
    writer: &Writer,
    complaints: &mut Vec<Complaint>,
) -> std::io::Result<()> {
    if let Writer::Dead(who) = writer {
        complaints.push(Complaint::new(Kind::DeadWriter, format!("{who} ended without a word")).help(TIDIED));
    }
    let is_undecided = is_left_over(disk)?;
    let is_unfinished = complaints.iter().any(|complaint| complaint.kind == Kind::UnfinishedCommit);
    if is_undecided && !is_unfinished {
        let words = "texts lie about that were made for an operation which was never decided";
        complaints.push(Complaint::new(Kind::UndecidedCommit, words).help(TIDIED));
    }
    // What belongs to a commit that is not over is no stray, and a store that cannot be asked may know of one.
    let keeps_silent = |kind: Kind| matches!(kind, Kind::DamagedStore | Kind::NewerStore);
    let is_known = !complaints.iter().any(|complaint| keeps_silent(complaint.kind));
    if !is_undecided && !is_unfinished && is_known {
        let strays = strays(patient.root)?.into_iter().map(|stray| stray.to_string());
        let parts = parts(patient.root, patient.store)?.into_iter().map(|part| name_in(patient.root, &part));
        let mut found: Vec<String> = strays.chain(parts).collect();
        found.sort();
        if !found.is_empty() {
            let words = format!(
                "{} of ours {} about, and nobody knows of {} any more",
                files(found.len()),
                if found.len() == 1 { "lies" } else { "lie" },
                if found.len() == 1 { "it" } else { "them" }
            );
            let complaint = Complaint::new(Kind::StrayFile, words);
            let help = "`segue doctor --fix` removes what is half or known, and keeps what somebody may have typed";
            complaints.push(found.iter().fold(complaint, |complaint, stray| complaint.at(stray)).help(help));
        }
    }
    Ok(())
}

/// A path as short as it can be: from the workspace, where it lies in it.
fn name_in(root: &Root, path: &Path) -> String {
    root.file_path(path).map_or_else(|| path.display().to_string(), |name: FilePath| name.to_string())
}

/// The folder of local state.
fn local(root: &Root) -> PathBuf {
    root.path().join(FOLDER)
}
