//! Makes text from files harmless: a terminal obeys control characters, so none may reach it.

use std::borrow::Cow;

/// A character that a terminal only shows: control characters become their pictures, one for one, so that columns stay.
pub(super) fn clean_char(c: char) -> char {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7f' => '\u{2421}',
        // C1 holds a second way to start an escape; the others turn the direction of writing or end a line.
        '\u{80}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            char::REPLACEMENT_CHARACTER
        }
        _ => c,
    }
}

/// One line of text that a terminal only shows. A line break becomes a picture too; a byte order mark goes.
pub(super) fn clean_line(text: &str) -> Cow<'_, str> {
    clean_with(text, clean_char)
}

/// The content of a table's cell: as a clean line, with blanks for tabs and line breaks.
pub(super) fn clean_cell(text: &str) -> Cow<'_, str> {
    clean_with(text, |c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { clean_char(c) })
}

fn clean_with(text: &str, clean: impl Fn(char) -> char) -> Cow<'_, str> {
    let harmless = |c: char| c != BYTE_ORDER_MARK && clean(c) == c;
    if text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| *c != BYTE_ORDER_MARK).map(clean).collect())
}

/// The mark that some editors put before a text; it has no width, and no business on a screen.
pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        assert_eq!(clean_line("\u{feff}a\x1b[31m\u{9b}\x07\tb\r\nc\u{202e}\x7f"), "a␛[31m\u{fffd}␇␉b␍␊c\u{fffd}␡");
        assert_eq!(clean_cell("a\tb\nc\x1b"), "a b c␛");
    }

    #[test]
    fn harmless_text_is_not_copied() {
        assert!(matches!(clean_line("grün 日本 🙂"), Cow::Borrowed(_)));
    }
}
