//! `segue validate --fix`: safe fixes, written like any other change: under the lock, compared with what lies there, whole.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::diagnostic::Diagnostic;
use crate::mending::{Doubt, Mended, mend};
use crate::operation::{Changes, JournalEntry, RowChange};
use crate::outside::cli::arguments::{Arguments, Changing, Validate};
use crate::outside::cli::desk::{actor, recovered, store_path, store_path_by, tell_diverged};
use crate::outside::cli::filter::Filter;
use crate::outside::cli::open::{Beside, Opened, open_beside, open_for_writing, start};
use crate::outside::cli::screen::Screen;
use crate::outside::cli::{Exit, WrongUse, complain, unless_closed};
use crate::outside::commit::{Committed, commit};
use crate::outside::disk::{self, Lock, RealDisk, Root};
use crate::outside::report;
use crate::outside::store::Store;
use crate::text::FilePath;
use crate::time::Instant;
use crate::workspace::{Workspace, kind_of};

use super::{Check, Hint, diverged, prefix, selected};

pub(super) fn run(arguments: &Arguments, command: &Validate, filter: &Filter, screen: &Screen) -> anyhow::Result<Exit> {
    if command.dry_run {
        let mut opened = open_beside(arguments, Beside { no_store: command.no_store, no_cache: command.no_cache })?;
        let files = selected(&opened, command, &[])?;
        let mended = mend_files(&mut opened.workspace, filter, |file| files.as_ref().is_none_or(|files| files.contains(file)));
        return show(&opened.workspace, mended, &opened, command, filter, screen);
    }
    if command.no_store {
        bail!(WrongUse(
            "`--fix` writes together with the store, so that nothing is half done; leave out `--no-store`".to_owned()
        ));
    }
    let start = start(arguments)?;
    let root = disk::find_root(&start)?;
    // Before the lock is taken: git, once started, would keep it if this process died then.
    let actor = actor(&Changing::default(), &root);
    let patience = command.lock_timeout.map_or(Duration::ZERO, |time| time.0);
    let lock = Lock::take(&root, "segue validate --fix", patience)?;
    let path = store_path(&root).or_else(|error| mended_store_path(&root).ok_or(error))?;
    let store = recovered(&lock, &root, Store::open_up_to_date(&path)?)?;
    let mut opened = open_for_writing(&root, start, path.clone(), store.as_ref())?;
    drop(store);
    let files = selected(&opened, command, &[])?;
    let mended = mend_files(&mut opened.workspace, filter, |file| files.as_ref().is_none_or(|files| files.contains(file)));
    if !mended.files.is_empty() {
        let entry = JournalEntry { what: "validate --fix".to_owned(), actor, at: Instant::now(), message: None };
        let changes = Changes { files: mended.files.clone(), rows: rows(&mended) };
        let disk = RealDisk::at(&root).context("cannot open the workspace's folder")?;
        let Committed { diverged, .. } = commit(&lock, &disk, &mut Store::create(&path)?, &entry, &changes)?;
        diverged.iter().for_each(tell_diverged);
    }
    drop(lock);
    let told = opened.workspace.take_told();
    let check = Check { workspace: &opened.workspace, since: diverged(&root)?, files, filter, command, prefix: prefix(&root) };
    tell(&mended, Tense::Done);
    let found = check.findings(told);
    unless_closed(screen.print(|out| check.tell(out, &found, screen.terminal(), Hint::Needless)))?;
    Ok(check.exit(&found))
}

/// Mends what is asked for in the files that are asked about.
pub(super) fn mend_files(workspace: &mut Workspace, filter: &Filter, is_asked_about: impl Fn(&FilePath) -> bool) -> Mended {
    mend(workspace, &|finding| is_asked_about(&finding.primary.file) && filter.names(finding))
}

/// Shows the difference, and how much would be left.
fn show(
    workspace: &Workspace,
    mended: Mended,
    opened: &Opened,
    command: &Validate,
    filter: &Filter,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let files = opened.select(&command.only)?;
    let check = Check { workspace, since: Vec::new(), files, filter, command, prefix: prefix(&opened.root) };
    tell(&mended, Tense::Possible);
    let changes = Changes { files: mended.files, rows: Vec::new() };
    unless_closed(screen.print(|out| report::changes(out, &changes, screen.terminal())))?;
    let found = check.findings(workspace.told());
    if !found.findings.is_empty() {
        complain(&format!("{} would be left", counted(found.findings.len(), "problem")));
    }
    Ok(check.exit(&found))
}

/// Where the store lies once the settings are mended, if that is all that keeps us from knowing.
fn mended_store_path(root: &Root) -> Option<std::path::PathBuf> {
    let file = FilePath::new(crate::settings::FILE_NAME);
    let mut workspace = Workspace::new();
    workspace.update(vec![(file.clone(), disk::read(root, &file))]);
    let _ = mend(&mut workspace, &|_| true);
    store_path_by(root, workspace.settings()).ok()
}

/// A line of the journal for each sequence.
fn rows(mended: &Mended) -> Vec<RowChange> {
    let sequences = mended.files.iter().filter_map(|file| Some((kind_of(&file.path).into_sequence()?, &file.path)));
    let detail = |path: &FilePath| by_code(mended.fixed.iter().filter(|finding| finding.primary.file == *path));
    sequences.map(|(sequence, path)| RowChange::Note { sequence, verb: "fix", detail: detail(path) }).collect()
}

/// Whether something was done or only could be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    Done,
    Possible,
}

/// Says on standard error what was mended, and what was left and why.
pub(super) fn tell(mended: &Mended, tense: Tense) {
    for (finding, doubt) in &mended.left {
        complain(&format!("not fixed: {}: {} ({}): {}", finding.primary.file, finding.code, finding.message, why(doubt)));
    }
    if mended.fixed.is_empty() {
        return;
    }
    let word = match tense {
        Tense::Done => "fixed",
        Tense::Possible => "would fix",
    };
    let (problems, files) = (counted(mended.fixed.len(), "problem"), counted(mended.files.len(), "file"));
    complain(&format!("{word} {problems} in {files}: {}", by_code(mended.fixed.iter())));
}

fn why(doubt: &Doubt) -> String {
    match doubt {
        Doubt::Published => {
            "what is published says something else than the mended file would; see `edited-while-active`".to_owned()
        }
        Doubt::Brings(message) => format!("mended, the file would have another problem: {message}"),
        Doubt::Stays => "the problem would stay".to_owned(),
        Doubt::Meaning => "the sequence would say something else".to_owned(),
        Doubt::Comment(comment) => format!("the comment `{comment}` would be lost"),
        Doubt::Disputed(why) => format!("the file would not be read alike everywhere: {why}"),
        Doubt::Unread => "the file is not what was read".to_owned(),
    }
}

/// `2 unused-ignore, 1 wrong-type`
fn by_code<'d>(findings: impl Iterator<Item = &'d Diagnostic>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    findings.for_each(|finding| *counts.entry(finding.code.name()).or_default() += 1);
    counts.into_iter().map(|(code, count)| format!("{count} {code}")).collect::<Vec<_>>().join(", ")
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
