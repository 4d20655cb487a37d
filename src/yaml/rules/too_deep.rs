//! # too-deep
//!
//! Lists and mappings are nested deeper than 64 levels.
//!
//! ## Why
//!
//! A condition inside the branch of another takes two levels, so 64 levels are some thirty conditions one
//! within the other. Nobody can say any more which records come through to the innermost step. Such a file
//! was written by a program gone wrong, not by a person.
//!
//! ## Bad
//!
//! These brackets stand for the branches of many conditions, one within the other.
//!
//! ```yaml
//! x-outline: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
//!   ]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
//! ```
//!
//! ## Good
//!
//! The inner steps are a sequence of their own.
//!
//! ```yaml
//! # sequences/inbound-lead.yaml
//! - id: large
//!   type: condition
//!   when: record.employees > 500
//!   then:
//!     - id: hand-over
//!       type: advance_to
//!       sequence: enterprise-lead
//!
//! # sequences/enterprise-lead.yaml
//! - id: research
//!   type: task
//!   name: Find out who decides
//! ```
//!
//! ## See also
//!
//! `too-many-steps`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};
use crate::yaml::builder::MAX_DEPTH;

/// The nesting goes too deep at `span`.
pub(in crate::yaml) fn too_deep(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::new(Code::TooDeep, source.at(span), format!("this is nested deeper than {MAX_DEPTH} levels"))
        .help("move the inner steps to a sequence of their own and advance to it")
}
