//! # bad-yaml
//!
//! The text is no YAML, for a reason that has no code of its own.

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// A syntax error in words of its own.
pub(in crate::yaml) fn bad_yaml(source: &Source, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::BadYaml, source.at(span), message)
}
