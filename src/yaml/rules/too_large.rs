//! Too many values, or signs, for a file: the code that the gate in front of reading has for too many bytes, whose page tells of
//! all three.

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};
use crate::yaml::builder::{MAX_SIGNS, MAX_VALUES};

/// The value at `span` is one too many.
pub(in crate::yaml) fn too_many_values(source: &Source, span: Span) -> Diagnostic {
    too_large(source, span, &format!("{MAX_VALUES} keys and values"))
}

/// The sign at `span` is one too many.
pub(in crate::yaml) fn too_many_signs(source: &Source, span: Span) -> Diagnostic {
    too_large(source, span, &format!("{MAX_SIGNS} brackets, commas and other signs"))
}

fn too_large(source: &Source, span: Span, what: &str) -> Diagnostic {
    let message = format!("the file has more than {what}, and is not read");
    Diagnostic::new(Code::TooLarge, source.at(span), message).help("split it: a sequence of a person's making has a few hundred")
}
