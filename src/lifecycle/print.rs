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

#[cfg(test)]
mod tests {
    use super::*;

    /// What may happen when, as it was agreed on before a line of it was written. Whoever changes the table changes this, too.
    const AGREED: &str = "\
new                  refused    refused       refused
clone                a copy     a copy        a copy
edit                 yes        refused       yes
change-record-type   refused    refused       refused
assign               yes        yes           yes
tag                  yes        yes           yes
untag                yes        yes           yes
rename               yes        yes           yes
activate             -> active  refused       -> active
revise               refused    -> revision   refused
discard              refused    refused       -> active
deactivate           refused    -> inactive   -> inactive
connect              refused    yes           yes
disconnect           yes        yes           yes
delete               gone       gone          gone
";

    #[test]
    fn the_table_is_the_one_that_was_agreed_on() {
        let line = |row: TableRow| {
            let [inactive, active, revision] = row.cells.try_into().expect("there are three states");
            format!("{:<21}{:<11}{:<14}{}\n", row.verb.word(), inactive.word, active.word, revision.word)
        };
        let printed: String = table_rows().into_iter().map(line).collect();
        assert_eq!(printed, AGREED);
    }

    #[test]
    fn every_refusal_says_what_to_do_instead_and_that_may_be_done() {
        for (verb, state) in Verb::ALL.iter().flat_map(|verb| State::ALL.iter().map(move |state| (*verb, *state))) {
            let Verdict::Refused(bar) = judge(verb, state) else { continue };
            assert!(!bar.instead.is_empty(), "{verb} {state}");
            let leads_on = |instead: &Verb| *instead == Verb::New || matches!(judge(*instead, state), Verdict::Allowed { .. });
            let stuck: Vec<&Verb> = bar.instead.iter().filter(|instead| !leads_on(instead)).collect();
            assert!(stuck.is_empty() || verb == Verb::New, "{verb} {state}: {stuck:?}");
        }
    }
}
