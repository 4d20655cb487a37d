//! The canonical layout of `segue.yaml`.

use crate::shape::key_order;
use crate::text::Source;
use crate::yaml::format::{FormatError, format as laid_out};

use super::SETTINGS;

/// The settings file in its canonical layout.
///
/// # Errors
/// [`FormatError`] where the file has to stay as it is.
pub fn format(source: &Source) -> Result<Source, FormatError> {
    // No step stands in the settings, whose table would be asked for.
    laid_out(source, &|root| key_order(root, &SETTINGS, |_| &SETTINGS))
}
