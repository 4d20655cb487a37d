//! The command line: arguments become commands, commands become output and an exit code.
//! In come arguments and the environment; out go results on standard output and all else on standard error.
//! Decides nothing about sequences; each command gathers, asks and prints.
#![allow(clippy::disallowed_methods, reason = "this is where arguments, environment, clock and standard streams are met")]

mod against;
mod apply;
mod arguments;
mod completions;
mod connect;
mod connections;
mod desk;
mod diff;
mod doctor;
mod edit;
mod explain;
mod filter;
mod fmt;
mod history;
mod graph;
mod import;
mod init;
mod list;
mod long;
mod open;
mod progress;
mod reading;
mod records;
mod run;
mod schema;
mod screen;
mod show;
mod store;
mod tags;
mod undo;
mod validate;
mod verbs;
mod versions;
mod watch;

use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use clap::Parser;

use crate::outside::report;

use arguments::{Arguments, Command, Records};
use screen::Screen;

/// How a command ended. The numbers are a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// No errors; warnings are allowed.
    Fine = 0,
    /// Errors were found.
    Errors = 1,
    /// The arguments cannot be understood.
    Usage = 2,
    /// The work could not be done.
    Undone = 3,
    /// Our own fault.
    Fault = 70,
    /// Interrupted from the keyboard.
    Interrupted = 130,
}

/// Runs the program. `heap` tells how many bytes the calling thread holds.
pub fn main(heap: fn() -> usize) -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return code(answer_to_usage(&error)),
    };
    // A panic is our fault and says so; what it prints stands on standard error already.
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| answer(&arguments, heap)));
    code(outcome.unwrap_or_else(|_| {
        complain("this is a fault of segue itself; please report it with the lines above");
        Exit::Fault
    }))
}

fn code(exit: Exit) -> ExitCode {
    ExitCode::from(exit as u8)
}

/// Help and version are answers, everything else is a mistake in the arguments.
fn answer_to_usage(error: &clap::Error) -> Exit {
    // Where even this cannot be printed there is nobody to tell.
    drop(error.print());
    if error.use_stderr() { Exit::Usage } else { Exit::Fine }
}

fn answer(arguments: &Arguments, heap: fn() -> usize) -> Exit {
    let screen = Screen::new(arguments.color);
    let done = match &arguments.command {
        Command::Init(command) => init::run(arguments, command),
        Command::Validate(command) => validate::run(arguments, command, &screen),
        Command::Watch(command) => watch::run(arguments, command, &screen),
        Command::Fmt(command) => fmt::run(arguments, command, &screen),
        Command::List(command) => list::run(arguments, command, &screen),
        Command::Show(command) => show::run(arguments, command, &screen),
        Command::Diff(command) => diff::run(arguments, command, &screen),
        Command::Graph(command) => graph::run(arguments, command, &screen),
        Command::Explain(command) => explain::run(command, &screen),
        Command::Schema(command) => schema::run(arguments, command, &screen),
        Command::New(command) => verbs::new(arguments, command, &screen),
        Command::Clone(command) => edit::clone(arguments, command, &screen),
        Command::Edit(command) => edit::edit(arguments, command, &screen),
        Command::Rename(command) => verbs::rename(arguments, command, &screen),
        Command::Assign(command) => verbs::assign(arguments, command, &screen),
        Command::Restore(command) => verbs::restore(arguments, command, &screen),
        Command::Tag(command) => verbs::tag(arguments, command, &screen),
        Command::Untag(command) => verbs::untag(arguments, command, &screen),
        Command::Tags(command) => tags::run(arguments, command, &screen),
        Command::Activate(command) => verbs::activate(arguments, command, &screen),
        Command::Revise(command) => verbs::revise(arguments, command, &screen),
        Command::Discard(command) => verbs::discard(arguments, command, &screen),
        Command::Deactivate(command) => verbs::deactivate(arguments, command, &screen),
        Command::Delete(command) => verbs::delete(arguments, command, &screen),
        Command::Apply(command) => apply::run(arguments, command, &screen),
        Command::Connect(command) => verbs::connect(arguments, command, &screen),
        Command::Disconnect(command) => verbs::disconnect(arguments, command, &screen),
        Command::Records(Records::Import(command)) => import::run(arguments, command, &screen),
        Command::Records(Records::List(command)) => records::list(arguments, command, &screen),
        Command::Records(Records::Show(command)) => records::show(arguments, command, &screen),
        Command::Connections(command) => connections::run(arguments, command, &screen),
        Command::Undo(command) => undo::run(arguments, command, &screen),
        Command::History(command) => history::run(arguments, command, &screen),
        Command::Store(command) => store::run(arguments, command, &screen),
        Command::Completions(command) => completions::completions(command, &screen),
        Command::Man(command) => completions::manual(arguments, command, &screen),
        Command::Doctor(command) => doctor::run(arguments, command, &screen),
        Command::Run(command) => run::run(arguments, command, &screen, heap),
    };
    done.unwrap_or_else(|error| failure(&error))
}

/// What a failure of the world comes to: a message with its causes, unless the reader of our output is gone.
fn failure(error: &anyhow::Error) -> Exit {
    let is_closed_pipe = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(is_closed_pipe) {
        return Exit::Fine;
    }
    if let Some(refusal) = error.downcast_ref::<WrongUse>() {
        complain(&refusal.0);
        return Exit::Usage;
    }
    if let Some(fault) = error.downcast_ref::<Fault>() {
        complain(&format!("{}; this is a fault of segue itself, please report it", fault.0));
        return Exit::Fault;
    }
    complain(&format!("{error:#}"));
    if error.is::<Refusal>() { Exit::Errors } else { Exit::Undone }
}

/// A reader that has seen enough is no failure: what was found still decides how the program ends.
fn unless_closed(printed: io::Result<()>) -> io::Result<()> {
    match printed {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Something that is asked for and may not be done.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Refusal(String);

/// An argument that can be read and means nothing.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct WrongUse(String);

/// A mistake of ours.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Fault(String);

/// Says on standard error what went wrong.
fn complain(message: &str) {
    // Where standard error is closed there is nobody to tell.
    drop(writeln!(io::stderr(), "segue: {}", report::clean(message)));
}
