//! # limit-time
//!
//! A script took longer than it may: half a minute, unless `--timeout` says otherwise.
//!
//! ## Why
//!
//! While a script runs, nobody else can change the workspace. The clock is looked at between operations, so
//! a single long one is ended when it is over.
//!
//! ## Bad
//!
//! ```text
//! $ segue run copy-all --timeout 100ms
//! error[limit-time]: the script was ended after 0.1 s
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue run copy-all --timeout 2m
//! ```
//!
//! ## See also
//!
//! `limit-operations`

use std::time::Duration;

use crate::diagnostic::{Code, Diagnostic};
use crate::text::Location;

/// It took longer than it may.
pub(in crate::script) fn limit_time(at: Location, limit: Duration) -> Diagnostic {
    Diagnostic::new(Code::LimitTime, at, format!("the script was ended after {} s", limit.as_secs_f64()))
        .help("do less in one run, or give it more time with `--timeout`")
}
