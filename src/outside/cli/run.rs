//! `segue run`: one script, from its name to an exit code.

use std::collections::BTreeMap;
use std::io::{self, BufReader, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::diagnostic::{Code, Diagnostic};
use crate::operation::{NoRules, Staging};
use crate::outside::disk::{self, Root};
use crate::outside::records::table_of_texts;
use crate::outside::report::{self, human};
use crate::outside::store::Store;
use crate::sandbox::{Cancel, Limits, Meter};
use crate::script::api::{Api, Said, Table, Tables, Trouble, Work, Yielded};
use crate::script::{self, ENDING, Ending, FOLDER, Output, Request, Scripts, module_name};
use crate::text::{FilePath, Source, suggest};
use crate::workspace::read_text;

use super::arguments::{Arguments, Patience, Run};
use super::desk::{Consent, Desk, Writes};
use super::open::start;
use super::progress::Waiting;
use super::reading::content_of_trouble;
use super::screen::Screen;
use super::{Exit, Fault};

/// The largest table that a script takes, in bytes.
const MAX_TABLE: u64 = 64 << 20;

pub(super) fn run(arguments: &Arguments, command: &Run, screen: &Screen, heap: fn() -> usize) -> anyhow::Result<Exit> {
    let start = start(arguments)?;
    let root = disk::find_root(&start)?;
    let scripts = scripts(&root);
    let name = name_of(&command.script, &scripts, &root, &start)?;
    let tables = tables(&start, &command.args)?;
    let (mut desk, base) = Desk::gather(arguments, &command.changing, screen, Writes::Files, what(&name, &command.args))?;
    let waiting = Waiting::new(format!("running {name}"));
    let line = waiting.bar();
    let request = Request {
        name,
        args: command.args.clone(),
        now: desk.now,
        limits: limits(command),
        meter: Meter { heap, now: since_start },
        cancel: cancel_on_interrupt()?,
        print: Box::new(move |output, text| line.suspend(|| print(output, text))),
    };
    let (facts, actor, now, max_changes) = (desk.store.take(), desk.actor.clone(), desk.now, command.max_changes);
    // A staging stays on the thread that made it.
    let host = move || {
        let staging = Staging::new(base, now);
        Api::new(Work { staging, facts, house: Box::new(NoRules), actor, tables, max_changes })
    };
    let outcome = script::run(&scripts, request, host);
    drop(waiting);
    if outcome.lines_left_out > 0 {
        super::complain(&format!("{} more printed lines are not shown", outcome.lines_left_out));
    }
    let yielded = outcome.yielded;
    match (outcome.ending, yielded) {
        (Ending::Interrupted, _) => Ok(Exit::Interrupted),
        (Ending::Failed(finding), yielded) => {
            let told = yielded.as_ref().map(|yielded| &yielded.sources);
            complain(&finding, &scripts, told, screen);
            super::complain("nothing was changed");
            Ok(exit_for(&finding, yielded.and_then(|yielded| yielded.trouble)))
        }
        (Ending::Done, Some(yielded)) => keep(desk, yielded),
        (Ending::Done, None) => bail!(Fault("what the script asked for was lost".to_owned())),
    }
}

/// Keeps what a script asked for. It was asked in so many words, so nobody is asked again.
fn keep(desk: Desk<'_>, yielded: Yielded<Option<Store>>) -> anyhow::Result<Exit> {
    let Yielded { facts, changes, said, .. } = yielded;
    drop(facts);
    // The script prints what it wants to be known.
    let told = Said { done: Vec::new(), ..said };
    desk.finish_with(&changes, &told, Consent::Given)
}

fn exit_for(finding: &Diagnostic, trouble: Option<Trouble>) -> Exit {
    match trouble {
        Some(Trouble::Unavailable(_)) => Exit::Undone,
        Some(Trouble::Broken(_)) => Exit::Fault,
        Some(Trouble::TooManyChanges { .. }) | None if finding.code == Code::Internal => Exit::Fault,
        Some(Trouble::TooManyChanges { .. }) | None => Exit::Errors,
    }
}

/// What was asked for, as somebody would type it.
fn what(name: &str, args: &[String]) -> String {
    std::iter::once("run").chain([name]).chain(args.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
}

/// The CSV files that are named among the arguments: read before the script runs, since it opens no file itself.
fn tables(start: &Path, args: &[String]) -> anyhow::Result<Tables> {
    let named = args.iter().filter(|arg| arg.to_ascii_lowercase().ends_with(".csv"));
    let read = |arg: &String| {
        let table = table(&start.join(arg)).with_context(|| format!("cannot read {arg}"))?;
        Ok((arg.clone(), table))
    };
    named.map(read).collect()
}

fn table(path: &Path) -> anyhow::Result<Table> {
    let bytes = std::fs::metadata(path)?.len();
    if bytes > MAX_TABLE {
        bail!("it has {} MiB, and a script takes at most {}", bytes >> 20, MAX_TABLE >> 20);
    }
    let mut rows = table_of_texts(BufReader::new(std::fs::File::open(path)?))?;
    let header = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
    Ok(Table { header, rows })
}

/// Every script of the workspace, read before one of them runs.
fn scripts(root: &Root) -> Scripts {
    let listing = disk::list(root);
    let files = listing.files.into_iter().filter(|file| module_name(file).is_some());
    let read = files.map(|file| {
        let content = disk::read(root, &file);
        (file, content)
    });
    let troubles = listing.troubles.into_iter().map(|trouble| (trouble.path, content_of_trouble(&trouble.reason)));
    Scripts::new(read.chain(troubles).map(|(file, content)| {
        let text = read_text(&file, content).map_err(|(_, finding)| *finding);
        (file, text)
    }))
}

/// The name of the script that an argument means: its name, or a path to its file.
fn name_of(argument: &str, scripts: &Scripts, root: &Root, start: &std::path::Path) -> anyhow::Result<String> {
    let is_known = |name: &str| scripts.get(name).is_some() || scripts.unread(name).is_some();
    if is_known(argument) {
        return Ok(argument.to_owned());
    }
    let path = start.join(argument);
    if argument.ends_with(ENDING) && path.exists() {
        return match root.file_path(&path).as_ref().and_then(module_name).filter(|name| is_known(name)) {
            Some(name) => Ok(name.to_owned()),
            None => bail!("{argument} lies outside {}", root.path().join(FOLDER).display()),
        };
    }
    let plain = argument.strip_suffix(ENDING).unwrap_or(argument);
    if is_known(plain) {
        return Ok(plain.to_owned());
    }
    match suggest(plain, scripts.names()) {
        Some(near) => bail!("there is no script `{argument}`; did you mean `{near}`?"),
        None => bail!("there is no script `{argument}`; {}", listed(scripts)),
    }
}

/// The names that could have been meant.
fn listed(scripts: &Scripts) -> String {
    const MOST: usize = 20;
    let names: Vec<&str> = scripts.names().collect();
    let shown = names[..names.len().min(MOST)].join(", ");
    match names.len() {
        0 => format!("no file {FOLDER}/NAME{ENDING} is there"),
        count if count > MOST => format!("there are {shown} and {} more", count - MOST),
        _ => format!("there are {shown}"),
    }
}

fn limits(command: &Run) -> Limits {
    let Patience(time) = command.timeout;
    Limits { operations: command.max_operations, time, heap: command.max_memory << 20, ..Limits::AUTOMATION }
}

/// The time since this was first asked.
fn since_start() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

fn cancel_on_interrupt() -> anyhow::Result<Cancel> {
    let cancel = Cancel::default();
    let heard = Arc::clone(&cancel);
    ctrlc::set_handler(move || heard.store(true, Ordering::Relaxed)).context("cannot listen for an interrupt")?;
    Ok(cancel)
}

/// A line of the script, at once. Where the reader is gone the script goes on: its work does not depend on who listens.
fn print(output: Output, line: &str) {
    drop(match output {
        Output::Result => write_line(&mut io::stdout(), line),
        Output::Trace => write_line(&mut io::stderr(), line),
    });
}

/// What scripts print comes from records, and those from anybody: a terminal is given nothing that it obeys, a pipe all of it.
fn write_line(out: &mut (impl Write + IsTerminal), line: &str) -> io::Result<()> {
    let line = match out.is_terminal() {
        true => line.split('\t').map(report::clean).collect::<Vec<_>>().join("\t"),
        false => line.to_owned(),
    };
    out.write_all(format!("{line}\n").as_bytes())
}

/// The finding on standard error, with the lines that it is about.
fn complain(finding: &Diagnostic, scripts: &Scripts, told: Option<&BTreeMap<FilePath, Source>>, screen: &Screen) {
    let sources = |path: &FilePath| scripts.at(path).or_else(|| told?.get(path)).cloned();
    // Where standard error is closed there is nobody to tell.
    drop(human(&mut io::stderr().lock(), std::slice::from_ref(finding), &sources, screen.terminal()));
}
