//! # duplicate-step-id
//!
//! Two steps of one sequence have the same id, in whatever branches they stand.
//!
//! ## Why
//!
//! A record's progress is remembered by the id of its step. With two of them nobody can say which of the two
//! a record has reached, whose email a condition asks about, or which one a new version has changed.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - id: heard
//!   type: condition
//!   any_of: [replied]
//!   within: 3d
//!   then:
//!     - {id: call, type: phone_call, name: Agree on a meeting}
//!   else:
//!     - {id: call, type: phone_call, name: Ask whether it arrived}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - id: heard
//!   type: condition
//!   any_of: [replied]
//!   within: 3d
//!   then:
//!     - {id: call-to-meet, type: phone_call, name: Agree on a meeting}
//!   else:
//!     - {id: call-to-ask, type: phone_call, name: Ask whether it arrived}
//! ```
//!
//! ## See also
//!
//! `bad-id`, `unknown-step`, `duplicate-sequence-id`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::Located;

pub(super) fn duplicate_step_id(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let ids = scene.steps().filter_map(|step| step.id.as_ref());
    let first = |id: &Located<String>| scene.by_id.get(id.value.as_str()).and_then(|step| step.id.as_ref());
    let doubles = ids.filter_map(|id| Some((id, first(id)?))).filter(|(id, first)| !std::ptr::eq(*id, *first));
    let problem = |(id, first): (&Located<String>, &Located<String>)| {
        Diagnostic::new(Code::DuplicateStepId, scene.at(id.span), format!("a second step is called `{}`", id.value))
            .related(scene.at(first.span), format!("the first `{}` is here", id.value))
            .help("give it an id of its own: progress, versions and diffs hang on ids")
    };
    doubles.map(problem).collect()
}
