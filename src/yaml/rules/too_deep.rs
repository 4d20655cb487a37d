//! # too-deep
//!
//! Lists and mappings are nested deeper than 64 levels.

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};
use crate::yaml::builder::MAX_DEPTH;

/// The nesting goes too deep at `span`.
pub(in crate::yaml) fn too_deep(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::new(Code::TooDeep, source.at(span), format!("this is nested deeper than {MAX_DEPTH} levels"))
        .help("move the inner steps to a sequence of their own and advance to it")
}
