//! # step-after-end
//!
//! A step stands behind an `end` in the same list, and can never be reached.
//!
//! ## Why
//!
//! At `end` the connection is over, so no record and no seller ever comes to what is written behind it.
//! Whoever added the step believes that it is done; whoever put the `end` there believed that all was said.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: call, type: phone_call, name: Call}
//! - {id: done, type: end, outcome: called}
//! - {id: nudge, type: email, name: Send a reminder}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: call, type: phone_call, name: Call}
//! - {id: nudge, type: email, name: Send a reminder}
//! - {id: done, type: end, outcome: called}
//! ```
//!
//! ## See also
//!
//! `advance-not-last`, `unreachable-step`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn step_after_end(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let ends = scene.ways.ends_too_soon.iter();
    ends.map(|(end, next)| {
        let message = format!("`{}` can never be reached: the sequence ends at `{}`", next.label(), end.label());
        Diagnostic::new(Code::StepAfterEnd, scene.at(next.head), message)
            .related(scene.at(end.head), "it ends here")
            .help("delete the end, or move it behind the last step of its list")
    })
    .collect()
}
