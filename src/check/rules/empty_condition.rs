//! # empty-condition
//!
//! A condition decides nothing: neither of its branches holds a step.
//!
//! ## Why
//!
//! Both ways lead to the same next step, so the question changes nothing for any record, except that with
//! `within` everybody waits for the answer. Usually the steps stand behind the condition where they were
//! meant to be inside a branch.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - id: heard
//!   type: condition
//!   any_of: [replied]
//!   within: 3d
//! - {id: meet, type: task, name: Agree on a meeting}
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
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## See also
//!
//! `empty-sequence`, `unreachable-step`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn empty_condition(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let empty = scene.steps().filter(|step| {
        step.kind
            .as_condition()
            .is_some_and(|condition| !condition.damaged && condition.then.list.is_empty() && condition.otherwise.list.is_empty())
    });
    empty
        .map(|step| {
            let message = format!("the condition `{}` decides nothing: neither branch holds a step", step.label());
            Diagnostic::new(Code::EmptyCondition, scene.at(step.head), message)
                .help("put steps into `then` or `else`, or delete it")
        })
        .collect()
}
