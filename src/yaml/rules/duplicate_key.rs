//! # duplicate-key
//!
//! A key stands twice in one mapping.
//!
//! ## Why
//!
//! Segue reads the first of the two, other YAML readers the last. Whoever changes the wrong one sees nothing
//! happen, and sellers go on writing from a template that everybody believes replaced.
//!
//! ## Bad
//!
//! ```yaml
//! - id: intro
//!   type: email
//!   name: Introduce ourselves
//!   template: intro-lead
//!   template: intro-lead-emea
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: intro
//!   type: email
//!   name: Introduce ourselves
//!   template: intro-lead-emea
//! ```
//!
//! ## See also
//!
//! `duplicate-step-id`

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::{Source, Span};
use crate::yaml::rules::removal;

/// `key` stands at `span` again; it was first at `first`. Where both say the same, `again` is what can go.
pub(in crate::yaml) fn duplicate_key(source: &Source, key: &str, span: Span, first: Span, again: Option<Span>) -> Diagnostic {
    let problem = Diagnostic::new(Code::DuplicateKey, source.at(span), format!("the key `{key}` stands here a second time"))
        .related(source.at(first), "it stands here first, and this one is read")
        .help("keep one of the two");
    match again.and_then(|again| removal(source.text(), again)) {
        Some(gone) => problem.fix("delete the second one, which says the same", Safety::Safe, gone, ""),
        None => problem,
    }
}
