//! # duplicate-step-name
//!
//! Two messages of a sequence have the same name and different templates.
//!
//! ## Why
//!
//! Sellers and statistics know a step by its name. Where two different messages share one, nobody can tell
//! which of them was opened and which was not. Calls and tasks may be called alike, and so may a message that
//! is sent again.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: first, type: email, name: Send the offer, template: offer}
//! - {id: breathe, type: wait, for: 3d}
//! - {id: second, type: email, name: Send the offer, template: offer-with-discount}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: first, type: email, name: Send the offer, template: offer}
//! - {id: breathe, type: wait, for: 3d}
//! - {id: second, type: email, name: Offer a discount, template: offer-with-discount}
//! ```
//!
//! ## See also
//!
//! `duplicate-step-id`, `duplicate-name`

use foldhash::{HashMap, HashMapExt};

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::{Activity, Step, StepKind};
use crate::text::Located;

pub(super) fn duplicate_step_name(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let mut first_by_name: HashMap<String, (&Located<String>, &str)> = HashMap::new();
    let mut findings = Vec::new();
    for (name, template) in scene.steps().filter_map(message) {
        let (first, of_first) = *first_by_name.entry(name.value.trim().to_lowercase()).or_insert((name, template));
        if of_first != template {
            let message = format!("another message with another template is called `{}` too", name.value);
            findings.push(
                Diagnostic::new(Code::DuplicateStepName, scene.at(name.span), message)
                    .related(scene.at(first.span), format!("this one sends `{of_first}`"))
                    .help("name each after what it says"),
            );
        }
    }
    findings
}

/// A message's name and template.
fn message(step: &Step) -> Option<(&Located<String>, &str)> {
    match &step.kind {
        StepKind::Activity(Activity { template: Some(template), .. }) => Some((step.name.as_ref()?, &template.value)),
        StepKind::Activity(Activity { template: None, .. })
        | StepKind::Wait(_)
        | StepKind::AbTest(_)
        | StepKind::Condition(_)
        | StepKind::AdvanceTo(_)
        | StepKind::UpdateField { .. }
        | StepKind::End(_)
        | StepKind::Unreadable => None,
    }
}
