//! # tab-indentation
//!
//! A tab indents a line. YAML takes blanks only.
//!
//! ## Why
//!
//! How far a line is indented decides which step or which branch it belongs to, and a tab is two columns wide
//! in one editor and eight in the next. The same file would be another sequence on another screen, so YAML
//! forbids it.
//!
//! ## Bad
//!
//! ```yaml
//! - id: call
//!   type: phone_call
//! 	name: Call back within the hour   # a tab stands before this key
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: call
//!   type: phone_call
//!   name: Call back within the hour   # two blanks stand before this key
//! ```
//!
//! ## See also
//!
//! `wrong-indentation`
#![expect(clippy::tabs_in_doc_comments, reason = "the bad example is about a tab")]

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::{Source, Span};

const TITLE: &str = "indent with spaces: YAML takes no tabs there";

/// Tabs stand where a line is indented, and so they do in that many lines right below. `blanks` is what to write for them.
pub(in crate::yaml) fn tab_indentation(
    source: &Source,
    tabs: Span,
    below: usize,
    blanks: Option<Vec<(Span, String)>>,
) -> Diagnostic {
    let problem = Diagnostic::new(Code::TabIndentation, source.at(tabs), "a tab stands where the line is indented").help(TITLE);
    let problem = match below {
        0 => problem,
        1 => problem.help("so does one in the line below"),
        several => problem.help(format!("so do tabs in {several} lines below")),
    };
    match blanks {
        Some(blanks) => problem.fix_all(TITLE, Safety::Safe, blanks),
        None => problem,
    }
}
