//! # advance-not-last
//!
//! A step stands behind an `advance_to` in the same list, and can never be reached.
//!
//! ## Why
//!
//! A record that advances goes on in the other sequence and does not come back, so the steps behind it are
//! done for nobody. In Dynamics 365 Sales, our reference, nothing may follow this command either.
//!
//! ## Bad
//!
//! ```yaml
//! # sequences/inbound-lead.yaml
//! - {id: call, type: phone_call, name: Call}
//! - {id: hand-over, type: advance_to, sequence: enterprise-lead}
//! - {id: nudge, type: email, name: Send a reminder}
//!
//! # sequences/enterprise-lead.yaml
//! - {id: research, type: task, name: Find out who decides}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # sequences/inbound-lead.yaml
//! - {id: call, type: phone_call, name: Call}
//! - id: large
//!   type: condition
//!   when: record.employees > 500
//!   then:
//!     - {id: hand-over, type: advance_to, sequence: enterprise-lead}
//! - {id: nudge, type: email, name: Send a reminder}
//!
//! # sequences/enterprise-lead.yaml
//! - {id: research, type: task, name: Find out who decides}
//! ```
//!
//! ## See also
//!
//! `step-after-end`, `unreachable-step`, `advance-first`

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
