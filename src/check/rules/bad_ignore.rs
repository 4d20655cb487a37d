//! # bad-ignore
//!
//! A comment starts with `segue:` and does not say what is to be ignored.
//!
//! ## Why
//!
//! A comment that cannot be read silences nothing, and whoever wrote it believes that it does. The form is
//! `# segue: ignore[CODE] reason`, with several codes between commas.
//!
//! ## Bad
//!
//! ```yaml
//! - id: call
//!   type: phone_call
//!   name: Call  # segue: ignore duplicate-name, both teams call it so
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: call
//!   type: phone_call
//!   name: Call  # both teams call it so
//! ```
//!
//! ## See also
//!
//! `ignore-without-reason`, `unused-ignore`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// The comment at `span` is for us, and cannot be read because of `why`.
pub(in crate::check) fn bad_ignore(source: &Source, span: Span, why: &str) -> Diagnostic {
    Diagnostic::new(Code::BadIgnore, source.at(span), format!("this comment silences nothing: {why}"))
        .help("write it as `# segue: ignore[CODE] reason`; what is no ignore does not start with `segue:`")
}
