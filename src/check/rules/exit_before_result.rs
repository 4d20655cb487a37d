//! # exit-before-result
//!
//! A condition asks whether somebody replied, in a sequence that a reply ends.
//!
//! ## Why
//!
//! With `exit_on: [replied]` the connection is over as soon as a reply comes in, wherever the record stands.
//! Nobody who replied is there when the condition asks, so the branch that was written for the good case is
//! never taken, and a seller waits for a task that does not come.
//!
//! ## Bad
//!
//! ```yaml
//! exit_on: [replied]
//! steps:
//!   - {id: intro, type: email, name: Introduce ourselves}
//!   - id: answered
//!     type: condition
//!     any_of: [replied]
//!     within: 3d
//!     then:
//!       - {id: meet, type: task, name: Agree on a meeting}
//!     else:
//!       - {id: call, type: phone_call, name: Call}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! steps:
//!   - {id: intro, type: email, name: Introduce ourselves}
//!   - id: answered
//!     type: condition
//!     any_of: [replied]
//!     within: 3d
//!     then:
//!       - {id: meet, type: task, name: Agree on a meeting}
//!     else:
//!       - {id: call, type: phone_call, name: Call}
//! ```
//!
//! ## See also
//!
//! `exit-without-email`, `unreachable-step`

use crate::check::scene::Scene;
use crate::check::ways::Asked;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::{EmailResult, ExitCriterion, Mode};
use crate::text::Span;

pub(super) fn exit_before_result(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let Some(exit) = scene.sequence.exit_on.iter().find(|exit| exit.value == ExitCriterion::Replied) else { return Vec::new() };
    scene.ways.questions.iter().filter_map(|asked| problem(scene, asked, exit.span)).collect()
}

fn problem(scene: &Scene<'_>, asked: &Asked<'_>, exit: Span) -> Option<Diagnostic> {
    let results = &asked.criterion.results;
    let reply = results.iter().find(|result| result.value == EmailResult::Replied.word())?;
    let message = match (asked.criterion.mode, results.len()) {
        (Mode::Any, 1) | (Mode::All, _) => "nobody who replied gets here, so that `then` is never taken",
        (Mode::Any, _) => "nobody who replied gets here, so that only the other results can count",
    };
    Some(
        Diagnostic::new(Code::ExitBeforeResult, scene.at(reply.span), message)
            .related(scene.at(exit), "a reply ends the connection")
            .help("delete `exit_on`, or ask for another result"),
    )
}
