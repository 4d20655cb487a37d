//! # unsupported-format
//!
//! `segue.yaml` is of a format that this program does not know: a newer one wrote it.
//!
//! ## Why
//!
//! A newer format may say the same words and mean others by them. Read by an older program, limits and rights
//! would quietly be different from what was decided. So none of the file is read until the program is as new
//! as the file.
//!
//! ## Bad
//!
//! ```yaml
//! # segue.yaml
//! format: 99
//! limits: {wait: 14d}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # segue.yaml
//! format: 1
//! limits: {wait: 14d}
//! ```

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// The file says `format`; `newest` is the newest that we know.
pub fn unsupported_format(source: &Source, span: Span, format: i64, newest: i64) -> Diagnostic {
    Diagnostic::new(
        Code::UnsupportedFormat,
        source.at(span),
        format!("format {format} is newer than this program, which knows {newest}"),
    )
    .help("use a newer segue; none of this file is read")
}
