//! # too-long
//!
//! A text longer than the place can hold.

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// The text at `span` has `length` characters; `longest` are allowed.
pub(in crate::shape) fn too_long(source: &Source, span: Span, length: usize, longest: usize) -> Diagnostic {
    Diagnostic::new(Code::TooLong, source.at(span), format!("this text has {length} characters; {longest} is the most"))
        .help(format!("shorten it by {}", length - longest))
}
