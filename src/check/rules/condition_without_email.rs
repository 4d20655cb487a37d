//! # condition-without-email
//!
//! A condition asks what became of an email, and no email comes before it, or `of` names a step that is no
//! email or does not come before it.
//!
//! ## Why
//!
//! An email that was never sent is never opened and never answered. Every record would wait until `within` is
//! over and then take the `else` branch, as if all of them had kept silent. In Dynamics 365 Sales, our
//! reference, such a condition can only be put behind an email.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: call, type: phone_call, name: Call}
//! - id: interested
//!   type: condition
//!   any_of: [email_opened]
//!   within: 2d
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - {id: call, type: phone_call, name: Call}
//! - id: interested
//!   type: condition
//!   any_of: [email_opened]
//!   within: 2d
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## See also
//!
//! `condition-without-call`, `ambiguous-result`, `exit-without-email`

use crate::check::results::{Asks, asks};
use crate::check::scene::Scene;
use crate::check::ways::Asked;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn condition_without_email(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let asked =
        scene.ways.questions.iter().filter(|asked| !asked.is_unclear && asks(asked.criterion, scene.settings) == Asks::Email);
    asked.filter_map(|asked| problem(scene, asked)).collect()
}

fn problem(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Diagnostic> {
    let Some(of) = &asked.criterion.of else {
        // Where some ways have one and others none, that is ambiguous rather than missing.
        let missing = asked.emails.steps.is_empty();
        let message = format!("`{}` asks what became of an email, and there is none before it", asked.step.label());
        return missing.then(|| {
            Diagnostic::new(Code::ConditionWithoutEmail, scene.at(asked.criterion.key), message)
                .help("put an email before it, or move it behind one")
        });
    };
    let step = scene.steps().find(|step| step.id.as_ref().is_some_and(|id| id.value == of.value))?;
    let at = scene.at(of.span);
    if !step.kind.is_email() {
        let message = format!("`{}` is {}, not an email", of.value, step.kind.describe());
        let problem = Diagnostic::new(Code::ConditionWithoutEmail, at, message);
        return Some(
            problem.related(scene.at(step.head), format!("`{}` is here", of.value)).help("name an email before the condition"),
        );
    }
    if asked.passed_by_some.iter().any(|passed| std::ptr::eq(*passed, step)) {
        return None;
    }
    let message = format!("no way leads past `{}` to this condition", of.value);
    let problem = Diagnostic::new(Code::ConditionWithoutEmail, at, message);
    Some(
        problem
            .related(scene.at(step.head), format!("`{}` is here", of.value))
            .help("name an email that stands before the condition"),
    )
}
