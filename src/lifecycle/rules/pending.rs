//! # pending
//!
//! A file asks for a state that its sequence is not in, and may have it.
//!
//! ## Why
//!
//! What serves records is what was published, not what a file says. Somebody wrote `state: active` and
//! expects records to be connected, or `state: inactive` and expects them to stop; neither happens by itself.
//!
//! ## Bad
//!
//! ```text
//! # published and inactive
//! state: active
//! ```
//!
//! ## Good
//!
//! ```text
//! segue activate inbound-lead
//! ```
//!
//! ## See also
//!
//! `ahead`, `edited-while-active`

use crate::diagnostic::{Code, Diagnostic};
use crate::lifecycle::change::Judgement;
use crate::lifecycle::table::Verb;
use crate::sequence::{Sequence, State};

pub(in crate::lifecycle) fn pending(sequence: &Sequence, judgement: &Judgement, published: State) -> Diagnostic {
    let verbs: Vec<String> = judgement.verbs.iter().map(|verb| format!("`{verb}`")).collect();
    let message = format!("`{}` is {published}, and this file asks for {}", sequence.id, verbs.join(", "));
    let finding = Diagnostic::new(Code::Pending, sequence.file.at(sequence.state.span), message);
    match judgement.verbs.iter().find(|verb| matches!(verb, Verb::Activate | Verb::Deactivate)) {
        Some(verb) => finding.help(format!("do it: `segue {verb} {}`", sequence.id)),
        None => finding.help(format!("write `state: {published}` again")),
    }
}
