//! The canonical layout of a file of tests.

use crate::shape::key_order;
use crate::text::Source;
use crate::yaml::format::{FormatError, format as laid_out};

use super::TESTS;

/// A file of tests in its canonical layout.
///
/// # Errors
/// [`FormatError`] where the file has to stay as it is.
pub fn format(source: &Source) -> Result<Source, FormatError> {
    // No step stands in tests, whose table would be asked for.
    laid_out(source, &|root| key_order(root, &TESTS, |_| &TESTS))
}
