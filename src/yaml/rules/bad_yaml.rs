//! # bad-yaml
//!
//! The text is no YAML, for a reason that has no code of its own: a colon, a comma or a blank is missing, or
//! a bracket closes what nobody opened.
//!
//! ## Why
//!
//! What stands on such a line cannot be read, so the key or the step on it is not there. Segue reads on
//! behind it and shows the other mistakes of the file in the same run, but a sequence with a hole in it would
//! take its records past the step.
//!
//! ## Bad
//!
//! ```yaml
//! - id: call
//!   type:phone_call
//!   name: Call back within the hour
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: call
//!   type: phone_call
//!   name: Call back within the hour
//! ```
//!
//! ## See also
//!
//! `wrong-indentation`, `quote-text`, `unclosed-quote`, `unclosed-bracket`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// A syntax error in words of its own.
pub(in crate::yaml) fn bad_yaml(source: &Source, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::BadYaml, source.at(span), message)
}
