//! # advance-not-last
//!
//! A step stands behind an `advance_to` in the same list, and can never be reached.

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn advance_not_last(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let advances = scene.ways.advances_too_soon.iter();
    advances
        .map(|(advance, next)| {
            let message = format!("`{}` leaves the sequence, so that nothing may follow it in its list", advance.label());
            Diagnostic::new(Code::AdvanceNotLast, scene.at(advance.head), message)
                .related(scene.at(next.head), format!("`{}` can never be reached", next.label()))
                .help("move it to the end of its list, or into a branch of a condition")
        })
        .collect()
}
