//! # immutable-property
//!
//! A sequence has another record type than before: than it was published with, or with `--against` than at
//! that revision.
//!
//! ## Why
//!
//! The steps, fields and connected records of a sequence are those of one record type. Nobody who went
//! through it could be counted, compared or brought back. In Dynamics 365 Sales, our reference, the type is
//! chosen once, when the sequence is created.
//!
//! ## Bad
//!
//! ```text
//! # published with `record_type: lead`
//! record_type: opportunity
//! ```
//!
//! ## Good
//!
//! ```text
//! record_type: lead
//! ```
//!
//! ## See also
//!
//! `edited-while-active`

use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::Sequence;
use crate::text::Span;

/// Another record type at `span`; `earlier` is the one that it had, where that is known.
pub(in crate::lifecycle) fn immutable_property(sequence: &Sequence, span: Span, earlier: Option<&str>) -> Diagnostic {
    let message = format!("`{}` keeps its record type for ever", sequence.id);
    let again = earlier.map_or("the published type".to_owned(), |earlier| format!("`record_type: {earlier}`"));
    Diagnostic::new(Code::ImmutableProperty, sequence.file.at(span), message)
        .help(format!("write {again} again, and make a new sequence for the other type (`segue new`)"))
}
