//! Cuts out of a file what a snippet shows: few lines, no longer than a screen needs, harmless.
//! Without the cut, each of many findings in a huge file or on a huge line would cost the whole of it.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::text::{Source, Span};

use super::clean::clean_char;

/// The most lines that one snippet spans; what lies farther apart gets a snippet of its own.
const MOST_LINES: usize = 50;

/// The cells beside a line: its number, the bar, and the lines that hold a mark of several lines.
const GUTTER: usize = 8;

/// The cells that a cut line loses on both sides together.
const DOTS: usize = 12;

/// Some lines of a file, and what is marked in them, in bytes of these lines.
pub(super) struct Excerpt {
    /// The number of the first line.
    pub(super) first_line: usize,
    /// The lines, each with its `\n`.
    pub(super) text: String,
    /// The marks, in the order in which they were asked for.
    pub(super) marks: Vec<Range<usize>>,
}

impl Excerpt {
    /// The lines that hold `marks`, which [`visible`] has returned.
    pub(super) fn new(source: &Source, marks: &[Range<usize>], width: usize) -> Self {
        let lines = source.lines();
        let first_line = marks.iter().map(|mark| lines.line_at(mark.start)).min().unwrap_or(1);
        let last_line = marks.iter().map(|mark| lines.line_at(mark.end)).max().unwrap_or(1);
        let mut text = String::new();
        let mut pieces = Vec::new();
        for line in first_line..=last_line {
            let kept = kept(source, line, marks, width);
            pieces.push(Piece { start: text.len(), kept: kept.clone() });
            text.extend(source.text()[kept].chars().map(shown));
            text.push('\n');
        }
        let moved = |offset| pieces[lines.line_at(offset) - first_line].moved(source, offset);
        let marks = marks.iter().map(|mark| moved(mark.start)..moved(mark.end)).collect();
        Self { first_line, text, marks }
    }

    /// The number of the last line that is marked.
    pub(super) fn last_line(&self) -> usize {
        let end = self.marks.iter().map(|mark| mark.end).max().unwrap_or(0);
        self.first_line + self.text[..end].matches('\n').count()
    }
}

/// One line of an excerpt: where it starts there, and which bytes of the file it shows.
struct Piece {
    start: usize,
    kept: Range<usize>,
}

impl Piece {
    fn moved(&self, source: &Source, offset: usize) -> usize {
        let before = self.kept.start..offset.clamp(self.kept.start, self.kept.end);
        self.start + source.text()[before].chars().map(|c| shown(c).len_utf8()).sum::<usize>()
    }
}

/// A tab stays, for the renderer to widen.
fn shown(c: char) -> char {
    if c == '\t' { c } else { clean_char(c) }
}

/// The part of a line that is worth rendering: all, or of a very long one a generous part around its first mark.
fn kept(source: &Source, line: usize, marks: &[Range<usize>], width: usize) -> Range<usize> {
    let whole = content(source, line);
    if whole.len() <= 10 * width {
        return whole;
    }
    let anchor = marks
        .iter()
        .map(|mark| mark.start)
        .filter(|start| (whole.start..=whole.end).contains(start))
        .min()
        .unwrap_or(whole.start);
    let start = source.text().floor_char_boundary(anchor.saturating_sub(4 * width).max(whole.start));
    let end = source.text().ceil_char_boundary((anchor + 4 * width).min(whole.end));
    start..end
}

/// What of a span can be marked: it lies inside the text, ends where something is written, and fits the screen.
pub(super) fn visible(source: &Source, span: Span, width: usize) -> Range<usize> {
    let text = source.text();
    let start = text.floor_char_boundary(span.start as usize);
    let end = text.ceil_char_boundary(span.end as usize).max(start);
    let end = if text[start..end].contains('\n') { start + text[start..end].trim_end().len() } else { end };
    let (first, last) = (source.lines().line_at(start), source.lines().line_at(end));
    let too_long = is_long(source, first, width) || is_long(source, last, width);
    let end = if first < last && (too_long || last - first > MOST_LINES) { content(source, first).end.max(start) } else { end };
    if too_long { start..start + fitting(&text[start..end], room(width) / 2) } else { start..end }
}

/// Whether a second mark fits the snippet of the first: together they must not be wider than the screen.
pub(super) fn near(source: &Source, first: &Range<usize>, second: &Range<usize>, width: usize) -> bool {
    let (one, other) = (source.lines().line_at(first.start), source.lines().line_at(second.start));
    let fits = || column(source, one, first.start, width).abs_diff(column(source, other, second.start, width)) <= room(width) / 4;
    one.abs_diff(other) <= MOST_LINES && (!is_long(source, one, width) && !is_long(source, other, width) || fits())
}

/// Whether a line must be cut to fit the screen.
fn is_long(source: &Source, line: usize, width: usize) -> bool {
    let whole = content(source, line);
    whole.len() > 10 * width || cells(&source.text()[whole]) > width.saturating_sub(GUTTER)
}

/// The cells for a line that is cut on both sides.
fn room(width: usize) -> usize {
    width.saturating_sub(GUTTER + DOTS)
}

/// The cells before an offset, or its bytes, which are quicker to count, where these are many.
fn column(source: &Source, line: usize, offset: usize, width: usize) -> usize {
    let start = content(source, line).start.min(offset);
    if offset - start > 10 * width { offset - start } else { cells(&source.text()[start..offset]) }
}

fn cells(text: &str) -> usize {
    text.chars().map(cells_of).sum()
}

/// As the renderer counts them.
fn cells_of(c: char) -> usize {
    if c == '\t' { 4 } else { shown(c).width().unwrap_or(1) }
}

/// The bytes at the start of a text that take no more than so many cells.
fn fitting(text: &str, room: usize) -> usize {
    let mut used = 0;
    let fits = |(_, c): &(usize, char)| {
        used += cells_of(*c);
        used <= room
    };
    text.char_indices().take_while(fits).last().map_or(0, |(offset, c)| offset + c.len_utf8())
}

/// The bytes of a line without its end.
fn content(source: &Source, line: usize) -> Range<usize> {
    let text = source.text();
    let start = source.lines().start_of(line).unwrap_or(text.len());
    let end = source.lines().start_of(line + 1).unwrap_or(text.len());
    let line = &text[start..end];
    let line = line.strip_suffix('\n').unwrap_or(line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    start..start + line.len()
}
