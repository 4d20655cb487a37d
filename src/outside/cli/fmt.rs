//! `segue fmt`

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::diagnostic::Diagnostic;
use crate::operation::{Changes, FileChange};
use crate::outside::disk::{self, Root};
use crate::outside::report;
use crate::outside::store::Store;
use crate::script::api::Said;
use crate::sequence::{self, SequenceId};
use crate::settings;
use crate::text::{FilePath, MAX_FILE_BYTES, Source};
use crate::trial;
use crate::workspace::{Content, FileKind, kind_of, read_text};
use crate::yaml::format::FormatError;

use super::arguments::{Arguments, Changing, Fmt};
use super::desk::{Consent, Desk, Writes, store_path};
use super::open::{lies_in, start};
use super::reading::read_files;
use super::screen::Screen;
use super::{Exit, WrongUse, complain, unless_closed};

/// The argument that stands for standard input.
const STANDARD_INPUT: &str = "-";

pub(super) fn run(arguments: &Arguments, command: &Fmt, screen: &Screen) -> anyhow::Result<Exit> {
    if command.only == [STANDARD_INPUT] {
        return standard_input(arguments, command, screen);
    }
    if command.only.iter().any(|argument| argument == STANDARD_INPUT) || command.stdin_filename.is_some() {
        bail!(WrongUse("`--stdin-filename` goes with `-`, and `-` stands alone".to_owned()));
    }
    if command.check || command.diff { look(arguments, command, screen) } else { write(arguments, command, screen) }
}

/// What became of one file.
struct Laid {
    path: FilePath,
    outcome: Outcome,
}

enum Outcome {
    /// It has its layout.
    Same,
    /// Its layout is another; the text before and after.
    Other(Source, Source),
    /// It is no text or no YAML that we take; with the text, where there is one.
    Broken(Option<Source>, Vec<Diagnostic>),
    /// It has to stay as it is.
    Left(FormatError),
}

/// What became of all files, sorted by path.
struct Work {
    files: Vec<Laid>,
}

/// Says what would change, and changes nothing.
fn look(arguments: &Arguments, command: &Fmt, screen: &Screen) -> anyhow::Result<Exit> {
    let start = start(arguments)?;
    let root = disk::find_root(&start)?;
    // Settings that cannot be read are told of below, and then nobody knows where a store lies.
    let store = store_path(&root).ok().map(|path| Store::open(&path)).transpose()?.flatten();
    let work = Work::on(&root, &start, &command.only, store.as_ref())?;
    let exit = work.tell(screen);
    let changes = work.changes();
    unless_closed(screen.print(|out| match command.diff {
        true => report::changes(out, &changes, screen.terminal()),
        false => changes.files.iter().try_for_each(|file| writeln!(out, "{}", report::clean(file.path.as_str()))),
    }))?;
    complain(&work.summary("would change"));
    let is_wanted = changes.is_empty() || !command.check;
    Ok(if exit == Exit::Fine && !is_wanted { Exit::Errors } else { exit })
}

/// Writes the files whose layout is another.
fn write(arguments: &Arguments, command: &Fmt, screen: &Screen) -> anyhow::Result<Exit> {
    let changing = Changing { lock_timeout: command.lock_timeout, ..Changing::default() };
    let desk = Desk::begin(arguments, &changing, screen, Writes::Files, "fmt".to_owned())?;
    let work = Work::on(&desk.root, &desk.start, &command.only, desk.store.as_ref())?;
    let exit = work.tell(screen);
    let mut said = Said::default();
    let changes = work.changes();
    said.done.extend(changes.files.iter().map(|file| format!("formatted {}", file.path)));
    said.done.push(work.summary("formatted"));
    desk.finish_with(&changes, &said, Consent::Given)?;
    Ok(exit)
}

/// What somebody's editor hands over, and gets back laid out.
fn standard_input(arguments: &Arguments, command: &Fmt, screen: &Screen) -> anyhow::Result<Exit> {
    let path = match &command.stdin_filename {
        Some(path) => name_of(arguments, path)?,
        None => FilePath::new("standard input"),
    };
    let mut bytes = Vec::new();
    // One byte more than a file may have tells that it has too many.
    io::stdin().lock().take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes).context("cannot read standard input")?;
    let work = Work { files: vec![laid(path, Content::Bytes(bytes.clone()))] };
    let exit = work.tell(screen);
    if exit != Exit::Fine {
        return Ok(exit);
    }
    let changes = work.changes();
    unless_closed(screen.print(|out| match (command.diff, command.check) {
        (true, _) => report::changes(out, &changes, screen.terminal()),
        (false, true) => changes.files.iter().try_for_each(|file| writeln!(out, "{}", report::clean(file.path.as_str()))),
        (false, false) => match changes.files.first().and_then(|file| file.after.as_ref()) {
            Some(after) => out.write_all(after.as_bytes()),
            None => out.write_all(&bytes),
        },
    }))?;
    Ok(if command.check && !changes.is_empty() { Exit::Errors } else { Exit::Fine })
}

/// The path of a file as the workspace has it, if it lies in one; as it was said otherwise.
fn name_of(arguments: &Arguments, path: &Path) -> anyhow::Result<FilePath> {
    let whole = start(arguments)?.join(path);
    let folder = whole.parent().unwrap_or(&whole);
    let inside = disk::find_root(folder).ok().and_then(|root| root.file_path(&whole));
    Ok(inside.unwrap_or_else(|| FilePath::new(path.to_string_lossy().replace('\\', "/"))))
}

