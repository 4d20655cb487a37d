//! # tab-indentation
//!
//! A tab indents a line. YAML takes blanks only.

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// Tabs stand where a line is indented.
pub(in crate::yaml) fn tab_indentation(source: &Source, tabs: Span) -> Diagnostic {
    Diagnostic::new(Code::TabIndentation, source.at(tabs), "a tab stands where the line is indented")
        .help("indent with spaces: YAML takes no tabs there")
}
