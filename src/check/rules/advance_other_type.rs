//! # advance-other-type
//!
//! An `advance_to` names a sequence for records of another type.
//!
//! ## Why
//!
//! A lead cannot be worked as an opportunity: the fields and stages that the other sequence asks for are not
//! there. The record would stop at the border between the two. Dynamics 365 Sales, our reference, offers
//! sequences of the same record type only.
//!
//! ## Bad
//!
//! ```yaml
//! # sequences/inbound-lead.yaml
//! record_type: lead
//! steps:
//!   - {id: call, type: phone_call, name: Call}
//!   - {id: hand-over, type: advance_to, sequence: demo-request}
//!
//! # sequences/demo-request.yaml
//! record_type: opportunity
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # sequences/inbound-lead.yaml
//! record_type: lead
//! steps:
//!   - {id: call, type: phone_call, name: Call}
//!   - {id: hand-over, type: advance_to, sequence: enterprise-lead}
//!
//! # sequences/enterprise-lead.yaml
//! record_type: lead
//! ```
//!
//! ## See also
//!
//! `unknown-sequence`, `unknown-record-type`

use crate::check::library::Library;
use crate::check::summary::Summary;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn advance_other_type(summary: &Summary, library: &Library) -> Vec<Diagnostic> {
    let Some(own) = &summary.record_type else { return Vec::new() };
    let resolved = summary.advances.iter().filter_map(|advance| {
        let target = library.sequence(&advance.target.value)?;
        Some((advance, target, target.record_type.as_ref()?))
    });
    let other = resolved.filter(|(_, _, theirs)| own.value != theirs.value);
    other
        .map(|(advance, target, theirs)| {
            let message =
                format!("`{}` is for records of type `{}`, and this sequence for `{}`", target.id, theirs.value, own.value);
            Diagnostic::new(Code::AdvanceOtherType, summary.file.at(advance.target.span), message)
                .related(target.file.at(theirs.span), "its record type")
                .help("advance to a sequence for the same type of record")
        })
        .collect()
}
