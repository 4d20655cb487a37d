//! To which value each comment and blank line belongs.
//! In comes an outline, out come its lists and mappings with the lines around each part.
//!
//! A comment behind a value, on its line, belongs to it. Comments on lines of their own belong to what stands below them,
//! but for those indented deeper than what stands above: they belong to that. At the end of a list or mapping they close it.

use crate::yaml::FOR_US;
use crate::yaml::edit::outline::{Form, Outline, Part, Piece, is_empty, line_end, line_start, next_line};

/// A line between values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line<'t> {
    /// Nothing.
    Blank,
    /// A comment, and how far it was indented.
    Comment(usize, &'t str),
}

impl Line<'_> {
    /// Whether it is a comment that speaks of the line below it.
    pub(super) fn is_for_us(&self) -> bool {
        match self {
            Line::Blank => false,
            Line::Comment(_, comment) => comment.trim_start_matches('#').trim_start().starts_with(FOR_US),
        }
    }
}

/// A list or mapping on lines of its own.
pub(super) struct Block<'o> {
    pub items: Vec<Item<'o>>,
    /// The lines behind the last part.
    pub tail: Vec<Line<'o>>,
}

/// An item or entry with what belongs to it.
pub(super) struct Item<'o> {
    pub part: &'o Part,
    /// The lines above it.
    pub above: Vec<Line<'o>>,
    /// The comment on the line of its dash or colon, where the value stands below.
    pub beside_sign: Option<(usize, usize)>,
    /// The lines between the dash or colon and a single value below it.
    pub between: Vec<Line<'o>>,
    pub value: Value<'o>,
    /// The comment behind the value, on its line.
    pub beside: Option<(usize, usize)>,
    /// The lines below that are indented deeper.
    pub behind: Vec<Line<'o>>,
}

/// What stands behind a dash or colon.
pub(super) enum Value<'o> {
    /// A list or mapping on lines of its own.
    Nested(Block<'o>),
    /// Anything else.
    Single(&'o Piece),
    /// A key in a form that is left as it is, with its value.
    AsItIs,
}

pub(super) struct Gatherer<'o> {
    outline: &'o Outline<'o>,
}

impl<'o> Gatherer<'o> {
    pub(super) fn new(outline: &'o Outline<'o>) -> Self {
        Self { outline }
    }

    /// The list or mapping at the root, with the lines above it, and where the lines behind it end.
    pub(super) fn root(&self, root: &'o Piece, above: Vec<Line<'o>>) -> (Block<'o>, usize) {
        let (mut block, rest) = self.block(root, above, None);
        block.tail.extend(rest);
        (block, self.lines_below(root.end).1)
    }

    /// The comment behind an offset, on its line.
    pub(super) fn beside(&self, end: usize) -> Option<(usize, usize)> {
        self.outline.comment_on_line(end)
    }

    /// The lines below the one of `end` that hold no value, and where the first other one starts.
    pub(super) fn lines_below(&self, end: usize) -> (Vec<Line<'o>>, usize) {
        let text = self.outline.text;
        match next_line(text, line_end(text, end)) {
            Some(start) => self.lines_from(start),
            None => (Vec::new(), text.len()),
        }
    }

    /// The lines from one on that hold no value, and where the first other one starts.
    pub(super) fn lines_from(&self, start: usize) -> (Vec<Line<'o>>, usize) {
        let text = self.outline.text;
        let mut lines = Vec::new();
        let mut at = start;
        while at < text.len() {
            let end = line_end(text, at);
            match self.outline.comment_line(at) {
                Some(column) => lines.push(Line::Comment(column, text[at + column..end].trim_end_matches([' ', '\t']))),
                None if is_empty(&text[at..end]) => lines.push(Line::Blank),
                None => return (lines, at),
            }
            at = next_line(text, end).unwrap_or(text.len());
        }
        (lines, text.len())
    }

