//! The table as people read it.

use crate::sequence::State;

use super::table::{Effect, Verb, Verdict, judge};

/// A line of the printed table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// The verb.
    pub verb: Verb,
    /// What it does in each state, in the order of [`State::ALL`].
    pub cells: Vec<String>,
}

/// The whole table, line by line.
pub fn table_rows() -> Vec<TableRow> {
    let row = |verb: &Verb| TableRow { verb: *verb, cells: State::ALL.iter().map(|state| cell(*verb, *state)).collect() };
    Verb::ALL.iter().map(row).collect()
}

fn cell(verb: Verb, state: State) -> String {
    match judge(verb, state) {
        Verdict::Refused(bar) => format!("refused: {} ({})", bar.reason, bar.code),
        Verdict::Allowed { effect, note } => {
            let effect = match effect {
                Effect::Stays => "yes".to_owned(),
                Effect::Becomes(state) => format!("-> {state}"),
                Effect::Copied => "another one, inactive".to_owned(),
                Effect::Gone => "gone".to_owned(),
            };
            if note.is_empty() { effect } else { format!("{effect}; {note}") }
        }
    }
}
