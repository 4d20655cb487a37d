//! # stale-renamed-from
//!
//! A step's `renamed_from` says nothing that can be true: a step of that id is still there, two steps claim
//! it, or it is the step's own id. Or it has done its work: the version with the new id is out.
//!
//! ## Why
//!
//! When the next version is out, records that stand at the old id go on at the step that says it was renamed
//! from it. Where that is not one step, they cannot be moved, and stay behind on the old version. Once that
//! version is out, the line says of the next one what was true of the last.
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
use crate::check::summary::Rename;
use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::sequence::{Sequence, Step};
use crate::text::{Located, Source, Span, suggest};
use crate::yaml::did_you_mean;
use crate::yaml::rules::removal_of_key;

/// The key whose line goes.
const KEY: &str = "renamed_from";

pub(super) fn stale_renamed_from(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let mut claimed: HashMap<&str, &Step> = HashMap::new();
    let mut findings = Vec::new();
    for step in scene.steps() {
        let Some(former) = &step.renamed_from else { continue };
        let problem = |message: String| Diagnostic::new(Code::StaleRenamedFrom, scene.at(former.span), message);
        let holder = scene.by_id.get(former.value.as_str());
        let claimer = claimed.get(former.value.as_str());
        if step.id.as_ref().is_some_and(|id| id.value == former.value) {
            let problem = problem(format!("`{}` is what the step is called now", former.value)).help("delete `renamed_from`");
            findings.push(without(problem, scene.source, former, Safety::Safe));
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

/// A step that says what it was called before, beside the newest version of its sequence: nothing where that version has a step
/// of the former id.
pub fn since_published(rename: &Rename, source: &Source, newest: &Sequence, number: u32) -> Option<Diagnostic> {
    let Rename { step, former } = rename;
    let has = |id: &str| newest.steps.walk().any(|step| step.id.as_ref().is_some_and(|own| own.value == id));
    if has(&former.value) {
        return None;
    }
    let problem = |message: String| Diagnostic::new(Code::StaleRenamedFrom, source.at(former.span), message);
    if has(step) {
        let problem = problem(format!("version {number} is out, and has this step as `{step}` already"));
        return Some(without(problem.help("delete `renamed_from`"), source, former, Safety::Safe));
    }
    let problem = problem(format!("version {number} has no step `{}` that could have been renamed", former.value));
    let ids = newest.steps.walk().filter_map(|step| step.id.as_ref()).map(|id| id.value.as_str());
    Some(match suggest(&former.value, ids) {
        Some(near) => did_you_mean(problem, near, former.span),
        // Whoever renamed a step twice before publishing it once meant the id that is out there.
        None => {
            let problem = problem.help(format!("write the id that the step has in version {number}, if it was renamed"));
            without(problem, source, former, Safety::Guess)
        }
    })
}

/// Offers to delete the key with its value.
fn without(problem: Diagnostic, source: &Source, former: &Located<String>, safety: Safety) -> Diagnostic {
    let text = source.text();
    let key = || text[..former.span.start as usize].trim_end().strip_suffix(':')?.trim_end().strip_suffix(KEY);
    let entry = key().map(|before| Span::new(before.len(), former.span.end as usize));
    match entry.and_then(|entry| removal_of_key(text, entry)) {
        Some(gone) => problem.fix("delete `renamed_from`", safety, gone, ""),
        None => problem,
    }
}
