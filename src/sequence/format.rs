//! The canonical layout of a sequence file.

use crate::shape::{Shape, key_order};
use crate::text::Source;
use crate::yaml::format::{FormatError, format as laid_out};
use crate::yaml::{Mapping, read as read_yaml};

use super::model::StepType;
use super::table::{SEQUENCE, STEP, step_shape};
use super::{Meaning, SequenceId, read};

/// A sequence file in its canonical layout, which means what it meant.
///
/// # Errors
/// [`FormatError`] where the file has to stay as it is.
pub fn format(source: &Source, id: &SequenceId) -> Result<Source, FormatError> {
    let after = laid_out(source, &|root| key_order(root, &SEQUENCE, shape_of))?;
    if after.text() == source.text() || meaning(source, id) == meaning(&after, id) {
        Ok(after)
    } else {
        Err(FormatError::Unverified("the sequence means something else".to_owned()))
    }
}

/// What a text means, as far as it can be read.
fn meaning(source: &Source, id: &SequenceId) -> Option<Meaning> {
    let (sequence, _) = read(source, id.clone(), &read_yaml(source));
    Some(Meaning::of(&sequence?, &str::to_owned))
}

/// The table of a step, as far as it says of which type it is.
fn shape_of(step: &Mapping<'_>) -> &'static Shape {
    let word = step.entry("type").and_then(|entry| entry.value.as_scalar());
    word.and_then(|word| StepType::from_word(&word.text)).map_or(&STEP, step_shape)
}
