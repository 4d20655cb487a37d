//! `segue validate -`: one file comes on standard input, as editors and hooks give it.

use std::collections::BTreeSet;
use std::io::{self, Read};

use anyhow::{Context, bail};

use crate::diagnostic::Code;
use crate::operation::Changes;
use crate::outside::cli::arguments::{Arguments, Validate};
use crate::outside::cli::filter::Filter;
use crate::outside::cli::open::{Beside, open_beside, start};
use crate::outside::cli::screen::Screen;
use crate::outside::cli::{Exit, WrongUse, complain, unless_closed};
use crate::outside::report;
use crate::text::{FilePath, MAX_FILE_BYTES};
use crate::workspace::{Content, Workspace};

use super::fixing::{Tense, mend_files, tell};
use super::{Check, Hint, is_checked, prefix};

/// What a text without a name is judged as.
const NAMELESS: &str = "sequences/stdin.yaml";

pub(super) fn run(arguments: &Arguments, command: &Validate, filter: &Filter, screen: &Screen) -> anyhow::Result<Exit> {
    let (mut workspace, path, prefix) = match &command.stdin_filename {
        Some(name) => {
            let opened = open_beside(arguments, Beside { no_store: command.no_store, no_cache: command.no_cache })?;
            let Some(path) = opened.root.file_path(&start(arguments)?.join(name)) else {
                bail!(WrongUse(format!("{name} lies outside the workspace {}", opened.root.path().display())));
            };
            if !is_checked(&path) {
                bail!(WrongUse(format!("{path} would be neither a sequence nor segue.yaml")));
            }
            (opened.workspace, path, prefix(&opened.root))
        }
        None => {
            complain(
                "standard input is checked by itself, as the sequence `stdin`, and what it refers to is not looked for; \
                      `--stdin-filename` says which file of the workspace it is",
            );
            (Workspace::new(), FilePath::new(NAMELESS), report::Prefix::default())
        }
    };
    let content = read_all()?;
    workspace.update(vec![(path.clone(), content.clone())]);
    let alone = command.stdin_filename.is_none();
    let filter = if alone { filter.clone().without(Code::UnknownSequence) } else { filter.clone() };
    let before = workspace.source(&path);
    let mended = command.fix.then(|| mend_files(&mut workspace, &filter, |file| *file == path));
    let told = workspace.take_told();
    let check = Check {
        workspace: &workspace,
        since: Vec::new(),
        files: Some(BTreeSet::from([path.clone()])),
        filter: &filter,
        command,
        prefix,
    };
    let found = check.findings(told);
    let Some(mended) = mended else {
        unless_closed(screen.print(|out| check.tell(out, &found, screen.terminal(), Hint::Needless)))?;
        return Ok(check.exit(&found));
    };
    // What is no text goes on as it came, so that a pipe loses nothing.
    let after = workspace.source(&path).filter(|_| before.is_some()).map(|source| source.text().to_owned());
    let tense = if command.dry_run { Tense::Possible } else { Tense::Done };
    tell(&mended, tense);
    let printed = match (command.dry_run, mended.files.is_empty(), after, content) {
        (true, ..) => {
            let changes = Changes { files: mended.files, rows: Vec::new() };
            screen.print(|out| report::changes(out, &changes, screen.terminal()))
        }
        (false, false, Some(after), _) => screen.print(|out| out.write_all(after.as_bytes())),
        (false, _, _, Content::Bytes(bytes)) => screen.print(|out| out.write_all(&bytes)),
        (false, _, _, Content::Gone | Content::TooLarge { .. } | Content::Unreadable(_) | Content::LeftOut(_)) => Ok(()),
    };
    unless_closed(printed)?;
    // Where standard error is closed there is nobody to tell.
    drop(check.tell(&mut io::stderr().lock(), &found, screen.terminal(), Hint::Needless));
    Ok(check.exit(&found))
}

/// All of standard input. Of what is too large for a file only the size is kept.
fn read_all() -> anyhow::Result<Content> {
    let mut input = io::stdin().lock();
    let mut bytes = Vec::new();
    let most = MAX_FILE_BYTES as u64 + 1;
    let read = input.by_ref().take(most).read_to_end(&mut bytes).context("cannot read standard input")?;
    if read <= MAX_FILE_BYTES {
        return Ok(Content::Bytes(bytes));
    }
    let rest = io::copy(&mut input, &mut io::sink()).context("cannot read standard input")?;
    Ok(Content::TooLarge { bytes: read as u64 + rest })
}
