//! Looking at lines of a text that YAML could not make sense of.
//! In come offsets, out come the lines, items and values around them. All by indentation and signs; nothing is parsed.

use crate::text::Span;

/// Keys whose value is code, in which YAML's own signs may stand.
const CODE_KEYS: [&str; 1] = ["when"];

/// Whether a key's value is code rather than text.
pub(super) fn is_code_key(key: &str) -> bool {
    CODE_KEYS.contains(&key)
}

/// The line around an offset, without its line end.
pub(super) fn line(text: &str, offset: usize) -> Span {
    let offset = text.floor_char_boundary(offset);
    let start = text[..offset].rfind('\n').map_or(0, |end| end + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |end| offset + end);
    let end = if text[start..end].ends_with('\r') { end - 1 } else { end };
    Span::new(start, end)
}

/// The nearest line above that holds anything but blanks and comments.
pub(super) fn line_above(text: &str, of: Span) -> Option<Span> {
    let mut start = of.start as usize;
    while start > 0 {
        let above = line(text, start - 1);
        if has_content(&text[above.range()]) {
            return Some(above);
        }
        start = above.start as usize;
    }
    None
}

/// The first line that holds anything but blanks, comments and the marks of a document.
pub(super) fn first_line(text: &str) -> Option<Span> {
    let is_first = |line: &Span| has_content(&text[line.range()]) && !text[line.range()].starts_with(['%', '-']);
    let top = line(text, 0);
    std::iter::once(top).chain(lines_below(text, top)).find(is_first)
}

/// The nearest line below that holds anything but blanks and comments.
pub(super) fn line_below(text: &str, of: Span) -> Option<Span> {
    lines_below(text, of).find(|below| has_content(&text[below.range()]))
}

/// Every line below, in order.
pub(super) fn lines_below(text: &str, of: Span) -> impl Iterator<Item = Span> + '_ {
    let mut current = of;
    std::iter::from_fn(move || {
        let next = text[current.end as usize..].find('\n').map(|end| current.end as usize + end + 1)?;
        current = line(text, next);
        Some(current)
    })
}

