//! # unknown-record-type
//!
//! A record type is neither built in (`lead`, `opportunity`, `account`, `contact`) nor declared, where
//! segue.yaml declares some.
//!
//! ## Why
//!
//! No record is of that type, so none can be connected. Worse, fields and stages are checked against the
//! type: with a name that nobody knows, every misspelt field in the sequence would pass.
//!
//! ## Bad
//!
//! ```yaml
//! # segue.yaml
//! record_types:
//!   subscription:
//!     fields: {plan: text, seats: number}
//!
//! # sequences/renewal.yaml
//! record_type: subscripton
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # segue.yaml
//! record_types:
//!   subscription:
//!     fields: {plan: text, seats: number}
//!
//! # sequences/renewal.yaml
//! record_type: subscription
//! ```
//!
//! ## Settings
//!
//! `record_types` in segue.yaml declares record types. Where it is left out, any name is taken.
//!
//! ## See also
//!
//! `unknown-field`, `unknown-process`, `advance-other-type`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::record::BUILT_IN_TYPES;
use crate::text::suggest;
use crate::yaml::did_you_mean_or;

pub(super) fn unknown_record_type(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let (Some(declared), Some(used)) = (&scene.settings.record_types, &scene.sequence.record_type) else { return Vec::new() };
    let known = || BUILT_IN_TYPES.into_iter().chain(declared.keys().map(String::as_str));
    if known().any(|name| name == used.value) {
        return Vec::new();
    }
    let problem =
        Diagnostic::new(Code::UnknownRecordType, scene.at(used.span), format!("there is no record type `{}`", used.value));
    vec![did_you_mean_or(problem, suggest(&used.value, known()), used.span, "declare it under `record_types` in segue.yaml")]
}
