//! # out-of-range
//!
//! A number is too low or too high for its place.
//!
//! ## Why
//!
//! Beyond its limits a number no longer does what its key is for. An A/B test that sends one version to five
//! of a hundred records learns nothing about it in any useful time. Dynamics 365 Sales, our reference, gives
//! each side of a test 10 to 90 percent and counts versions from 1 to 500.
//!
//! ## Bad
//!
//! ```yaml
//! - id: subject
//!   type: ab_test
//!   name: Which subject is opened more
//!   a: {name: Question, template: intro-question}
//!   b: {name: Statement, template: intro-statement}
//!   split: 95
//!   metric: opens
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: subject
//!   type: ab_test
//!   name: Which subject is opened more
//!   a: {name: Question, template: intro-question}
//!   b: {name: Statement, template: intro-statement}
//!   split: 90
//!   metric: opens
//! ```
//!
//! ## See also
//!
//! `too-long`, `wait-too-long`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// `number` is not between `least` and `most`.
pub(in crate::shape) fn out_of_range(source: &Source, span: Span, number: i64, least: i64, most: i64) -> Diagnostic {
    let limits = if most == i64::MAX { format!("at least {least}") } else { format!("from {least} to {most}") };
    Diagnostic::new(Code::OutOfRange, source.at(span), format!("{number} cannot stand here"))
        .help(format!("write a number {limits}"))
}