/// Whether a line holds anything but blanks and comments.
pub(super) fn has_content(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

/// How many bytes of blanks and tabs a line starts with.
pub(super) fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// A line's content: behind its indentation and any `- `.
pub(super) fn content(text: &str, line: Span) -> Span {
    let mut start = line.start as usize + indentation(&text[line.range()]);
    while text[start..line.end as usize].starts_with("- ") {
        start += 2;
        start += indentation(&text[start..line.end as usize]);
    }
    Span::new(start, line.start as usize + text[line.range()].trim_end().len().max(start - line.start as usize))
}

/// The colon that ends the key a line starts with, if it starts with one.
pub(super) fn key_colon(text: &str, line: Span) -> Option<usize> {
    let content = content(text, line);
    let slice = &text[content.start as usize..text_end(text, content.start as usize, content.end as usize)];
    let found =
        slice.char_indices().find(|(at, c)| *c == ':' && slice[at + 1..].chars().next().is_none_or(char::is_whitespace))?;
    let key = &slice[..found.0];
    let plain = !key.is_empty() && !key.starts_with(['"', '\'', '[', '{', '#']);
    plain.then_some(content.start as usize + found.0)
}

/// The value behind the key a line starts with, as far as a comment or the end of the line.
pub(super) fn value(text: &str, line: Span) -> Option<Span> {
    let colon = key_colon(text, line)?;
    let start = colon + 1 + indentation(&text[colon + 1..line.end as usize]);
    let end = text_end(text, start, line.end as usize);
    (start < end).then(|| Span::new(start, end))
}

/// Where text that starts at `start` ends: before ` #` or the blanks at the end of the line.
fn text_end(text: &str, start: usize, line_end: usize) -> usize {
    let slice = &text[start..line_end];
    let end = slice.find(" #").unwrap_or(slice.len());
    start + slice[..end].trim_end().len()
}

/// Where plain text in brackets ends that starts at `start`: at a sign of theirs, at ` #` or at the end of the line.
pub(super) fn end_in_brackets(text: &str, start: usize) -> usize {
    let line_end = line(text, start).end as usize;
    let length = text[start..line_end].find([',', '[', ']', '{', '}']).unwrap_or(line_end - start);
    text_end(text, start, start + length)
}

/// Where code that starts at `start` ends: at ` #` outside a string, at the end of the line, and in flow style at the
/// `,`, `]` or `}` that closes more than the code opened.
pub(super) fn code_end(text: &str, start: usize, in_flow: bool) -> usize {
    let line_end = line(text, start).end as usize;
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (start, 0_usize);
    while at < line_end {
        match bytes[at] {
            quote @ (b'"' | b'\'' | b'`') => at = string_end(bytes, at, line_end, quote),
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth > 0 => depth -= 1,
            b']' | b'}' | b',' if in_flow && depth == 0 => break,
            b'#' if at > start && bytes[at - 1] == b' ' => break,
            _ => {}
        }
        at += 1;
    }
    let at = at.min(line_end);
    start + text[start..at].trim_end().len()
}

/// The closing quote of a string that opens at `at`, or `end`.
fn string_end(bytes: &[u8], at: usize, end: usize, quote: u8) -> usize {
    let mut at = at + 1;
    while at < end && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(end)
}

/// The code value on a line, block or flow, and whether it stands in flow style.
pub(super) fn code_value(text: &str, line: Span) -> Option<(Span, bool)> {
    let slice = &text[line.range()];
    CODE_KEYS.iter().find_map(|key| {
        let found = slice.match_indices(key).find(|(at, _)| {
            let before = slice[..*at].trim_end_matches([' ', '\t']);
            let behind = &slice[at + key.len()..];
            let opens = before.is_empty() || before.ends_with(['-', '{', ',']);
            opens && (behind.starts_with(": ") || behind.starts_with(":\t"))
        })?;
        let in_flow = slice[..found.0].contains('{');
        let start = line.start as usize + found.0 + key.len() + 1;
        let start = start + indentation(&text[start..line.end as usize]);
        let end = code_end(text, start, in_flow);
        (start < end).then(|| (Span::new(start, end), in_flow))
    })
}

/// The first quote on these lines that opens a value and is not closed on its line.
pub(super) fn open_quote(text: &str, from: usize, to: usize) -> Option<usize> {
    let mut current = line(text, from);
    loop {
        if let Some(found) = open_quote_on(text, current) {
            return Some(found);
        }
        current = lines_below(text, current).next().filter(|below| (below.start as usize) <= to)?;
    }
}

fn open_quote_on(text: &str, line: Span) -> Option<usize> {
    let bytes = text.as_bytes();
    let end = line.end as usize;
    let mut at = line.start as usize;
    while at < end {
        let opens = matches!(bytes[at], b'"' | b'\'') && opens_value(&text[line.start as usize..at]);
        if bytes[at] == b'#' && (at == line.start as usize || bytes[at - 1] == b' ') {
            return None;
        }
        if opens {
            let close = string_end(bytes, at, end, bytes[at]);
            if close >= end {
                return Some(at);
            }
            at = close;
        }
        at += 1;
    }
    None
}

fn opens_value(before: &str) -> bool {
    let trimmed = before.trim_end();
    trimmed.is_empty() || trimmed.ends_with(['[', '{', ',']) || (before.len() > trimmed.len() && trimmed.ends_with([':', '-']))
}

/// How many lines above an error the bracket that caused it is looked for.
const LINES_TO_LOOK_BACK: usize = 40;

/// The outermost bracket that opens a value on the nearest line above `at` (or on its own line) and is not closed before `at`.
pub(super) fn open_bracket(text: &str, at: usize) -> Option<usize> {
    let own = line(text, at);
    let above = std::iter::successors(Some(own), |below| line_above(text, *below));
    above.take(LINES_TO_LOOK_BACK).find_map(|line| open_bracket_on(text, line.start as usize, at))
}

/// The outermost bracket behind `from` that opens a value and is not closed before `at`.
pub(super) fn open_bracket_on(text: &str, from: usize, at: usize) -> Option<usize> {
    let mut open: Vec<usize> = Vec::new();
    let bytes = text.as_bytes();
    let end = at.min(bytes.len());
    let (mut here, mut line_start) = (from, line(text, from).start as usize);
    while here < end {
        // Signs are single bytes, so that this is asked at the start of a character only.
        let before = || &text[line_start..here];
        match bytes[here] {
            b'\n' => line_start = here + 1,
            quote @ (b'"' | b'\'') if opens_value(before()) => here = string_end(bytes, here, end, quote),
            b'[' | b'{' if !open.is_empty() || opens_value(before()) => open.push(here),
            b']' | b'}' => drop(open.pop()),
            b'#' if before().ends_with(' ') => here = line(text, here).end as usize - 1,
            _ => {}
        }
        here += 1;
    }
    open.first().copied()
}

/// The blocks around an offset, from its own line outward: the lines of the list item it stands in, of the item around
/// that, and so on to the top-level key.
pub(super) fn blocks_around(text: &str, offset: usize) -> Vec<Span> {
    let own = line(text, offset);
    let mut blocks = vec![own];
    let mut head = own;
    let mut limit = usize::MAX;
    loop {
        let slice = &text[head.range()];
        let depth = indentation(slice);
        let starts_block = slice[depth..].starts_with("- ") || slice[depth..].trim_end() == "-" || depth == 0;
        if has_content(slice) && depth < limit && starts_block {
            blocks.push(block(text, head));
            limit = depth;
        }
        if limit == 0 {
            return blocks;
        }
        match line_above(text, head) {
            Some(above) => head = above,
            None => return blocks,
        }
    }
}

/// A line and all lines below it that are indented deeper.
pub(super) fn block(text: &str, head: Span) -> Span {
    let depth = indentation(&text[head.range()]);
    let last = lines_below(text, head)
        .take_while(|below| {
            let slice = &text[below.range()];
            slice.trim().is_empty() || indentation(slice) > depth
        })
        .last();
    last.map_or(head, |last| head.to(last))
}

/// Longer readings of code that stands unquoted at `span`: past the ` #` or the flow sign at which YAML ended it.
pub fn longer_codes(text: &str, span: Span) -> Vec<Span> {
    let start = span.start as usize;
    let line_end = line(text, start).end as usize;
    let whole_line = start + text[start..line_end.max(start)].trim_end().len();
    let ends = [whole_line, code_end(text, start, true)];
    ends.into_iter().filter(|end| *end > span.end as usize).map(|end| Span::new(start, end)).collect()
}
