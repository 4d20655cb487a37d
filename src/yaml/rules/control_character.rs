//! # control-character
//!
//! A control character, or a byte order mark that is not at the very start, stands in the text. Tabs and line
//! ends are none.
//!
//! ## Why
//!
//! Nobody sees it in an editor, and tools disagree about it: one drops it, another stops there. It comes in
//! with words copied from a chat or a PDF, and then two names that look the same are not, or a template is
//! not found although it is there.
//!
//! ## Bad
//!
//! ```text
//! $ cat -v sequences/inbound-lead.yaml
//! name: Inbound^H lead follow-up
//! ```
//!
//! ## Good
//!
//! ```text
//! $ cat -v sequences/inbound-lead.yaml
//! name: Inbound lead follow-up
//! ```
//!
//! ## See also
//!
//! `not-utf8`, `tab-indentation`

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::{Source, Span};
use crate::yaml::read::Foreign;

/// How many of them a file is told about.
const MAX_FINDINGS: usize = 20;

/// Every control character of a text with its finding. Tabs, line ends and a byte order mark at the start are none.
pub(in crate::yaml) fn find(source: &Source) -> Vec<Foreign> {
    let text = source.text();
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    if text.as_bytes()[start..].iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')) {
        return Vec::new();
    }
    text.char_indices()
        .filter(|(at, c)| *at >= start && is_control(*c))
        .take(MAX_FINDINGS)
        .map(|(at, c)| Foreign { spans: vec![Span::new(at, at + c.len_utf8())], problem: control_character(source, at, c) })
        .collect()
}

fn is_control(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}')) || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn control_character(source: &Source, at: usize, c: char) -> Diagnostic {
    let span = Span::new(at, at + c.len_utf8());
    Diagnostic::new(
        Code::ControlCharacter,
        source.at(span),
        format!("the control character U+{:04X} stands in the text", u32::from(c)),
    )
    .help("delete it")
    .fix("delete the character", Safety::Safe, span, "")
}
