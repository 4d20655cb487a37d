//! The table as people read it.

use crate::sequence::State;
use crate::settings::Role;

use super::roles::{Deed, Reach, reach};
use super::table::{Effect, Verb, Verdict, judge};

/// A line of the printed table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// The verb.
    pub verb: Verb,
    /// What it does in each state, in the order of [`State::ALL`].
    pub cells: Vec<TableCell>,
}

/// What a verb does in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableCell {
    /// At a glance: `yes`, `refused`, `-> active`.
    pub word: String,
    /// The rest of what is to know, or the reason of a refusal with its code; may be empty.
    pub note: String,
}

/// The whole table, line by line.
pub fn table_rows() -> Vec<TableRow> {
    let row = |verb: &Verb| TableRow { verb: *verb, cells: State::ALL.iter().map(|state| cell(*verb, *state)).collect() };
    Verb::ALL.iter().map(row).collect()
}

fn cell(verb: Verb, state: State) -> TableCell {
    match judge(verb, state) {
        Verdict::Refused(bar) => TableCell { word: "refused".to_owned(), note: format!("{} ({})", bar.reason, bar.code) },
        Verdict::Allowed { effect, note } => {
            let word = match effect {
                Effect::Stays => "yes".to_owned(),
                Effect::Becomes(state) => format!("-> {state}"),
                Effect::Copied => "a copy".to_owned(),
                Effect::Gone => "gone".to_owned(),
            };
            TableCell { word, note: note.to_owned() }
        }
    }
}

/// A line of the printed table of roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleRow {
    /// What is done.
    pub deed: Deed,
    /// How far the right of each role goes, in the order of [`Role::ALL`].
    pub reaches: Vec<Reach>,
}

/// The whole table of roles, line by line.
pub fn role_rows() -> Vec<RoleRow> {
    Deed::all().map(|deed| RoleRow { deed, reaches: Role::ALL.iter().map(|role| reach(*role, deed)).collect() }).collect()
}
