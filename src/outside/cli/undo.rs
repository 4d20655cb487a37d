//! `segue undo`: an operation is taken back by a new one.

use crate::diagnostic::Code;
use crate::operation::{self, Base, Happened, Refusal, Staging, unknown_operation};
use crate::outside::disk;
use crate::text::{FilePath, Source};
use crate::workspace::{FileKind, kind_of, read_text};

use super::arguments::{Arguments, Undo};
use super::desk::{Desk, Writes};
use super::screen::Screen;
use super::{Exit, complain};

pub(super) fn run(arguments: &Arguments, command: &Undo, screen: &Screen) -> anyhow::Result<Exit> {
    let what = match command.operation {
        Some(number) => format!("undo {number}"),
        None => "undo --last".to_owned(),
    };
    let (mut desk, mut base) = Desk::gather(arguments, &command.changing, screen, Writes::Files, what)?;
    let happened = match happened(&desk, command.operation)? {
        Ok(happened) => happened,
        Err(refusal) => return Ok(desk.refuse(&refusal)),
    };
    lay_others_beside(&desk, &happened, &mut base);
    desk.staging.replace(Staging::new(base, desk.now));
    desk.say_what(format!("undo {}", happened.number));
    let undone = desk.perform_considered(
        |ground| operation::undo(ground, &happened),
        |undoing| undoing.verbs.iter().map(|(verb, sequence)| (*verb, sequence)).collect(),
        |undoing| undoing.decision.clone(),
    )?;
    match undone {
        Ok(undoing) => desk.finish(&[undoing.decision]),
        Err(refusal) => Ok(desk.refuse(&refusal)),
    }
}

/// The operation that is meant: by its number, or the latest.
fn happened(desk: &Desk<'_>, number: Option<i64>) -> anyhow::Result<Result<Happened, Box<Refusal>>> {
    let number = match (number, &desk.store) {
        (Some(number), _) => number,
        (None, None) => return Ok(Err(Box::new(nothing_yet()))),
        (None, Some(store)) => match store.last_operation()? {
            Some(number) => number,
            None => return Ok(Err(Box::new(nothing_yet()))),
        },
    };
    let happened = desk.store.as_ref().map(|store| store.happened(number)).transpose()?.flatten();
    Ok(happened.ok_or_else(|| Box::new(unknown_operation(number))))
}

fn nothing_yet() -> Refusal {
    Refusal::new(Code::UnknownOperation, "nothing was done yet that could be undone")
}

/// Lays files beside the sequences and tests that the operation changed too, like the settings.
fn lay_others_beside(desk: &Desk<'_>, happened: &Happened, base: &mut Base) {
    let is_other = |path: &FilePath| match kind_of(path) {
        FileKind::Settings | FileKind::Template(_) | FileKind::Script => true,
        FileKind::Sequence(_) | FileKind::Test | FileKind::Ignored(_) | FileKind::Other => false,
    };
    for path in happened.files.iter().map(|(file, _)| &file.path).filter(|path| is_other(path)) {
        let read: Result<Source, _> = read_text(path, disk::read(&desk.root, path));
        match read {
            Ok(source) => drop(base.tests.insert(path.clone(), source)),
            Err((_, finding)) => complain(&format!("{path} counts as gone: {}", finding.message)),
        }
    }
}
