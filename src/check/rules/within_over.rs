//! # within-over
//!
//! The time that a condition gives for results is over before it is asked: waits stand between the email and
//! the condition, and they are as long or longer.
//!
//! ## Why
//!
//! `within` counts from the moment the email is done, not from the condition. The condition is decided at
//! once then, and the days that somebody meant to give the reader on top are not given.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - {id: breathe, type: wait, for: 3d}
//! - id: opened
//!   type: condition
//!   any_of: [email_opened]
//!   within: 1d
//!   then:
//!     - {id: call, type: phone_call, name: Call}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - id: opened
//!   type: condition
//!   any_of: [email_opened]
//!   within: 4d
//!   then:
//!     - {id: call, type: phone_call, name: Call}
//! ```
//!
//! ## See also
//!
//! `within-too-long`, `ambiguous-result`

use crate::check::results::{Asks, asks};
use crate::check::scene::Scene;
use crate::check::ways::Asked;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn within_over(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let questions = scene.ways.questions.iter().filter(|asked| !asked.is_unclear);
    questions.filter_map(|asked| problem(scene, asked)).collect()
}

fn problem(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Diagnostic> {
    if asks(asked.criterion, scene.settings) != Asks::Email {
        return None;
    }
    let within = asked.criterion.within.as_ref()?;
    // No time at all is how one asks for what is there already.
    let is_over = within.value.total_minutes() > 0 && within.value.total_minutes() <= asked.waited;
    is_over.then(|| {
        let message = "this time is over when it is asked: it counts from the email, and waits as long stand between";
        Diagnostic::new(Code::WithinOver, scene.at(within.span), message).help("delete the wait, or write a longer time")
    })
}
