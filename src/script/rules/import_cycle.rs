//! # import-cycle
//!
//! A module imports itself, directly or by way of others, or a chain of imports is longer than eight.
//!
//! ## Why
//!
//! To run the one the other must have been run, and the other way round. Modules that stand in layers are
//! also those that somebody can read one by one.
//!
//! ## Bad
//!
//! ```rhai
//! // scripts/lib/names.rhai
//! import "lib/texts" as texts;
//! fn short(name) { texts::cut(name, 10) }
//! // scripts/lib/texts.rhai
//! import "lib/names" as names;
//! fn cut(text, length) { text.sub_string(0, length) }
//! // scripts/report.rhai
//! import "lib/names" as names;
//! print(names::short("Inbound lead follow-up"));
//! ```
//!
//! ## Good
//!
//! ```rhai
//! // scripts/lib/names.rhai
//! import "lib/texts" as texts;
//! fn short(name) { texts::cut(name, 10) }
//! // scripts/lib/texts.rhai
//! fn cut(text, length) { text.sub_string(0, length) }
//! // scripts/report.rhai
//! import "lib/names" as names;
//! print(names::short("Inbound lead follow-up"));
//! ```
//!
//! ## See also
//!
//! `unknown-module`

use crate::diagnostic::Code;
use crate::sandbox::Refusal;

/// The module is being imported already.
pub(in crate::script) fn refusal(chain: &[String], name: &str) -> Refusal {
    let start = chain.iter().position(|open| open == name).unwrap_or(0);
    let way: Vec<String> = chain[start..].iter().map(|open| format!("`{open}`")).collect();
    let message = match way.as_slice() {
        [_] => format!("`{name}` imports itself"),
        _ => format!("{} and `{name}` again import one another in a circle", way.join(", ")),
    };
    Refusal::new(Code::ImportCycle.name(), message).help("move what both need into a module that imports neither")
}

/// Modules import modules that import modules.
pub(in crate::script) fn too_long(chain: &[String], name: &str, most: usize) -> Refusal {
    let message = format!("`{name}` is imported over {} modules, and {most} is the most", chain.len());
    Refusal::new(Code::ImportCycle.name(), message).help("import it closer to where it is used")
}
