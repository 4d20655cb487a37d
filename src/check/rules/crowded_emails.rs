//! # crowded-emails
//!
//! An email follows another with nothing between them that takes time: no wait, no condition with `within`,
//! no other step of a seller. Told where the two stand side by side, and where the system sends both on some
//! way.
//!
//! ## Why
//!
//! An automated email goes out in the second in which the step before it is done. Two of them arrive
//! together, look like a mistake, and count as spam. Two emails that a seller writes are due in the same
//! moment, and one of the two is skipped.
//!
//! ## Bad
//!
//! ```yaml
//! exit_on: [replied]
//! steps:
//!   - {id: intro, type: automated_email, name: Introduce ourselves, template: intro-lead}
//!   - {id: nudge, type: automated_email, name: Send a reminder, template: nudge}
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
//! `email-after-reply`, `text-at-any-hour`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn crowded_emails(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let crowded = scene.ways.crowded_emails.iter();
    crowded
        .map(|(earlier, email)| {
            let message = format!("nothing that takes time stands between `{}` and this email", earlier.label());
            Diagnostic::new(Code::CrowdedEmails, scene.at(email.head), message)
                .related(scene.at(earlier.head), format!("`{}` is here", earlier.label()))
                .help("put a wait before it, like `{id: breathe, type: wait, for: 2d}`")
        })
        .collect()
}
