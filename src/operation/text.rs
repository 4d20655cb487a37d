//! How verbs change a sequence's text.

use crate::diagnostic::Code;
use crate::sequence::{PlacedStep, SequenceId, keys_before, steps_in};
use crate::text::Source;
use crate::yaml::edit::{Change, EditError, Route, Stop, Value, edit};

use super::ground::Failure;
use super::refusal::Refusal;
use super::rules::not_sound::not_sound;

/// Sets a top-level key, where it stands or where it belongs.
pub(super) fn set(key: &str, value: impl Into<Value>) -> Change {
    Change::Set { route: Route::from(key), value: value.into(), after: keys_before(key) }
}

/// Removes a top-level key.
pub(super) fn remove(key: &str) -> Change {
    Change::Remove { route: Route::from(key) }
}

/// Takes a top-level key away, where it is there.
pub(super) fn without(model: &Value, key: &str) -> Option<Change> {
    model.get(key).is_some().then(|| remove(key))
}

/// Has references to other sequences name them as `named` does.
pub(super) fn references(model: &Value, named: &dyn Fn(&str) -> String) -> Vec<Change> {
    let reference = |step: PlacedStep<'_>| {
        let written = step.value.get("sequence")?.as_str()?;
        let now = named(written);
        (now != written).then(|| Change::Set { route: step.route().key("sequence"), value: now.into(), after: Vec::new() })
    };
    steps_in(model).into_iter().filter_map(reference).collect()
}

/// The text with some changes made, verified.
pub(super) fn edited(sequence: &SequenceId, source: &Source, changes: &[Change]) -> Result<Source, Failure> {
    edit(source, changes).map(|edited| edited.source).map_err(|error| failure(sequence, source, error))
}

/// What an edit that cannot be made is to the person who asked for it.
pub fn failure(sequence: &SequenceId, source: &Source, error: EditError) -> Failure {
    let code = match &error {
        EditError::NotFound { stop: Stop::Item { .. }, .. } => Code::UnknownStep,
        EditError::NotFound { stop: Stop::Key(_) | Stop::Index(_), .. } => Code::UnknownKey,
        EditError::KeyExists { .. } => Code::DuplicateKey,
        EditError::NotAMapping { .. }
        | EditError::NotAList { .. }
        | EditError::NoEntry { .. }
        | EditError::OutOfRange { .. }
        | EditError::IntoItself { .. }
        | EditError::NotWritable { .. } => Code::WrongType,
        EditError::Disputed(_) => Code::BadYaml,
        EditError::TooDeep => Code::TooDeep,
        EditError::TooLarge => Code::TooLarge,
        EditError::NotSound(problems) => match not_sound(sequence, "edited", problems.clone()) {
            Some(refusal) => return refusal.into(),
            None => Code::NotSound,
        },
        EditError::Unverified(what) => return Failure::Broken(format!("an edit of {} went wrong: {what}", source.path())),
    };
    let refusal = Refusal::new(code, format!("`{sequence}`: {error}")).about(sequence);
    match error.suggestion() {
        Some(near) => refusal.help(format!("did you mean `{near}`?")).into(),
        None => refusal.into(),
    }
}
