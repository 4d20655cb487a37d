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
//! segue apply inbound-lead
//! ```
//!
//! ## See also
//!
//! `ahead`, `edited-while-active`

use crate::diagnostic::{Code, Diagnostic};
use crate::lifecycle::change::Judgement;
use crate::sequence::{Sequence, State};

pub(in crate::lifecycle) fn pending(sequence: &Sequence, judgement: &Judgement, published: State) -> Diagnostic {
    let verbs: Vec<String> = judgement.verbs.iter().map(|verb| format!("`{verb}`")).collect();
    let is = match published {
        State::Inactive | State::Active => published.word(),
        State::Revision => "in revision",
    };
    let message = format!("`{}` is {is}, and this file asks for {}", sequence.id, verbs.join(", "));
    let finding = Diagnostic::new(Code::Pending, sequence.file.at(sequence.state.span), message);
    finding
        .help(format!("do it: `segue apply {}`", sequence.id))
        .help(format!("or write `state: {published}` again, which is what counts until then"))
}
