//! # limit-memory
//!
//! A script held more in memory than it may: 128 MiB above what was there before it, unless `--max-memory`
//! says otherwise.
//!
//! ## Why
//!
//! Beyond some size the system ends the program instead, in the middle of whatever it does, and says
//! nothing about which line it was.
//!
//! ## Bad
//!
//! ```text
//! let all = [];
//! for number in 0..20000 {
//!     all.push([]);
//!     all[number] = [number, [], "x", [number]];
//!     all[number].pad(400, number);
//! }
//! ```
//!
//! ## Good
//!
//! ```text
//! let total = 0;
//! for number in 0..20000 {
//!     total += number;
//! }
//! print(total);
//! ```
//!
//! ## See also
//!
//! `limit-size`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::Location;

/// It held more than it may.
pub(in crate::script) fn limit_memory(at: Location, limit: usize) -> Diagnostic {
    let mebibytes = limit.div_ceil(1 << 20);
    Diagnostic::new(Code::LimitMemory, at, format!("the script was ended because it held more than {mebibytes} MiB"))
        .help("handle records one by one instead of collecting them; for more, raise `--max-memory`")
}
