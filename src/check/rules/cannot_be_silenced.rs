//! # cannot-be-silenced
//!
//! A comment ignores, or segue.yaml lowers, a finding that has to stay.
//!
//! ## Why
//!
//! Most findings say that something is probably not what you want, and that is for you to decide. Some say
//! that Segue cannot know what to do: a line could not be read, two steps have one id, a record would be sent
//! to a sequence that is not there, or what the file says is not what runs. To silence those would let a
//! sequence go live that fails the first record that comes.
//!
//! ## Bad
//!
//! ```yaml
//! # segue.yaml
//! rules:
//!   unknown-sequence: warning
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # segue.yaml
//! rules:
//!   unknown-template: error
//! ```
//!
//! ## Settings
//!
//! A limit is changed under `limits` in segue.yaml; any code may be made an `error` under `rules`.
//!
//! ## See also
//!
//! `unknown-code`, `unused-ignore`

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::settings::Settings;
use crate::text::Location;

/// A comment names a code whose finding stays.
pub(in crate::check) fn ignored(at: Location, code: &str) -> Diagnostic {
    Diagnostic::new(Code::CannotBeSilenced, at, format!("`{code}` cannot be silenced: the finding stays"))
        .help("mend what is found, and delete this")
}

/// The levels in `rules`.
pub(super) fn lowered(settings: &Settings) -> Vec<Diagnostic> {
    let lowered = settings.rules.iter().filter(|rule| rule.lowers_what_is_firm());
    lowered
        .map(|rule| {
            let name = &rule.code.value;
            let is_warning = Code::from_name(name).is_some_and(|code| code.severity() == Severity::Warning);
            let stays = if is_warning { "a warning" } else { "an error" };
            let message = format!("`{name}` cannot count as `{}`: it stays {stays}", rule.level);
            Diagnostic::new(Code::CannotBeSilenced, settings.file.at(rule.code.span), message).help("delete this line")
        })
        .collect()
}
