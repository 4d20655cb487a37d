//! `segue run`: one script, from its name to an exit code.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use jiff::Timestamp;

use crate::diagnostic::Diagnostic;
use crate::outside::disk::{self, Root};
use crate::outside::report::human;
use crate::sandbox::{Cancel, Limits, Meter};
use crate::script::{self, ENDING, Ending, FOLDER, NoHost, Output, Request, Scripts, module_name};
use crate::text::{FilePath, suggest};
use crate::workspace::read_text;

use super::Exit;
use super::arguments::{Arguments, Patience, Run};
use super::open::{content_of_trouble, start};
use super::screen::Screen;

pub(super) fn run(arguments: &Arguments, command: &Run, screen: &Screen, heap: fn() -> usize) -> anyhow::Result<Exit> {
    let start = start(arguments)?;
    let root = disk::find_root(&start)?;
    let scripts = scripts(&root);
    let name = name_of(&command.script, &scripts, &root, &start)?;
    let request = Request {
        name,
        args: command.args.clone(),
        now: command.now.unwrap_or_else(Timestamp::now),
        limits: limits(command),
        meter: Meter { heap, now: since_start },
        cancel: cancel_on_interrupt()?,
        print: Box::new(|output, line| print(output, line)),
    };
    let outcome = script::run(&scripts, request, || NoHost);
    if outcome.lines_left_out > 0 {
        super::complain(&format!("{} more printed lines are not shown", outcome.lines_left_out));
    }
    match outcome.ending {
        Ending::Done => Ok(Exit::Fine),
        Ending::Interrupted => Ok(Exit::Interrupted),
        Ending::Failed(finding) => {
            complain(&finding, &scripts, screen);
            Ok(Exit::Errors)
        }
    }
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
    let line = format!("{line}\n");
    drop(match output {
        Output::Result => io::stdout().write_all(line.as_bytes()),
        Output::Trace => io::stderr().write_all(line.as_bytes()),
    });
}

/// The finding on standard error, with the lines that it is about.
fn complain(finding: &Diagnostic, scripts: &Scripts, screen: &Screen) {
    let sources = |path: &FilePath| scripts.at(path).cloned();
    // Where standard error is closed there is nobody to tell.
    drop(human(&mut io::stderr().lock(), std::slice::from_ref(finding), &sources, screen.terminal()));
}
