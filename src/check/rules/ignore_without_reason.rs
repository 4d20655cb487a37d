//! # ignore-without-reason
//!
//! A finding is silenced and nobody says why.
//!
//! ## Why
//!
//! Half a year later the comment is all that is left of the decision. With a reason, the next person can see
//! whether it still holds; without one, they neither dare to remove it nor trust what it hides.
//!
//! ## Bad
//!
//! ```yaml
//! - id: call
//!   type: phone_call
//!   name: Call back
//! - id: breathe  # segue: ignore[trailing-wait]
//!   type: wait
//!   for: 2d
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: call
//!   type: phone_call
//!   name: Call back
//! - id: breathe  # segue: ignore[trailing-wait] the renewal team counts two quiet days as part of it
//!   type: wait
//!   for: 2d
//! ```
//!
//! ## See also
//!
//! `bad-ignore`, `unused-ignore`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// The comment at `span` gives no reason.
pub(in crate::check) fn ignore_without_reason(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::new(Code::IgnoreWithoutReason, source.at(span), "this comment does not say why the finding is ignored")
        .help("write the reason behind the bracket")
}
