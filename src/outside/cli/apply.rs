//! `segue apply`: the store follows the files.

use crate::operation::{self, Application, Following};
use crate::outside::report::{Align, Table};

use super::arguments::{Apply, Arguments};
use super::desk::{Desk, Writes};
use super::screen::Screen;
use super::verbs::sequences;
use super::{Exit, complain, unless_closed};

pub(super) fn run(arguments: &Arguments, command: &Apply, screen: &Screen) -> anyhow::Result<Exit> {
    let what = if command.sequences.is_empty() { "apply".to_owned() } else { format!("apply {}", command.sequences.join(" ")) };
    let desk = Desk::open(arguments, &command.changing, screen, Writes::Files, what)?;
    let ids = match sequences(&desk, &command.sequences) {
        Ok(ids) => ids,
        Err(refusal) => return Ok(desk.refuse(&refusal)),
    };
    let which = if ids.is_empty() { Following::All } else { Following::These(&ids) };
    let message = command.changing.message.as_deref();
    let applied = desk.perform_considered(
        |ground| operation::apply(ground, which, message),
        |application| application.verbs().collect(),
        |application| application.decision.clone(),
    )?;
    let application = match applied {
        Ok(application) => application,
        Err(refusal) => return Ok(desk.refuse(&refusal)),
    };
    if application.followed.is_empty() {
        application.decision.notes.iter().for_each(|note| complain(note));
        unless_closed(screen.print(|out| writeln!(out, "nothing to apply: no file asks for anything")))?;
        return Ok(Exit::Fine);
    }
    let preview = preview(&application);
    desk.finish_shown(application.decision, &preview)
}

/// What each file asks for, and what comes of it.
fn preview(application: &Application) -> Table {
    let mut table = Table::new(&[("SEQUENCE", Align::Whole), ("ITS FILE ASKS FOR", Align::Left), ("THEN", Align::Left)]);
    for followed in &application.followed {
        let verbs: Vec<&str> = followed.verbs.iter().map(|verb| verb.word()).collect();
        table.row([followed.sequence.as_str(), &verbs.join(", "), &followed.outcome]);
    }
    table
}
