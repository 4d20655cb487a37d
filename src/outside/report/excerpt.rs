//! Cuts out of a file what a snippet shows: few lines, no longer than a screen needs, harmless.
//! Without the cut, each of many findings in a huge file or on a huge line would cost the whole of it.

use std::ops::Range;

use crate::text::{Source, Span};

use super::clean::clean_char;

/// The most lines that one snippet spans; what lies farther apart gets a snippet of its own.
const MOST_LINES: usize = 50;

/// The cells that a gutter and the dots of a cut line take at most.
const GUTTER: usize = 16;

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
    let anchor = marks.iter().map(|mark| mark.start).filter(|start| whole.contains(start)).min().unwrap_or(whole.start);
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
    let end = if last - first > MOST_LINES || first != last && (is_long(source, first, width) || is_long(source, last, width)) {
        content(source, first).end.max(start)
    } else {
        end
    };
    let clipped = if is_long(source, first, width) { end.min(start + columns(width) / 2) } else { end };
    start..text.ceil_char_boundary(clipped)
}

/// Whether two marks fit one snippet.
pub(super) fn near(source: &Source, one: &Range<usize>, other: &Range<usize>, width: usize) -> bool {
    let line = |offset| source.lines().line_at(offset);
    let column = |offset| offset - content(source, line(offset)).start.min(offset);
    let far_lines = line(one.start.max(other.start)).abs_diff(line(one.start.min(other.start))) > MOST_LINES;
    let long = is_long(source, line(one.start), width) || is_long(source, line(other.start), width);
    !far_lines && (!long || column(one.start).abs_diff(column(other.start)) <= columns(width) / 2)
}

fn is_long(source: &Source, line: usize, width: usize) -> bool {
    content(source, line).len() > columns(width)
}

fn columns(width: usize) -> usize {
    width.saturating_sub(GUTTER).max(GUTTER)
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
