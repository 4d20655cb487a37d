//! # missing-description
//!
//! A sequence of five activities or more has no description.
//!
//! ## Why
//!
//! Whoever connects a record chooses from a list of names, and of a longer sequence no name says for whom it
//! is and how long it takes. A short one explains itself. An active sequence is not asked for it, since its
//! text cannot be changed without a new version.
//!
//! ## Bad
//!
//! ```yaml
//! steps:
//!   - {id: intro, type: email, name: Introduce ourselves}
//!   - {id: call, type: phone_call, name: Call}
//!   - {id: look, type: linkedin_research, name: Find out who decides}
//!   - {id: again, type: phone_call, name: Call whoever decides}
//!   - {id: thanks, type: task, name: Send a card}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! description: Finds the person who decides within a week, for leads from trade shows.
//! steps:
//!   - {id: intro, type: email, name: Introduce ourselves}
//!   - {id: call, type: phone_call, name: Call}
//!   - {id: look, type: linkedin_research, name: Find out who decides}
//!   - {id: again, type: phone_call, name: Call whoever decides}
//!   - {id: thanks, type: task, name: Send a card}
//! ```
//!
//! ## See also
//!
//! `missing-key`, `duplicate-name`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::State;

/// From how many activities on a sequence does not explain itself.
const NEEDS_WORDS: usize = 5;

pub(super) fn missing_description(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let sequence = scene.sequence;
    let is_long = scene.steps().filter(|step| step.kind.is_activity()).nth(NEEDS_WORDS - 1).is_some();
    if !is_long || sequence.state.value == State::Active {
        return Vec::new();
    }
    // Where the name is missing too, that is the finding.
    let Some(name) = sequence.name.as_ref().filter(|_| sequence.description.is_none()) else { return Vec::new() };
    vec![
        Diagnostic::new(Code::MissingDescription, scene.at(name.span), "nothing says what this sequence is for")
            .help("add `description: ...` below the name: for whom it is, and how long it takes"),
    ]
}
