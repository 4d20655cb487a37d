//! # advance-first
//!
//! The sequence starts by advancing to another one.
//!
//! ## Why
//!
//! It does nothing for its records but pass them on, so they could be connected to the other sequence at
//! once. In the statistics it counts records that nobody in it has ever worked. In Dynamics 365 Sales, our
//! reference, this command cannot be the first step.
//!
//! ## Bad
//!
//! ```yaml
//! # sequences/trade-show-lead.yaml
//! - {id: hand-over, type: advance_to, sequence: inbound-lead}
//!
//! # sequences/inbound-lead.yaml
//! - {id: call, type: phone_call, name: Call back within the hour}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # sequences/trade-show-lead.yaml
//! - {id: thanks, type: email, name: Thank them for the visit}
//! - {id: hand-over, type: advance_to, sequence: inbound-lead}
//!
//! # sequences/inbound-lead.yaml
//! - {id: call, type: phone_call, name: Call back within the hour}
//! ```
//!
//! ## See also
//!
//! `advance-not-last`, `advance-cycle`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::StepKind;

pub(super) fn advance_first(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let first = scene.sequence.steps.list.first().filter(|_| !scene.sequence.steps.damaged);
    let advance = first.filter(|step| matches!(step.kind, StepKind::AdvanceTo(_)));
    advance
        .map(|step| {
            let message = format!("the sequence leaves for another at its first step, `{}`", step.label());
            Diagnostic::new(Code::AdvanceFirst, scene.at(step.head), message)
                .help("connect records to the other sequence instead, or put a step before it")
        })
        .into_iter()
        .collect()
}
