//! # limit-size
//!
//! A text, an array or a map grows larger than a script may build: 1 MiB of text, 20,000 items, 20,000
//! keys, with those of the containers inside counted too. Neither may a script define more than 256
//! functions.
//!
//! ## Why
//!
//! Values double quickly when they are put into themselves: thirty rounds make a gigabyte of one byte,
//! faster than anybody looks.
//!
//! ## Bad
//!
//! ```rhai
//! let mark = "x";
//! for round in 0..40 {
//!     mark += mark;
//! }
//! ```
//!
//! ## Good
//!
//! ```rhai
//! let mark = "";
//! mark.pad(40, "x");
//! print(mark);
//! ```
//!
//! ## See also
//!
//! `limit-memory`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::Location;

/// One value, or the script itself, is larger than it may be.
pub(in crate::script) fn limit_size(at: Location, what: &str) -> Diagnostic {
    let what = what.to_lowercase();
    let (what, most) = match what.as_str() {
        what if what.contains("string") => ("a text, or all texts of one array or map,", "1 MiB"),
        what if what.contains("array") => ("an array, with the arrays in it,", "20,000 items"),
        what if what.contains("map") => ("a map, with the maps in it,", "20,000 keys"),
        what if what.contains("function") => ("the number of functions", "256"),
        _ => ("a value", "its size"),
    };
    Diagnostic::new(Code::LimitSize, at, format!("{what} grows over the limit of {most}"))
        .help("handle the parts one by one instead of collecting them")
}
