//! The rules of the house, and how a request goes through: decided, allowed by the house, taken in.

use std::cell::RefCell;

use crate::lifecycle::Verb;
use crate::sequence::SequenceId;

use super::facts::Facts;
use super::ground::{Failure, Ground};
use super::permission::permit;
use super::refusal::Refusal;
use super::staging::{Decision, Staging};

/// What somebody asks for, as the house sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The verb.
    pub verb: Verb,
    /// The sequence that it is about.
    pub sequence: &'a SequenceId,
    /// Who asks.
    pub actor: &'a str,
}

/// Rules that a workspace adds to the table. It can refuse and nothing else.
pub trait House {
    /// Whether something that the core would allow may happen.
    ///
    /// # Errors
    /// The refusal of the house.
    fn allow(&self, asked: &Asked<'_>) -> Result<(), Refusal>;
}

/// A house that adds nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRules;

impl House for NoRules {
    fn allow(&self, _: &Asked<'_>) -> Result<(), Refusal> {
        Ok(())
    }
}

/// Asks whether the role of `actor` allows each verb on its sequence, decides about them as one, asks the house, and takes the
/// decision in. Returns what was decided; where it fails, nothing changed. The house is asked while nobody holds the staging, so
/// that its rules may look at it.
///
/// # Errors
/// `unknown-actor`, `not-allowed`, and whatever `decide` and the house refuse.
pub fn perform(
    staging: &RefCell<Staging>,
    facts: &dyn Facts,
    house: &dyn House,
    actor: &str,
    verbs: &[(Verb, &SequenceId)],
    decide: impl FnOnce(&Ground<'_>) -> Result<Decision, Failure>,
) -> Result<Decision, Failure> {
    let asked = || verbs.iter().map(|(verb, sequence)| Asked { verb: *verb, sequence, actor });
    let decision = {
        let ground = Ground { staging: &staging.borrow(), facts, actor };
        asked().try_for_each(|asked| permit(&ground, &asked))?;
        decide(&ground)?
    };
    asked().try_for_each(|asked| house.allow(&asked))?;
    staging.borrow_mut().accept(decision.clone());
    Ok(decision)
}