    /// A list or mapping that stands in a part at `column`, or is the root. Returns the lines that do not belong to it too.
    fn block(&self, piece: &'o Piece, above: Vec<Line<'o>>, column: Option<usize>) -> (Block<'o>, Vec<Line<'o>>) {
        let mut items = Vec::with_capacity(piece.parts.len());
        let mut lines = above;
        for part in &piece.parts {
            let (item, rest) = self.item(part, lines);
            items.push(item);
            lines = rest;
        }
        let (tail, rest) = match column {
            Some(column) => split_deeper(lines, column),
            None => (lines, Vec::new()),
        };
        (Block { items, tail }, rest)
    }

    fn item(&self, part: &'o Part, above: Vec<Line<'o>>) -> (Item<'o>, Vec<Line<'o>>) {
        let text = self.outline.text;
        let column = part.start - line_start(text, part.start);
        let sign_end = part.sign_end.unwrap_or(part.start);
        let is_below = text[sign_end..part.value.start.max(sign_end)].contains('\n');
        let beside_sign = if is_below { self.outline.comment_on_line(sign_end) } else { None };
        let between = if is_below { self.lines_below(sign_end).0 } else { Vec::new() };
        let mut item =
            Item { part, above, beside_sign, between: Vec::new(), value: Value::AsItIs, beside: None, behind: Vec::new() };
        if part.value.is_nested() && !is_odd(text, part) {
            let (block, rest) = self.block(&part.value, between, Some(column));
            item.value = Value::Nested(block);
            return (item, rest);
        }
        let end = body(text, part).map_or(part.end(), |body| body.end);
        let lines = self.lines_below(end).0;
        if is_odd(text, part) {
            item.beside_sign = None;
        } else {
            item.between = between;
            item.value = Value::Single(&part.value);
        }
        if let Form::Block { header_end, .. } = part.value.form {
            item.beside = self.outline.comment_on_line(header_end);
            // Indented deeper than its key, a comment below would become a line of the text.
            return (item, lines);
        }
        item.beside = self.outline.comment_on_line(part.end());
        let (behind, rest) = split_deeper(lines, column);
        item.behind = behind;
        (item, rest)
    }
}

/// The lines of a block scalar.
pub(super) struct Body {
    /// Behind the last line that belongs to the text, or behind its sign where none does.
    pub end: usize,
    /// How far the text is indented.
    pub depth: usize,
}

/// The lines of the block scalar in a part, if it is one.
pub(super) fn body(text: &str, part: &Part) -> Option<Body> {
    let Form::Block { header_end, keeps, .. } = part.value.form else { return None };
    let header = &text[part.value.start..header_end];
    let first = line_end(text, header_end);
    let lines = text[first..part.value.end.max(first)].split('\n').skip(1);
    let depth_of = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let depth = match header.chars().find_map(|c| c.to_digit(10)) {
        Some(told) => part.start - line_start(text, part.start) + told as usize,
        None => lines.clone().find(|line| !line.trim_matches([' ', '\r']).is_empty()).map_or(usize::MAX, depth_of),
    };
    let mut end = part.value.end;
    // Blank lines at the end are no part of a text that does not keep them, as long as they hold no more than its indentation.
    while !keeps && end > first {
        let start = line_start(text, end);
        let line = text[start..end].trim_end_matches('\r');
        if !line.trim_matches(' ').is_empty() || line.len() > depth {
            break;
        }
        end = line_end(text, start - 1).max(first);
    }
    Some(Body { end, depth })
}

/// Whether a key is written in a way that is left alone: behind a `?`, or on several lines.
fn is_odd(text: &str, part: &Part) -> bool {
    part.key.is_some_and(|(start, end)| part.start < start || text[start..end].contains('\n'))
}

/// The lines up to the last comment of those at the start that are indented deeper than `column`, and the others.
fn split_deeper(mut lines: Vec<Line<'_>>, column: usize) -> (Vec<Line<'_>>, Vec<Line<'_>>) {
    let mut count = 0;
    for (index, line) in lines.iter().enumerate() {
        match line {
            Line::Comment(depth, _) if *depth > column => count = index + 1,
            Line::Comment(..) => break,
            Line::Blank => {}
        }
    }
    let rest = lines.split_off(count);
    (lines, rest)
}
