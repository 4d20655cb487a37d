//! # conflicting-keys
//!
//! Two keys exclude each other: a condition asks two things at once, or limits the time for something that
//! does not take any.
//!
//! ## Why
//!
//! Only one of the two can count, and the file does not say which. A condition has two branches, so it asks
//! one question; two questions need a condition each. A call has its result as soon as it is completed, so
//! there is nothing to wait for with `within` or `at_once`.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - id: interested
//!   type: condition
//!   any_of: [link_opened]
//!   within: 2d
//!   when: record.employees > 500
//!   then:
//!     - {id: call, type: phone_call, name: Call while it is warm}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - id: interested
//!   type: condition
//!   any_of: [link_opened]
//!   within: 2d
//!   then:
//!     - id: large
//!       type: condition
//!       when: record.employees > 500
//!       then:
//!         - {id: call, type: phone_call, name: Call while it is warm}
//! ```
//!
//! ## See also
//!
//! `mixed-results`, `missing-key`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// The key at `span` cannot stand beside the one at `other`.
pub fn conflicting_keys(source: &Source, span: Span, other: Span) -> Diagnostic {
    let (key, beside) = (source.slice(span), source.slice(other));
    Diagnostic::new(Code::ConflictingKeys, source.at(span), format!("`{key}` cannot stand beside `{beside}`"))
        .related(source.at(other), format!("`{beside}` stands here"))
}
