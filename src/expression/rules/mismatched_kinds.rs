//! # mismatched-kinds
//!
//! An expression works with a value as if it were of another kind: a number is compared with a text, a text
//! function is called on a number, or the whole comes out as something that is neither true nor false. It is
//! a warning where options are compared by their letters with `<` and its kind.
//!
//! ## Why
//!
//! A number never equals a text, so the question has the same answer for every record and the branch behind
//! it is never taken, which nobody notices before the quarter's figures. What kind a field has stands in
//! segue.yaml; fields that nobody declared there are taken as they come.
//!
//! ## Bad
//!
//! ```yaml
//! # segue.yaml
//! record_types:
//!   lead: {fields: {employees: number}}
//!
//! # sequences/inbound-lead.yaml
//! - id: large
//!   type: condition
//!   when: record.employees > "500"
//!   then:
//!     - {id: call, type: phone_call, name: Call}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # segue.yaml
//! record_types:
//!   lead: {fields: {employees: number}}
//!
//! # sequences/inbound-lead.yaml
//! - id: large
//!   type: condition
//!   when: record.employees > 500
//!   then:
//!     - {id: call, type: phone_call, name: Call}
//! ```
//!
//! ## Settings
//!
//! `record_types` says which fields a record has and of which kinds.
//!
//! ## See also
//!
//! `bad-expression`, `unknown-field`, `unknown-option`, `constant-expression`

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::text::{Source, Span};

/// Options that are compared by their letters may be named so that it works.
pub(in crate::expression) const NO_ORDER: Severity = Severity::Warning;

/// A part of an expression does not get what it can work with.
pub(in crate::expression) fn mismatched_kinds(source: &Source, span: Span, message: String) -> Diagnostic {
    Diagnostic::new(Code::MismatchedKinds, source.at(span), message)
}
