//! # exit-without-email
//!
//! `exit_on: [replied]` in a sequence that sends no email.

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn exit_without_email(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let has_email = scene.steps().any(|step| step.kind.is_email());
    if has_email || scene.sequence.steps.is_damaged_anywhere() {
        return Vec::new();
    }
    let criteria = scene.sequence.exit_on.iter();
    criteria
        .map(|criterion| {
            let message = format!("`{}` can never happen: the sequence sends no email", criterion.value);
            Diagnostic::new(Code::ExitWithoutEmail, scene.at(criterion.span), message).help("delete it, or add an email")
        })
        .collect()
}
