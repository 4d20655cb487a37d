//! # timeline-order
//!
//! A moment of a test lies before the one above it.
//!
//! ## Why
//!
//! A test is played from top to bottom, and its clock never goes back. What stands in another order than it
//! happens would be read in one way and played in another.
//!
//! ## Bad
//!
//! ```yaml
//! # sequences/follow-up.yaml
//! - {id: call, type: phone_call, name: Call}
//!
//! # sequences/follow-up.test.yaml
//! tests:
//!   - name: a lead is called
//!     timeline:
//!       - {at: 1d, complete: call, result: call_made}
//!       - {at: 0d, expect: {step: call}}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # sequences/follow-up.yaml
//! - {id: call, type: phone_call, name: Call}
//!
//! # sequences/follow-up.test.yaml
//! tests:
//!   - name: a lead is called
//!     timeline:
//!       - {at: 0d, expect: {step: call}}
//!       - {at: 1d, complete: call, result: call_made}
//! ```
//!
//! ## See also
//!
//! `bad-duration`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Located, Source};
use crate::time::Duration;
use crate::trial::Trial;

pub(in crate::trial) fn timeline_order(source: &Source, trial: &Trial) -> Vec<Diagnostic> {
    let mut latest: Option<&Located<Duration>> = None;
    let mut findings = Vec::new();
    for at in trial.timeline.iter().filter_map(|moment| moment.at.as_ref()) {
        match latest {
            Some(before) if at.value.total_minutes() < before.value.total_minutes() => {
                let message =
                    format!("`{}` lies before `{}`, which stands above it", source.slice(at.span), source.slice(before.span));
                findings.push(
                    Diagnostic::new(Code::TimelineOrder, source.at(at.span), message)
                        .related(source.at(before.span), "this is later")
                        .help("write moments in the order of time; each `at` counts from the start"),
                );
            }
            Some(_) | None => latest = Some(at),
        }
    }
    findings
}
