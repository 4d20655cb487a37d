//! # too-long
//!
//! A text has more characters than its place can hold, or a list more items.
//!
//! ## Why
//!
//! Lists, boards and other systems cut off what does not fit, and people no longer see what tells two
//! sequences apart. Dynamics 365 Sales, our reference, holds 160 characters of a name and 2,000 of a
//! description.
//!
//! ## Bad
//!
//! ```yaml
//! name: >-
//!   Follow up on every lead of the spring webinar in EMEA who asked a question, stayed to the end and has
//!   not been called by anybody within the first two working days
//! ```
//!
//! ## Good
//!
//! ```yaml
//! name: Spring webinar EMEA, leads with questions
//! description: >-
//!   Follow up on every lead of the spring webinar in EMEA who asked a question, stayed to the end and has
//!   not been called by anybody within the first two working days
//! ```
//!
//! ## See also
//!
//! `out-of-range`, `too-large`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// The text at `span` has `length` characters; `longest` are allowed.
pub(in crate::shape) fn too_long(source: &Source, span: Span, length: usize, longest: usize) -> Diagnostic {
    Diagnostic::new(Code::TooLong, source.at(span), format!("this text has {length} characters; {longest} is the most"))
        .help(format!("shorten it by {}", length - longest))
}

/// The list has `count` items, of which the one at `span` is the first above `most`.
pub fn too_many(source: &Source, span: Span, count: usize, most: usize) -> Diagnostic {
    Diagnostic::new(
        Code::TooLong,
        source.at(span),
        format!("this list has {count} items; {most} is the most, and this is one more"),
    )
    .help("take out what nobody looks for")
}
