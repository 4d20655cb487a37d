//! # empty-sequence
//!
//! A sequence has no step.
//!
//! ## Why
//!
//! A record that is connected to it would be done at once: nobody calls, nobody writes, and the statistics
//! count a success. Most often the steps were moved elsewhere and the file was forgotten, or the list is
//! still to be written.
//!
//! ## Bad
//!
//! ```yaml
//! name: Inbound lead
//! steps: []
//! ```
//!
//! ## Good
//!
//! ```yaml
//! name: Inbound lead
//! steps:
//!   - id: call
//!     type: phone_call
//!     name: Call back within the hour
//! ```
//!
//! ## See also
//!
//! `empty-condition`, `missing-key`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn empty_sequence(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let steps = &scene.sequence.steps;
    // Where the key itself is missing, that is the finding.
    let Some(key) = steps.key.filter(|_| steps.list.is_empty() && !steps.damaged) else { return Vec::new() };
    let at = scene.at(key);
    vec![Diagnostic::new(Code::EmptySequence, at, "the sequence has no step").help("add a first step under `steps`")]
}
