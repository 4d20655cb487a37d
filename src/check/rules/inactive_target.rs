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
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::State;

pub(super) fn inactive_target(library: &Library<'_>) -> Vec<Diagnostic> {
    let live = library.advances().filter(|(summary, _)| summary.state != State::Inactive);
    let resolved = live.filter_map(|(summary, advance)| Some((summary, advance, library.sequence(&advance.target.value)?)));
    let dead = resolved.filter(|(_, _, target)| target.state == State::Inactive && target.is_readable);
    dead.map(|(summary, advance, target)| {
        let message = format!("`{}` is not active, and `{}` sends records there", target.id, summary.id);
        Diagnostic::new(Code::InactiveTarget, summary.file.at(advance.target.span), message)
            .help(format!("activate `{}` as well", target.id))
    })
    .collect()
}
