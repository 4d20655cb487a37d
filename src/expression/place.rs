//! From Rhai's lines and columns to bytes of the file.

use rhai::Position;

use crate::sequence::When;
use crate::text::{LineIndex, Place, Source, Span};
use crate::yaml::{Style, end_in_source, offset_in_source};

/// A stretch of an expression's text, in bytes of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    pub start: usize,
    pub end: usize,
}

impl Extent {
    /// The smallest stretch that holds both.
    pub fn to(self, other: Extent) -> Extent {
        Extent { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

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

    /// The expression's text, as YAML means it.
    pub(super) fn text(&self) -> &'a str {
        &self.when.text.value
    }

    /// How YAML writes it.
    pub(super) fn style(&self) -> Style {
        self.when.style
    }

    /// All of the expression.
    pub(super) fn whole(&self) -> Extent {
        let text = self.text();
        let start = text.len() - text.trim_start().len();
        Extent { start, end: text.trim_end().len().max(start) }
    }

    /// The word, number, text or sign that stands at Rhai's position; the last one of the expression where Rhai names none.
    pub(super) fn token(&self, position: Position) -> Extent {
        let text = self.text();
        let offset = self.offset(position).filter(|offset| !text[*offset..].trim().is_empty());
        let start = offset.unwrap_or_else(|| last_token(text));
        Extent { start, end: start + token_length(&text[start..]) }
    }

    /// The stretch up to and with the bracket that closes it, where that is the next sign.
    pub(super) fn closed_by(&self, extent: Extent, bracket: char) -> Extent {
        let rest = &self.text()[extent.end..];
        let behind_comma = rest.trim_start().strip_prefix(',').unwrap_or(rest).trim_start();
        match behind_comma.strip_prefix(bracket) {
            Some(behind) => Extent { end: self.text().len() - behind.len(), ..extent },
            None => extent,
        }
    }

    /// The stretch with the brackets that its own belong to: Rhai's tree has none.
    pub(super) fn balanced(&self, extent: Extent) -> Extent {
        let Extent { mut start, mut end } = extent;
        let (missing_before, missing_behind) = unbalanced(&self.text()[start..end]);
        for _ in 0..missing_before {
            match self.text()[..start].trim_end().strip_suffix('(') {
                Some(before) => start = before.len(),
                None => return extent,
            }
        }
        for _ in 0..missing_behind {
            match self.text()[end..].trim_start().strip_prefix(')') {
                Some(behind) => end = self.text().len() - behind.len(),
                None => return extent,
            }
        }
        Extent { start, end }
    }

    /// The bytes of the file at which a stretch of the expression stands.
    pub(super) fn span(&self, extent: Extent) -> Span {
        let Extent { start, end } = extent;
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

/// How many round brackets are opened before a stretch and closed in it, and how many opened in it and not closed.
fn unbalanced(text: &str) -> (usize, usize) {
    let (mut before, mut open, mut at) = (0, 0, 0);
    while let Some(next) = text[at..].chars().next() {
        match next {
            '(' => open += 1,
            ')' if open > 0 => open -= 1,
            ')' => before += 1,
            _ => {}
        }
        at += if matches!(next, '"' | '\'' | '`') { text_length(&text[at..], next).max(1) } else { next.len_utf8() };
    }
    (before, open)
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
        Some(first) if first.is_ascii_digit() => number_length(rest),
        Some(first) if is_word(first) => run(&is_word),
        Some(quote @ ('"' | '\'' | '`')) => text_length(rest, quote),
        Some('-') if rest[1..].trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
            let number = rest[1..].trim_start();
            rest.len() - number.len() + number_length(number)
        }
        Some('+' | '-' | '*' | '/' | '%' | '^') if rest[1..].starts_with('=') => 2,
        Some('*') if rest[1..].starts_with('*') => run(&|c| matches!(c, '*' | '=')),
        Some('&' | '|' | '=' | '<' | '>' | '!') => run(&|c| matches!(c, '&' | '|' | '=' | '<' | '>' | '!')),
        Some(first) => first.len_utf8(),
    }
}

/// A number with its decimals; `1..5` is a number and something else.
fn number_length(rest: &str) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let behind = rest.trim_start_matches(is_word);
    let decimals = behind.strip_prefix('.').filter(|decimals| decimals.starts_with(|c: char| c.is_ascii_digit()));
    rest.len() - decimals.map_or(behind, |decimals| decimals.trim_start_matches(is_word)).len()
}

/// A text with its quotes; a quote behind a backslash is part of it.
fn text_length(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if quote != '`' => is_escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.trim_end().len()
}
