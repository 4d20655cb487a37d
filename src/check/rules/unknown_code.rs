//! # unknown-code
//!
//! A comment ignores, or segue.yaml sets, a code that no finding has.
//!
//! ## Why
//!
//! The finding that was meant goes on as before, and the line looks as if it were settled. `segue explain`
//! lists all codes.
//!
//! ## Bad
//!
//! ```yaml
//! # segue.yaml
//! rules:
//!   duplicat-name: error
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # segue.yaml
//! rules:
//!   duplicate-name: error
//! ```
//!
//! ## Settings
//!
//! `rules` in segue.yaml says what the findings of a code count as: `error`, `warning` or `off`.
//!
//! ## See also
//!
//! `cannot-be-silenced`, `unused-ignore`

use crate::diagnostic::{Code, Diagnostic};
use crate::settings::Settings;
use crate::text::{Location, suggest};
use crate::yaml::did_you_mean_or;

/// `name` is no code; `near` is one that resembles it.
pub(in crate::check) fn unknown_code(at: Location, name: &str, near: Option<&str>) -> Diagnostic {
    let span = at.span;
    let problem = Diagnostic::new(Code::UnknownCode, at, format!("there is no code `{name}`"));
    did_you_mean_or(problem, near, span, "`segue explain` lists all codes")
}

/// The codes in `rules`.
pub(super) fn in_settings(settings: &Settings) -> Vec<Diagnostic> {
    let unknown = settings.rules.iter().filter(|rule| Code::from_name(&rule.code.value).is_none());
    let of_files = || Code::ALL.iter().filter(|code| code.is_of_files()).map(|code| code.name());
    unknown
        .map(|rule| unknown_code(settings.file.at(rule.code.span), &rule.code.value, suggest(&rule.code.value, of_files())))
        .collect()
}
