//! # complex-key
//!
//! A key is a list or a mapping instead of a word, or nothing at all.
//!
//! ## Why
//!
//! YAML allows it, and hardly any other tool does: such a file could not be turned into JSON, sorted or
//! searched. Nothing here has a name that is a list, so whatever stands below the key would be lost.
//!
//! ## Bad
//!
//! ```yaml
//! - id: late
//!   type: condition
//!   stage:
//!     [new-business, renewal]: [propose]
//!   then:
//!     - {id: call, type: phone_call, name: Ask what is missing}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: late
//!   type: condition
//!   stage:
//!     new-business: [propose]
//!     renewal: [propose]
//!   then:
//!     - {id: call, type: phone_call, name: Ask what is missing}
//! ```
//!
//! ## See also
//!
//! `quote-text`, `unknown-key`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// The key at `span` is no text.
pub(in crate::yaml) fn complex_key(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::new(Code::ComplexKey, source.at(span), "a key must be plain text, not a list or a mapping")
        .help("write `key: value`; text that starts with `[` or `{` belongs in quotes")
}

/// No key stands at `span`, where a colon or a `?` wants one.
pub(in crate::yaml) fn no_key(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::new(Code::ComplexKey, source.at(span), "a key is missing here")
        .help("write `key: value`; text that starts with `:` or `?` belongs in quotes")
}
