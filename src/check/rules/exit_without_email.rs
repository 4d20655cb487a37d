//! # exit-without-email
//!
//! `exit_on: [replied]` stands in a sequence that sends no email.
//!
//! ## Why
//!
//! There is nothing that anybody could reply to, so the exit never happens. Whoever wrote it counts on people
//! being left in peace once they answer, and they will go on being called. Dynamics 365 Sales, our reference,
//! wants at least one email in a sequence with this exit.
//!
//! ## Bad
//!
//! ```yaml
//! exit_on: [replied]
//! steps:
//!   - {id: call, type: phone_call, name: Call}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! exit_on: [replied]
//! steps:
//!   - {id: intro, type: email, name: Introduce ourselves}
//!   - {id: breathe, type: wait, for: 2d}
//!   - {id: call, type: phone_call, name: Call}
//! ```
//!
//! ## See also
//!
//! `condition-without-email`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn exit_without_email(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let has_email = scene.steps().any(|step| step.kind.is_email());
    // A sequence without a step has another problem.
    if has_email || scene.sequence.steps.list.is_empty() || scene.sequence.steps.is_damaged_anywhere() {
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
