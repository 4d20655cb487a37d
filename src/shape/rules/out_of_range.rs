//! # out-of-range
//!
//! A number outside its limits.

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// `number` is not between `least` and `most`.
pub(in crate::shape) fn out_of_range(source: &Source, span: Span, number: i64, least: i64, most: i64) -> Diagnostic {
    let limits = if most == i64::MAX { format!("at least {least}") } else { format!("from {least} to {most}") };
    Diagnostic::new(Code::OutOfRange, source.at(span), format!("{number} cannot stand here"))
        .help(format!("write a number {limits}"))
}
