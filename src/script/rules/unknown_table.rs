//! # unknown-table
//!
//! A script asks for a CSV file that is not among the arguments of its run.
//!
//! ## Why
//!
//! A script opens no file. Whoever runs it names the tables that it may see, and they are read before it
//! starts.
//!
//! ## Bad
//!
//! ```text
//! $ cat scripts/connect-list.rhai
//! for row in csv("fair.csv") { print(row.id); }
//! $ segue run connect-list
//! ```
//!
//! ## Good
//!
//! ```text
//! $ cat scripts/connect-list.rhai
//! for row in csv("fair.csv") { print(row.id); }
//! $ segue run connect-list fair.csv
//! ```
//!
//! ## See also
//!
//! `unknown-module`

use crate::diagnostic::Code;
use crate::operation::Refusal;
use crate::text::suggest;

/// No table of that name was handed in; the names of those that were.
pub(in crate::script) fn unknown_table(name: &str, known: &[&str]) -> Refusal {
    let refusal = Refusal::new(Code::UnknownTable, format!("`{name}` is no table of this run"));
    let refusal = match suggest(name, known.iter().copied()) {
        Some(near) => refusal.help(format!("did you mean `{near}`?")),
        None => refusal,
    };
    refusal.help("name the file behind the script: `segue run SCRIPT FILE.csv`; a script opens none by itself")
}
