//! Whether somebody may do what they ask for: their role, and whose the sequence is.

use crate::lifecycle::{Capacity, Deed, Reach, capacity};
use crate::sequence::{self, SequenceId};
use crate::settings::{Settings, UndeclaredActor};

use super::facts::Facts;
use super::ground::{Failure, Ground};
use super::house::Asked;
use super::refusal::Refusal;
use super::rules::not_allowed::not_allowed;
use super::rules::unknown_actor::unknown_actor;

/// Whether somebody's role allows what they ask for. Of a sequence that nobody knows the verb itself says so.
///
/// # Errors
/// Refused: `unknown-actor`, `not-allowed`. Or where the store cannot be asked.
pub(super) fn permit(ground: &Ground<'_>, asked: &Asked<'_>) -> Result<(), Failure> {
    let (settings, deed) = (ground.staging.settings(), Deed::Sequence(asked.verb));
    let reach = capacity(settings, asked.actor).reach(deed);
    if reach == Reach::Everything {
        return Ok(());
    }
    let whose = whose(ground, asked.sequence)?;
    match (reach, &whose) {
        (Reach::Own, Whose::Unknown) => Ok(()),
        (Reach::Own, Whose::Of(owner)) if owner == asked.actor => Ok(()),
        (Reach::Nothing | Reach::Own | Reach::Everything, _) => {
            let owner = match &whose {
                Whose::Of(owner) => Some(owner.as_str()),
                Whose::Nobodys | Whose::Unknown => None,
            };
            Err(refusal(settings, asked.actor, deed, Some((asked.sequence, owner))).into())
        }
    }
}

/// Whether somebody may take in records.
///
/// # Errors
/// Refused: `unknown-actor`, `not-allowed`.
pub fn may_import(settings: &Settings, actor: &str) -> Result<(), Refusal> {
    match capacity(settings, actor).reach(Deed::ImportRecords) {
        Reach::Everything => Ok(()),
        Reach::Nothing | Reach::Own => Err(refusal(settings, actor, Deed::ImportRecords, None)),
    }
}

fn refusal(settings: &Settings, actor: &str, deed: Deed, about: Option<(&SequenceId, Option<&str>)>) -> Refusal {
    match capacity(settings, actor) {
        Capacity::Undeclared(UndeclaredActor::ReadOnly) => unknown_actor(settings, actor),
        Capacity::Anybody | Capacity::Declared(_) | Capacity::Undeclared(_) => not_allowed(settings, actor, deed, about),
    }
}

/// Whose a sequence is.
enum Whose {
    /// There is no such sequence.
    Unknown,
    /// Its file names no owner.
    Nobodys,
    Of(String),
}

/// As its file says; where that is gone or cannot be read, as its newest version did.
fn whose(ground: &Ground<'_>, id: &SequenceId) -> Result<Whose, Failure> {
    let of = |owner: Option<String>| owner.map_or(Whose::Nobodys, Whose::Of);
    if let Some(held) = ground.staging.find(id).filter(|held| held.summary.is_readable) {
        return Ok(of(held.summary.owner.clone()));
    }
    let newest = ground.versions(id)?.into_iter().map(|(number, _)| number).max();
    let version = newest.map(|number| ground.version(id, number)).transpose()?.flatten();
    let Some(version) = version else { return Ok(Whose::Unknown) };
    let owner = sequence::read_published(&version.text, id).and_then(|sequence| sequence.owner);
    Ok(of(owner.map(|owner| owner.value)))
}
