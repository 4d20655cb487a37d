//! Too many values for a file: the code that the gate in front of reading has for too many bytes, whose page tells of both.

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};
use crate::yaml::builder::MAX_VALUES;

/// The value at `span` is one too many.
pub(in crate::yaml) fn too_many_values(source: &Source, span: Span) -> Diagnostic {
    let message = format!("the file has more than {MAX_VALUES} keys and values, and is not read");
    Diagnostic::new(Code::TooLarge, source.at(span), message).help("split it: a sequence of a person's making has a few hundred")
}
