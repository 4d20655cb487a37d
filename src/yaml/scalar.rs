//! Where a character of a scalar's text stands in the file: past quotes, escapes, folds and indentation.

use super::Style;

/// The byte offset in `raw` (the scalar as written, quotes included) at which byte `offset` of its text `text` stands.
///
/// Walks both together: a character stands where it is written, an escape where its backslash is, a folded line break
/// where the line ended. An offset at or behind the end of the text stands behind its last character.
pub fn offset_in_source(raw: &str, style: Style, text: &str, offset: usize) -> usize {
    let mut walk = Walk::new(raw, style, text);
    let offset = text.floor_char_boundary(offset);
    for wanted in text[..offset].chars() {
        walk.step(wanted);
    }
    match text[offset..].chars().next() {
        Some(next) => walk.find(next),
        None => walk.at,
    }
}

/// The byte offset in `raw` behind the character of `text` that ends at byte `end`; see [`offset_in_source`].
pub fn end_in_source(raw: &str, style: Style, text: &str, end: usize) -> usize {
    let mut walk = Walk::new(raw, style, text);
    text[..text.floor_char_boundary(end)].chars().for_each(|wanted| walk.step(wanted));
    walk.at
}

struct Walk<'r> {
    raw: &'r str,
    style: Style,
    /// How many blanks before each line of a block scalar are no part of its text.
    indentation: usize,
    /// The next byte of `raw` that has not been matched.
    at: usize,
}

impl<'r> Walk<'r> {
    fn new(raw: &'r str, style: Style, text: &str) -> Self {
        let at = match style {
            Style::Plain => 0,
            Style::SingleQuoted | Style::DoubleQuoted => 1.min(raw.len()),
            // The header's line: `|`, `>-`, `|2 # a comment`.
            Style::Literal | Style::Folded => raw.find('\n').map_or(raw.len(), |end| end + 1),
        };
        let indentation = depth(&raw[at..]).saturating_sub(depth(text));
        let mut walk = Self { raw, style, indentation, at };
        if matches!(style, Style::Literal | Style::Folded) {
            walk.skip_indentation();
        }
        walk
    }

    fn rest(&self) -> &'r str {
        &self.raw[self.at..]
    }

    fn skip_indentation(&mut self) {
        let blanks = self.rest().bytes().take_while(|byte| *byte == b' ').count();
        self.at += blanks.min(self.indentation);
    }

    /// Moves to where `wanted` is written and stays before it.
    fn find(&mut self, wanted: char) -> usize {
        loop {
            let Some(here) = self.rest().chars().next() else { return self.at };
            let escaped_break = self.style == Style::DoubleQuoted && self.starts_with_escaped_break();
            let stands_here = here == wanted || (self.style == Style::DoubleQuoted && here == '\\' && !escaped_break);
            let fold = matches!(wanted, ' ' | '\n') && matches!(here, ' ' | '\t' | '\r' | '\n');
            if stands_here || fold {
                return self.at;
            }
            if escaped_break {
                self.at += 1;
            } else if !here.is_whitespace() {
                return self.at; // out of step with the reader: the nearest place is better than none
            }
            self.at += self.rest().chars().next().map_or(0, char::len_utf8);
        }
    }

    /// Moves behind `wanted`.
    fn step(&mut self, wanted: char) {
        self.find(wanted);
        let Some(here) = self.rest().chars().next() else { return };
        if self.style == Style::DoubleQuoted && here == '\\' {
            self.at += escape_length(self.rest());
            return;
        }
        if self.style == Style::SingleQuoted && self.rest().starts_with("''") {
            self.at += 2;
            return;
        }
        self.at += here.len_utf8();
        match (here, self.style) {
            ('\n', Style::Literal | Style::Folded) => self.skip_indentation(),
            (' ' | '\t' | '\r' | '\n', Style::Plain | Style::SingleQuoted | Style::DoubleQuoted) if wanted != here => {
                // A fold: the whole run of blanks and line ends is the one character.
                let rest = self.rest();
                self.at += rest.len() - rest.trim_start().len();
            }
            _ => {}
        }
    }

    fn starts_with_escaped_break(&self) -> bool {
        self.rest().starts_with("\\\n") || self.rest().starts_with("\\\r\n")
    }
}

/// How far the first line that is not blank is indented.
fn depth(text: &str) -> usize {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line.len() - line.trim_start_matches(' ').len()
}

fn escape_length(rest: &str) -> usize {
    let wanted = match rest.as_bytes().get(1) {
        Some(b'x') => 4,
        Some(b'u') => 6,
        Some(b'U') => 10,
        _ => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
    };
    rest.floor_char_boundary(wanted.min(rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, style: Style, text: &str, part: &str) {
        let offset = offset_in_source(raw, style, text, text.find(part).expect("the text has the part"));
        assert_eq!(&raw[offset..offset + 1], &part[..1], "in {raw:?} at {offset}");
        assert_eq!(offset, raw.rfind(part).expect("the raw text has the part"));
    }

    #[test]
    fn text_is_found_past_quotes_escapes_folds_and_indentation() {
        check("a && b", Style::Plain, "a && b", "b");
        check("a &&\n    b == 1", Style::Plain, "a && b == 1", "b ==");
        check("'x == ''DE'' && yy'", Style::SingleQuoted, "x == 'DE' && yy", "yy");
        check(r#""x == \"DE\" && \u0041 yy""#, Style::DoubleQuoted, "x == \"DE\" && A yy", "yy");
        check("|\n    a &&\n      b\n    c", Style::Literal, "a &&\n  b\nc", "b");
        check("|-\n    a &&\n      b\n    c", Style::Literal, "a &&\n  b\nc", "c");
        check("|2\n    a &&\n  b\n", Style::Literal, "  a &&\nb\n", "a");
        check(">-\n    a &&\n    b &&\n    cc", Style::Folded, "a && b && cc", "cc");
        check("\"a \\\n   bb\"", Style::DoubleQuoted, "a bb", "bb");
    }
}
