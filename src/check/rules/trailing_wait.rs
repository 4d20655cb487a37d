//! # trailing-wait
//!
//! Some way through the sequence ends in a wait: nothing happens after it. A branch that ends in a wait is fine where steps follow the condition.

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn trailing_wait(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let waits = scene.ways.trailing_waits.iter();
    waits
        .map(|step| {
            let message = format!("nothing comes after the wait `{}`", step.label());
            Diagnostic::new(Code::TrailingWait, scene.at(step.head), message).help("delete it, or put a step behind it")
        })
        .collect()
}