impl Work {
    /// Lays out the files that arguments name, or all.
    fn on(root: &Root, start: &Path, only: &[String], store: Option<&Store>) -> anyhow::Result<Self> {
        let mut contents = read_files(root, store, &|path| has_layout(&kind_of(path)))?;
        if !only.is_empty() {
            let paths: Vec<&FilePath> = contents.iter().map(|(path, _)| path).collect();
            let mut wanted = BTreeSet::new();
            for argument in only {
                wanted.extend(named(root, start, argument, &paths)?);
            }
            contents.retain(|(path, _)| wanted.contains(path));
        }
        if contents.is_empty() {
            bail!("nothing to format: no sequence and no settings lie in {}", root.path().display());
        }
        let mut files: Vec<Laid> = contents.into_par_iter().map(|(path, content)| laid(path, content)).collect();
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(Self { files })
    }

    /// The new texts.
    fn changes(&self) -> Changes {
        let change = |file: &Laid| match &file.outcome {
            Outcome::Other(before, after) => Some(FileChange {
                path: file.path.clone(),
                before: Some(Arc::from(before.text())),
                after: Some(Arc::from(after.text())),
            }),
            Outcome::Same | Outcome::Broken(..) | Outcome::Left(_) => None,
        };
        Changes { files: self.files.iter().filter_map(change).collect(), rows: Vec::new() }
    }

    /// Says on standard error which files stay as they are, and why.
    fn tell(&self, screen: &Screen) -> Exit {
        let mut exit = Exit::Fine;
        for file in &self.files {
            match &file.outcome {
                Outcome::Same | Outcome::Other(..) => {}
                Outcome::Broken(source, findings) => {
                    let sources = |_: &FilePath| source.clone();
                    // Where standard error is closed there is nobody to tell.
                    drop(report::human(&mut io::stderr().lock(), findings, &sources, screen.terminal()));
                    exit = exit.max(Exit::Errors);
                }
                Outcome::Left(FormatError::Unverified(why)) => {
                    complain(&format!(
                        "{} is left as it is: {why}; this is a fault of segue itself, please report it",
                        file.path
                    ));
                    exit = Exit::Fault;
                }
                Outcome::Left(error) => {
                    complain(&format!("{} is left as it is: {error}", file.path));
                    exit = exit.max(Exit::Errors);
                }
            }
        }
        exit
    }

    /// How many files there are, and what became of them.
    fn summary(&self, done: &str) -> String {
        let count = |is: fn(&Outcome) -> bool| self.files.iter().filter(|file| is(&file.outcome)).count();
        let changed = count(|outcome| matches!(outcome, Outcome::Other(..)));
        let left = count(|outcome| matches!(outcome, Outcome::Broken(..) | Outcome::Left(_)));
        let files = match self.files.len() {
            1 => "1 file".to_owned(),
            count => format!("{count} files"),
        };
        let left = match left {
            0 => String::new(),
            left => format!(", {left} left as it is").replace("it is", if left == 1 { "it is" } else { "they are" }),
        };
        match changed {
            0 => format!("{files} looked at, nothing to format{left}"),
            changed if done == "formatted" => format!("formatted {changed} of {files}{left}"),
            changed => format!("{changed} of {files} {done}{left}"),
        }
    }
}

/// Whether files of a kind have a layout.
fn has_layout(kind: &FileKind) -> bool {
    match kind {
        FileKind::Settings | FileKind::Sequence(_) | FileKind::Test => true,
        FileKind::Template(_) | FileKind::Script | FileKind::Ignored(_) | FileKind::Other => false,
    }
}

/// The files that an argument names: a sequence by its id, a file, or everything in a folder.
fn named(root: &Root, start: &Path, argument: &str, paths: &[&FilePath]) -> anyhow::Result<Vec<FilePath>> {
    let is_called_so = |path: &FilePath| matches!(kind_of(path), FileKind::Sequence(id) if id.as_str() == argument);
    let by_id: Vec<FilePath> = paths.iter().filter(|path| is_called_so(path)).map(|path| (*path).clone()).collect();
    if !by_id.is_empty() {
        return Ok(by_id);
    }
    if argument.trim().is_empty() {
        bail!(WrongUse("an argument is empty: name a sequence by id, or a file or folder by path".to_owned()));
    }
    let path = start.join(argument);
    if !path.exists() {
        bail!("{argument}: no sequence is called so, and no file");
    }
    let Some(inside) = root.file_path(&path) else {
        bail!("{} lies outside the workspace {}", path.display(), root.path().display());
    };
    let found: Vec<FilePath> = paths.iter().filter(|path| lies_in(path, &inside)).map(|path| (*path).clone()).collect();
    if found.is_empty() {
        bail!("nothing to format in {argument}: sequences, their tests and segue.yaml have a layout");
    }
    Ok(found)
}

fn laid(path: FilePath, content: Content) -> Laid {
    let outcome = match read_text(&path, content) {
        Err((source, finding)) => Outcome::Broken(source, vec![*finding]),
        Ok(source) => match format(&source) {
            Ok(after) if after.text() == source.text() => Outcome::Same,
            Ok(after) => Outcome::Other(source, after),
            Err(FormatError::NotSound(findings)) => Outcome::Broken(Some(source), findings),
            Err(error) => Outcome::Left(error),
        },
    };
    Laid { path, outcome }
}

/// A text in its layout. What is neither settings nor tests is taken for a sequence, whatever it is called.
fn format(source: &Source) -> Result<Source, FormatError> {
    let nameless = || SequenceId::parse("nameless").expect("it is an id");
    match kind_of(source.path()) {
        FileKind::Settings => settings::format(source),
        FileKind::Sequence(id) => sequence::format(source, &id),
        FileKind::Test => trial::format(source),
        FileKind::Template(_) | FileKind::Script | FileKind::Ignored(_) | FileKind::Other => match source.path().file_name() {
            settings::FILE_NAME => settings::format(source),
            _ => sequence::format(source, &nameless()),
        },
    }
}
