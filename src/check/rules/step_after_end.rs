//! # step-after-end
//!
//! A step stands behind an `end` in the same list, and can never be reached.

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
