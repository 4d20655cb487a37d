//! # email-after-reply
//!
//! The system sends a second email although nobody has looked whether the one before was answered: the
//! sequence has no `exit_on: [replied]`, and on some way neither a condition asks for `replied` between the
//! two, nor does a seller do anything.
//!
//! ## Why
//!
//! Somebody who wrote back on the first day gets the reminder on the third, which asks why they have not
//! written. No mistake of an automated sequence costs more goodwill.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: intro, type: automated_email, name: Introduce ourselves, template: intro-lead}
//! - {id: breathe, type: wait, for: 3d}
//! - {id: nudge, type: automated_email, name: Send a reminder, template: nudge}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! exit_on: [replied]
//! steps:
//!   - {id: intro, type: automated_email, name: Introduce ourselves, template: intro-lead}
//!   - {id: breathe, type: wait, for: 3d}
//!   - {id: nudge, type: automated_email, name: Send a reminder, template: nudge}
//! ```
//!
//! ## See also
//!
//! `crowded-emails`, `exit-before-result`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::ExitCriterion;

pub(super) fn email_after_reply(scene: &Scene<'_>) -> Vec<Diagnostic> {
    if scene.sequence.exit_on.iter().any(|exit| exit.value == ExitCriterion::Replied) {
        return Vec::new();
    }
    let unasked = scene.ways.unasked_emails.iter();
    unasked
        .map(|(earlier, email)| {
            let message = format!("this email goes out even to those who have replied to `{}`", earlier.label());
            Diagnostic::new(Code::EmailAfterReply, scene.at(email.head), message)
                .related(scene.at(earlier.head), format!("`{}` is here", earlier.label()))
                .help("write `exit_on: [replied]` above the steps, or ask for `replied` in a condition before it")
        })
        .collect()
}
