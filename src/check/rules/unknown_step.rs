//! # unknown-step
//!
//! `of`, or a test of the sequence, names a step that the sequence does not have.
//!
//! ## Why
//!
//! The condition is about a step that nobody ever does. This happens when a step is deleted or gets another
//! id and the condition stays behind; records would then wait for the answer to an email that is no longer
//! sent. A test of the sequence would fail for a reason that has nothing to do with what it is about.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: introduction, type: email, name: Introduce ourselves}
//! - {id: breathe, type: wait, for: 1d}
//! - {id: nudge, type: email, name: Send a reminder}
//! - id: heard
//!   type: condition
//!   any_of: [replied]
//!   of: intro
//!   within: 3d
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: introduction, type: email, name: Introduce ourselves}
//! - {id: breathe, type: wait, for: 1d}
//! - {id: nudge, type: email, name: Send a reminder}
//! - id: heard
//!   type: condition
//!   any_of: [replied]
//!   of: introduction
//!   within: 3d
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## See also
//!
//! `ambiguous-result`, `duplicate-step-id`

use std::collections::BTreeSet;

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::Suggestions;
use crate::yaml::did_you_mean_or;

pub(super) fn unknown_step(scene: &Scene<'_>) -> Vec<Diagnostic> {
    if scene.sequence.steps.is_damaged_anywhere() {
        return Vec::new();
    }
    let named = scene.ways.questions.iter().filter_map(|asked| asked.criterion.of.as_ref());
    let mut unknown = named.filter(|of| !scene.by_id.contains_key(of.value.as_str())).peekable();
    if unknown.peek().is_none() {
        return Vec::new();
    }
    let ids: BTreeSet<&str> = scene.by_id.keys().copied().collect();
    let known = Suggestions::new(ids);
    unknown
        .map(|of| {
            let problem = Diagnostic::new(Code::UnknownStep, scene.at(of.span), format!("no step is called `{}`", of.value));
            did_you_mean_or(
                problem,
                known.near(&of.value),
                of.span,
                "name an email or a call before the condition, or leave `of` out to mean the last one",
            )
        })
        .collect()
}
