//! From Rhai's lines and columns to bytes of the file.

use rhai::Position;

use crate::sequence::When;
use crate::text::{LineIndex, Place, Source, Span};
use crate::yaml::{end_in_source, offset_in_source};

/// Knows where each character of one expression stands in its file.
pub(super) struct Places<'a> {
    source: &'a Source,
    when: &'a When,
    lines: LineIndex,
}

impl<'a> Places<'a> {
    pub(super) fn new(source: &'a Source, when: &'a When) -> Self {
        Self { source, when, lines: LineIndex::new(&when.text.value) }
    }

    /// The word, number, text or sign that stands at Rhai's position; the last one of the expression where Rhai names none.
    pub(super) fn token(&self, position: Position) -> Span {
        let text = &self.when.text.value;
        let offset = self.offset(position).filter(|offset| !text[*offset..].trim().is_empty());
        let start = offset.unwrap_or_else(|| last_token(text));
        self.span(start, start + token_length(&text[start..]))
    }

    /// The bytes of the file at which a stretch of the expression stands.
    fn span(&self, start: usize, end: usize) -> Span {
        let text = &self.when.text;
        let raw = self.source.slice(text.span);
        let base = text.span.start as usize;
        let first = base + offset_in_source(raw, self.when.style, &text.value, start);
        let behind = if start == end { first } else { base + end_in_source(raw, self.when.style, &text.value, end) };
        Span::new(first, behind.max(first))
    }

    fn offset(&self, position: Position) -> Option<usize> {
        let place = Place { line: position.line()?, column: position.position()? };
        self.lines.of(&self.when.text.value).offset(place)
    }
}

fn last_token(text: &str) -> usize {
    let text = text.trim_end();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let Some(last) = text.chars().next_back() else { return 0 };
    let start_of = |same: &dyn Fn(char) -> bool| text.trim_end_matches(same).len();
    if is_word(last) { start_of(&is_word) } else { start_of(&|c| !is_word(c) && !c.is_whitespace()) }
}

fn token_length(rest: &str) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let run = |same: &dyn Fn(char) -> bool| rest.len() - rest.trim_start_matches(same).len();
    match rest.chars().next() {
        None => 0,
        Some(first) if is_word(first) => run(&is_word),
        Some(quote @ ('"' | '\'' | '`')) => rest[1..].find(quote).map_or(rest.trim_end().len(), |end| end + 2),
        Some('&' | '|' | '=' | '<' | '>' | '!') => run(&|c| matches!(c, '&' | '|' | '=' | '<' | '>' | '!')),
        Some(first) => first.len_utf8(),
    }
}
