//! # unreachable-step
//!
//! No way through the sequence reaches a step: both branches of the condition before it end or leave, or the
//! step stands in a branch that the condition's expression sends no record to.
//!
//! ## Why
//!
//! The step is written, reviewed and counted, and no record will ever see it. Most often one of the branches
//! was meant to go on: without its `end` it would.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: call, type: phone_call, name: Call}
//! - id: large
//!   type: condition
//!   when: record.employees > 500
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//!     - {id: won, type: end, outcome: meeting}
//!   else:
//!     - {id: lost, type: end, outcome: too small}
//! - {id: nudge, type: email, name: Send a reminder}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: call, type: phone_call, name: Call}
//! - id: large
//!   type: condition
//!   when: record.employees > 500
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//!   else:
//!     - {id: lost, type: end, outcome: too small}
//! - {id: nudge, type: email, name: Send a reminder}
//! ```
//!
//! ## See also
//!
//! `step-after-end`, `advance-not-last`, `constant-expression`

use crate::check::scene::Scene;
use crate::check::ways::{Unreached, Why};
use crate::diagnostic::{Code, Diagnostic};
use crate::expression::Answer;
use crate::sequence::Question;

pub(super) fn unreachable_step(scene: &Scene<'_>) -> Vec<Diagnostic> {
    scene.ways.unreachable.iter().filter_map(|unreached| problem(scene, unreached)).collect()
}

fn problem(scene: &Scene<'_>, unreached: &Unreached<'_>) -> Option<Diagnostic> {
    let Unreached { step, condition, why } = unreached;
    let (reason, help) = match why {
        Why::BothLeave => ("no branch of the condition before it goes on", "delete it, or let one of the branches go on"),
        Why::OtherAnswer(answer) => {
            // That a reply ends the connection before it is asked for is a finding of its own.
            let question = condition.kind.as_condition().map(|condition| &condition.question);
            if !matches!(question, Some(Question::When(_))) {
                return None;
            }
            let reason = match answer {
                Answer::Always => "the condition is true of every record",
                Answer::Never => "the condition is true of no record",
            };
            (reason, "change the condition, or delete the branch")
        }
    };
    let message = format!("no way leads to `{}`: {reason}", step.label());
    let problem = Diagnostic::new(Code::UnreachableStep, scene.at(step.head), message);
    Some(problem.related(scene.at(condition.head), format!("the condition `{}`", condition.label())).help(help))
}
