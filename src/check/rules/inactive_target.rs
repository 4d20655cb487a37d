//! # inactive-target
//!
//! An active sequence advances to one that is not active.
//!
//! ## Why
//!
//! An inactive sequence takes no records. Those that are sent there stop with an error at the last step of
//! the first sequence, while both look fine by themselves. In Dynamics 365 Sales, our reference, only active
//! sequences can be chosen here.
//!
//! ## Bad
//!
//! ```yaml
//! # sequences/inbound-lead.yaml
//! state: active
//! steps:
//!   - {id: call, type: phone_call, name: Call}
//!   - {id: hand-over, type: advance_to, sequence: enterprise-lead}
//!
//! # sequences/enterprise-lead.yaml
//! state: inactive
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # sequences/inbound-lead.yaml
//! state: active
//! steps:
//!   - {id: call, type: phone_call, name: Call}
//!   - {id: hand-over, type: advance_to, sequence: enterprise-lead}
//!
//! # sequences/enterprise-lead.yaml
//! state: active
//! ```
//!
//! ## See also
//!
//! `unknown-sequence`, `advance-other-type`

use crate::check::library::Library;
use crate::check::summary::Summary;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::State;

pub(super) fn inactive_target(summary: &Summary, library: &Library) -> Vec<Diagnostic> {
    if summary.state == State::Inactive {
        return Vec::new();
    }
    let resolved = summary.advances.iter().filter_map(|advance| Some((advance, library.sequence(&advance.target.value)?)));
    let dead = resolved.filter(|(_, target)| target.state == State::Inactive && target.is_readable);
    dead.map(|(advance, target)| {
        let message = format!("`{}` is not active, and `{}` sends records there", target.id, summary.id);
        Diagnostic::new(Code::InactiveTarget, summary.file.at(advance.target.span), message)
            .help(format!("activate `{}` as well", target.id))
    })
    .collect()
}
