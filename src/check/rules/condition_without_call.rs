//! # condition-without-call
//!
//! A condition asks what became of a phone call, and no call comes before it, or `of` names a step that is no
//! call or does not come before it.
//!
//! ## Why
//!
//! Nobody has called, so the answer is no for everybody: all records take the `else` branch, and the steps
//! for people who were reached are never seen by a seller. In Dynamics 365 Sales, our reference, such a
//! condition can only be put behind a phone call.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - id: spoke
//!   type: condition
//!   any_of: [call_made]
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - {id: call, type: phone_call, name: Call}
//! - id: spoke
//!   type: condition
//!   any_of: [call_made]
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## See also
//!
//! `condition-without-email`, `ambiguous-result`, `unknown-result`

use crate::check::results::{Asks, asks};
use crate::check::scene::Scene;
use crate::check::ways::Asked;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn condition_without_call(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let asked =
        scene.ways.questions.iter().filter(|asked| !asked.is_unclear && asks(asked.criterion, scene.settings) == Asks::Call);
    asked.filter_map(|asked| problem(scene, asked)).collect()
}

fn problem(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Diagnostic> {
    let Some(of) = &asked.criterion.of else {
        // Where some ways have one and others none, that is ambiguous rather than missing.
        let missing = asked.calls.steps.is_empty();
        let message = format!("`{}` asks what became of a phone call, and there is none before it", asked.step.label());
        return missing.then(|| {
            Diagnostic::new(Code::ConditionWithoutCall, scene.at(asked.criterion.key), message)
                .help("put a phone call before it, or move it behind one")
        });
    };
    let step = scene.steps().find(|step| step.id.as_ref().is_some_and(|id| id.value == of.value))?;
    let at = scene.at(of.span);
    if !step.kind.is_call() {
        let message = format!("`{}` is {}, not a phone call", of.value, step.kind.describe());
        let problem = Diagnostic::new(Code::ConditionWithoutCall, at, message);
        return Some(
            problem
                .related(scene.at(step.head), format!("`{}` is here", of.value))
                .help("name a phone call before the condition"),
        );
    }
    if asked.passed_by_some.iter().any(|passed| std::ptr::eq(*passed, step)) {
        return None;
    }
    let message = format!("no way leads past `{}` to this condition", of.value);
    let problem = Diagnostic::new(Code::ConditionWithoutCall, at, message);
    Some(
        problem
            .related(scene.at(step.head), format!("`{}` is here", of.value))
            .help("name a phone call that stands before the condition"),
    )
}
