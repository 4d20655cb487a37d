//! # condition-without-email
//!
//! A condition asks what became of an email, and no email comes before it, or `of` names a step that is no
//! email or does not come before it.
//!
//! ## Why
//!
//! An email that was never sent is never opened and never answered. Every record would wait until `within` is
//! over and then take the `else` branch, as if all of them had kept silent. In Dynamics 365 Sales, our
//! reference, such a condition can only be put behind an email.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: call, type: phone_call, name: Call}
//! - id: interested
//!   type: condition
//!   any_of: [email_opened]
//!   within: 2d
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - {id: call, type: phone_call, name: Call}
//! - id: interested
//!   type: condition
//!   any_of: [email_opened]
//!   within: 2d
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## See also
//!
//! `condition-without-call`, `ambiguous-result`, `exit-without-email`

use crate::check::results::ResultOf;
use crate::check::scene::Scene;
use crate::check::without::conditions_without;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn condition_without_email(scene: &Scene<'_>) -> Vec<Diagnostic> {
    conditions_without(scene, ResultOf::Email, Code::ConditionWithoutEmail)
}
