//! # mixed-results
//!
//! One list holds results of emails and of calls.
//!
//! ## Why
//!
//! An email is waited for as long as `within` says, a call has its result as soon as it is completed. One
//! question about both has neither a step that it is about nor a time at which it is decided. Ask about each
//! in a condition of its own.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - {id: call, type: phone_call, name: Call}
//! - id: reached
//!   type: condition
//!   any_of: [replied, call_made]
//!   within: 2d
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - {id: call, type: phone_call, name: Call}
//! - id: spoke
//!   type: condition
//!   any_of: [call_made]
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//!   else:
//!     - id: wrote
//!       type: condition
//!       any_of: [replied]
//!       within: 2d
//!       then:
//!         - {id: propose, type: task, name: Propose a time}
//! ```
//!
//! ## See also
//!
//! `conflicting-keys`, `unknown-result`

use crate::check::results::result_of;
use crate::check::scene::Scene;
use crate::check::ways::Asked;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn mixed_results(scene: &Scene<'_>) -> Vec<Diagnostic> {
    scene.ways.questions.iter().filter_map(|asked| problem(scene, asked)).collect()
}

fn problem(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Diagnostic> {
    let known = asked.criterion.results.iter().filter_map(|result| Some((result, result_of(&result.value, scene.settings)?)));
    let mut known = known.peekable();
    let (first, first_of) = *known.peek()?;
    let (other, other_of) = known.find(|(_, of)| *of != first_of)?;
    let message = format!("`{}` is a result of {}, `{}` one of {}", other.value, other_of.what(), first.value, first_of.what());
    Some(
        Diagnostic::new(Code::MixedResults, scene.at(other.span), message)
            .related(scene.at(first.span), format!("a result of {}", first_of.what()))
            .help("ask for one kind here and for the other in a condition of its own"),
    )
}
