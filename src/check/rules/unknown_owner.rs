//! # unknown-owner
//!
//! A sequence's owner is not declared, where segue.yaml declares people.
//!
//! ## Why
//!
//! The owner is who may change the sequence and whom a seller asks when a step makes no sense. Nobody feels
//! responsible for a sequence whose owner does not exist, and nobody notices that it has grown old.
//!
//! ## Bad
//!
//! ```yaml
//! # segue.yaml
//! people:
//!   ana.ruiz: {roles: [sequence_manager]}
//!   bo.lind: {roles: [salesperson]}
//!
//! # sequences/inbound-lead.yaml
//! owner: anna.ruiz
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # segue.yaml
//! people:
//!   ana.ruiz: {roles: [sequence_manager]}
//!   bo.lind: {roles: [salesperson]}
//!
//! # sequences/inbound-lead.yaml
//! owner: ana.ruiz
//! ```
//!
//! ## Settings
//!
//! `people` in segue.yaml declares who there is. Where it is left out, any name is taken.
//!
//! ## See also
//!
//! `unknown-calendar`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::suggest;
use crate::yaml::did_you_mean_or;

pub(super) fn unknown_owner(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let (Some(people), Some(owner)) = (&scene.settings.people, &scene.sequence.owner) else { return Vec::new() };
    if people.contains_key(&owner.value) {
        return Vec::new();
    }
    let problem = Diagnostic::new(Code::UnknownOwner, scene.at(owner.span), format!("nobody is called `{}`", owner.value));
    vec![did_you_mean_or(
        problem,
        suggest(&owner.value, people.keys().map(String::as_str)),
        owner.span,
        "declare them under `people` in segue.yaml",
    )]
}
