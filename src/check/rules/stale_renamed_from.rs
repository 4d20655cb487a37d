//! # stale-renamed-from
//!
//! A step's `renamed_from` says nothing that can be true: a step of that id is still there, two steps claim
//! it, or it is the step's own id.
//!
//! ## Why
//!
//! When the next version is out, records that stand at the old id go on at the step that says it was renamed
//! from it. Where that is not one step, they cannot be moved, and stay behind on the old version.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - {id: call, type: phone_call, name: Call, renamed_from: intro}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: first-email, type: email, name: Introduce ourselves, renamed_from: intro}
//! - {id: call, type: phone_call, name: Call}
//! ```
//!
//! ## See also
//!
//! `duplicate-step-id`, `unknown-step`

use std::collections::HashMap;

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::Step;

pub(super) fn stale_renamed_from(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let mut by_id: HashMap<&str, &Step> = HashMap::new();
    for step in scene.steps() {
        if let Some(id) = &step.id {
            by_id.entry(&id.value).or_insert(step);
        }
    }
    let mut claimed: HashMap<&str, &Step> = HashMap::new();
    let mut findings = Vec::new();
    for step in scene.steps() {
        let Some(former) = &step.renamed_from else { continue };
        let problem = |message: String| Diagnostic::new(Code::StaleRenamedFrom, scene.at(former.span), message);
        let holder = by_id.get(former.value.as_str());
        let claimer = claimed.get(former.value.as_str());
        if step.id.as_ref().is_some_and(|id| id.value == former.value) {
            findings.push(problem(format!("`{}` is what the step is called now", former.value)).help("delete `renamed_from`"));
        } else if let Some(holder) = holder {
            let message = format!("a step is still called `{}`, so that this one was not renamed from it", former.value);
            findings.push(problem(message).related(scene.at(holder.head), "it is here").help("delete `renamed_from`"));
        } else if let Some(other) = claimer {
            let message = format!("two steps say that they were called `{}`", former.value);
            findings.push(
                problem(message)
                    .related(scene.at(other.head), format!("`{}` says so first", other.label()))
                    .help("leave it to the step at which records go on, and delete it from the other"),
            );
        }
        claimed.entry(&former.value).or_insert(step);
    }
    findings
}
