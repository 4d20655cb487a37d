//! # condition-without-call
//!
//! A condition asks what became of a phone call, and no call comes before it, or `of` names a step that is no
//! call or does not come before it.
//!
//! ## Why
//!
//! Nobody has called, so the answer is no for everybody: all records take the `else` branch, and the steps
//! for people who were reached are never seen by a seller. In Dynamics 365 Sales, our reference, such a
//! condition can only be put behind a phone call.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - id: spoke
//!   type: condition
//!   any_of: [call_made]
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - {id: call, type: phone_call, name: Call}
//! - id: spoke
//!   type: condition
//!   any_of: [call_made]
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## See also
//!
//! `condition-without-email`, `ambiguous-result`, `unknown-result`

use crate::check::results::ResultOf;
use crate::check::scene::Scene;
use crate::check::without::conditions_without;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn condition_without_call(scene: &Scene<'_>) -> Vec<Diagnostic> {
    conditions_without(scene, ResultOf::Call, Code::ConditionWithoutCall)
}
