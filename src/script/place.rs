//! From Rhai's lines and columns to bytes of a script.

use rhai::Position;

use crate::text::{Location, Place, Source, Span};

/// The word, number, text or sign that stands at a position; the start of the file where there is none.
pub(super) fn token(source: &Source, position: Position) -> Span {
    let Some(start) = offset(source, position) else { return Span::at(0) };
    Span::new(start, start + token_length(&source.text()[start..]))
}

/// The same as a place in its file.
pub(super) fn location(source: &Source, position: Position) -> Location {
    source.at(token(source, position))
}

fn offset(source: &Source, position: Position) -> Option<usize> {
    let place = Place { line: position.line()?, column: position.position().unwrap_or(1) };
    source.lines().offset(place)
}

fn token_length(rest: &str) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let run = |same: &dyn Fn(char) -> bool| rest.len() - rest.trim_start_matches(same).len();
    let line = rest.lines().next().map_or(0, str::len);
    match rest.chars().next() {
        None | Some('\n' | '\r') => 0,
        Some(first) if is_word(first) => run(&is_word),
        Some(quote @ ('"' | '\'' | '`')) => rest[1..line].find(quote).map_or(line, |end| end + 2),
        Some('&' | '|' | '=' | '<' | '>' | '!' | '+' | '-' | '*' | '/') => {
            run(&|c| matches!(c, '&' | '|' | '=' | '<' | '>' | '!' | '+' | '-' | '*' | '/'))
        }
        Some(first) => first.len_utf8(),
    }
}
