//! # unknown-owner
//!
//! An owner who is not declared, where people are.

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::suggest;

pub(super) fn unknown_owner(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let (Some(people), Some(owner)) = (&scene.settings.people, &scene.sequence.owner) else { return Vec::new() };
    if people.contains_key(&owner.value) {
        return Vec::new();
    }
    let problem = Diagnostic::new(Code::UnknownOwner, scene.at(owner.span), format!("nobody is called `{}`", owner.value));
    vec![match suggest(&owner.value, people.keys().map(String::as_str)) {
        Some(near) => problem.did_you_mean(Some(near)).fix(format!("write `{near}`"), Safety::Guess, owner.span, near),
        None => problem.help("declare them under `people` in segue.yaml"),
    }]
}
