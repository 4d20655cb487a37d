//! What may happen when: the states of a sequence and the verbs that each allows; and who may do it.
//! In come a verb and a state, or what a file was and what it is; out come permission, or why not and what would be allowed.
//! Asks no store and no clock; whoever asks gets the same answer.

mod change;
mod comparison;
mod print;
mod revision;
mod roles;
pub mod rules;
mod table;

pub use change::{Edition, Judgement, judge_change};
pub use comparison::{Comparison, Missing, Publications, Published, Version, compare};
pub use print::{RoleRow, TableCell, TableRow, role_rows, table_rows};
pub use revision::{Since, Written, judge_revision};
pub use roles::{Capacity, Deed, Reach, capacity, people_who_may, reach};
pub use table::{Bar, Effect, Verb, Verdict, allowed_in, judge};
