//! `segue validate --against REV`: what a change does to live sequences, for whoever reviews it.

use anyhow::Context;

use crate::diagnostic::Diagnostic;
use crate::outside::git::{GitError, Repository};
use crate::text::FilePath;
use crate::workspace::{Against, Compared, SEQUENCES};

use super::open::Opened;
use super::{WrongUse, complain};

/// How many files a sentence names before it counts the rest.
const NAMED: usize = 3;

/// What the table refuses of all that changed since a revision. What could not be compared is told on standard error.
pub(super) fn against(opened: &Opened, revision: &str) -> anyhow::Result<Vec<Diagnostic>> {
    let repository = Repository::around(opened.root.path());
    let commit = repository.commit(revision).map_err(|error| match error {
        GitError::NoRevision { .. } => anyhow::Error::new(WrongUse(error.to_string())),
        error => error.into(),
    })?;
    let mut against = Against::new(&opened.workspace, revision);
    let not_here = repository.not_checked_out()?;
    let mut take = |path: FilePath, content| {
        let is_here = !not_here.contains(&path) || opened.workspace.knows(&path);
        if is_here {
            against.take(path, content);
        }
    };
    let left_out =
        repository.sequence_files(&commit, &mut take).with_context(|| format!("the files at `{revision}` cannot be read"))?;
    let Compared { findings, unread, files } = against.finish();
    if !not_here.is_empty() {
        complain(&format!("not checked out here, and not compared: {}", not_here.len()));
    }
    if files == 0 && not_here.is_empty() && opened.workspace.counts().sequences > 0 {
        let root = opened.root.path().display();
        complain(&format!("at `{revision}` there is no sequence in {root}/{SEQUENCES}: every sequence counts as new"));
    }
    if !unread.is_empty() {
        let what = "cannot be read as it was at";
        complain(&format!("{} {what} `{revision}`, so that its changes are not judged", listed(&unread)));
    }
    if !left_out.is_empty() {
        complain(&format!("{} is a submodule at `{revision}`, and what it held is not looked at", listed(&left_out)));
    }
    if !findings.is_empty() && repository.has_moved_on(&commit) {
        let hint = format!("what they changed counts as undone here; `--against {revision}...` compares with where they part");
        complain(&format!("`{revision}` has commits that HEAD has not: {hint}"));
    }
    Ok(findings)
}

fn listed(files: &[FilePath]) -> String {
    let named: Vec<&str> = files.iter().take(NAMED).map(FilePath::as_str).collect();
    let rest = files.len().saturating_sub(NAMED);
    let rest = if rest == 0 { String::new() } else { format!(" and {rest} more") };
    // "each", so that one and several read the same.
    let each = if files.len() == 1 { "" } else { ": each" };
    format!("{}{rest}{each}", named.join(", "))
}
