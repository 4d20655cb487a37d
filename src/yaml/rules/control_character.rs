//! # control-character
//!
//! A control character or a byte order mark in the middle of the text: nobody sees it, and tools read it differently.

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::{Source, Span};

/// How many of them a file is told about.
const MAX_FINDINGS: usize = 20;

/// Every control character of a text with its finding. Tabs, line ends and a byte order mark at the start are none.
pub(in crate::yaml) fn find(source: &Source) -> Vec<(Span, Diagnostic)> {
    let text = source.text();
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    if text.as_bytes()[start..].iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')) {
        return Vec::new();
    }
    text.char_indices()
        .filter(|(at, c)| *at >= start && is_control(*c))
        .take(MAX_FINDINGS)
        .map(|(at, c)| (Span::new(at, at + c.len_utf8()), control_character(source, at, c)))
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
