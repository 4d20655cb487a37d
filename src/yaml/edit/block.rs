//! Items and entries on lines of their own: which lines belong to one, and how it goes and comes.
//! A comment directly above belongs to it, and so does what is indented deeper below it.

use super::outline::{Form, Piece, first_line, is_blank, is_empty, line_above, line_end, line_start, next_line};
use super::splice::{Newcomer, Scene, Splices};
use super::write::Ending;

/// The lines of an item or entry.
pub(super) struct Extent {
    /// Where its first line starts, the comments above it included; its first byte, where it shares its line.
    pub start: usize,
    /// Where its last line ends.
    pub end: usize,
    /// Whether it starts its line.
    pub has_own_line: bool,
}

/// The lines that belong to a part.
pub(super) fn extent(scene: &Scene<'_>, piece: &Piece, index: usize) -> Extent {
    let part = &piece.parts[index];
    let text = scene.text();
    let column = scene.column(part.start);
    let line = line_start(text, part.start);
    let has_own_line = is_blank(text, line, part.start);
    let end = end_with_comments(scene, part.end(), Some(column));
    let start = if has_own_line { comments_above(scene, line, column) } else { part.start };
    Extent { start, end, has_own_line }
}

/// Where the comments start that stand directly above a line and are not indented deeper than it. Those at the very top are
/// the file's.
fn comments_above(scene: &Scene<'_>, line: usize, column: usize) -> usize {
    let mut start = line;
    while let Some(above) = line_above(scene.text(), start) {
        if scene.outline.comment_line(above).is_none_or(|depth| depth > column) {
            return start;
        }
        if above == first_line(scene.text()) {
            return line;
        }
        start = above;
    }
    start
}

/// The end of the line of `end`, or of the last comment line below it that is indented deeper than `column`.
pub(super) fn end_with_comments(scene: &Scene<'_>, end: usize, column: Option<usize>) -> usize {
    let text = scene.text();
    let mut last = line_end(text, end);
    let Some(column) = column else { return last };
    let mut line = next_line(text, last);
    while let Some(start) = line.filter(|start| *start < text.len()) {
        let end = line_end(text, start);
        match scene.outline.comment_line(start) {
            Some(depth) if depth > column => last = end,
            Some(_) => break,
            None if is_empty(&text[start..end]) => {}
            None => break,
        }
        line = next_line(text, end);
    }
    last
}

/// Takes a part out of one that has others. The blank lines that stay are those of the wider gap.
pub(super) fn remove(scene: &Scene<'_>, piece: &Piece, index: usize, splices: &mut Splices) {
    let text = scene.text();
    let own = extent(scene, piece, index);
    splices.removed_comments.extend(scene.outline.comments_in(own.start, own.end));
    if !own.has_own_line {
        return remove_first_on_line(scene, piece, index, &own, splices);
    }
    let floor = index.checked_sub(1).map_or(0, |before| extent(scene, piece, before).end);
    let (above, count_above) = scene.blank_lines_above(own.start, floor);
    let (below_end, count_below) = scene.blank_lines_below(own.end);
    // Lines that are blank would become part of a block scalar above: all of one that keeps them, of others those with blanks.
    let has_blanks = text[own.end..below_end].contains([' ', '\t']);
    let would_join = index.checked_sub(1).is_some_and(|before| match piece.parts[before].value.last().form {
        Form::Block { keeps, .. } => keeps || has_blanks,
        Form::Nothing | Form::Scalar(_) | Form::List | Form::Mapping | Form::FlowList | Form::FlowMapping | Form::FlowPair => {
            false
        }
    });
    let is_last = index + 1 == piece.parts.len();
    let start = if is_last && index > 0 { above } else { own.start };
    let below = match () {
        () if would_join => count_below,
        () if is_last => 0,
        () if index == 0 => count_below,
        () => count_below.min(count_above),
    };
    let mut end = own.end;
    for _ in 0..below {
        end = next_line(text, end).map_or(text.len(), |start| line_end(text, start));
    }
    match next_line(text, end) {
        Some(next) => splices.put(start..next, ""),
        // A file without an end of its last line goes on having none.
        None => splices.put(line_end_above(text, start)..text.len(), ""),
    }
}

fn line_end_above(text: &str, start: usize) -> usize {
    line_above(text, start).map_or(start, |above| line_end(text, above))
}

/// `- id: a` without its first entry, `- - a` without its first item.
fn remove_first_on_line(scene: &Scene<'_>, piece: &Piece, index: usize, own: &Extent, splices: &mut Splices) {
    let text = scene.text();
    let next = extent(scene, piece, index + 1);
    let next_part = &piece.parts[index + 1];
    if is_empty(&text[own.end..next_part.start]) {
        splices.put(own.start..next_part.start, "");
    } else {
        let sign_end = text[..own.start].trim_end_matches([' ', '\t']).len();
        let end = line_end_above(text, next.start).max(own.end);
        splices.put(sign_end..end, "");
    }
}

/// Puts something before the part at `index`, or behind the last one.
pub(super) fn insert(scene: &Scene<'_>, piece: &Piece, index: usize, newcomer: &Newcomer, splices: &mut Splices) {
    let text = scene.text();
    let count = piece.parts.len();
    let column = scene.column(piece.parts[0].start);
    let pad = " ".repeat(column);
    let lines = (newcomer.block)(column);
    let above: String = newcomer.above.iter().map(|comment| format!("{pad}{comment}\n")).collect();
    let is_item = piece.parts[0].key.is_none();
    if index > 0 && (index == count || !is_item) {
        let before = extent(scene, piece, index - 1);
        let keeps = piece.parts[index - 1].value.keeps();
        let blank = if !keeps && is_spaced(scene, piece, index) { "\n" } else { "" };
        let close = scene.close(before.end, lines.ending);
        splices.put(before.end..before.end, format!("\n{blank}{above}{pad}{}{close}", lines.text));
        scene.drop_blank_lines(before.end, lines.ending, splices);
        return;
    }
    let behind = extent(scene, piece, index);
    let blank = if lines.ending != Ending::Keeping && is_spaced(scene, piece, index) { "\n" } else { "" };
    if behind.has_own_line {
        splices.put(behind.start..behind.start, format!("{above}{pad}{}\n{blank}", lines.text));
    } else if above.is_empty() {
        splices.put(behind.start..behind.start, format!("{}\n{blank}{pad}", lines.text));
    } else {
        let sign_end = text[..behind.start].trim_end_matches([' ', '\t']).len();
        splices.put(sign_end..behind.start, format!("\n{above}{pad}{}\n{blank}{pad}", lines.text));
    }
}

/// Whether the parts around a place stand apart by blank lines.
fn is_spaced(scene: &Scene<'_>, piece: &Piece, index: usize) -> bool {
    let count = piece.parts.len();
    let is_item = piece.parts[0].key.is_none();
    let gaps = match index {
        0 => 1..2,
        index if index == count => count - 1..count,
        index if is_item => index..index + 1,
        index => index.max(2) - 1..index + 1,
    };
    let mut gaps = gaps.filter(|behind| (1..count).contains(behind)).peekable();
    gaps.peek().is_some() && gaps.all(|behind| has_gap(scene, piece, behind))
}

/// Whether a blank line stands before a part that is not the first.
fn has_gap(scene: &Scene<'_>, piece: &Piece, behind: usize) -> bool {
    let next = extent(scene, piece, behind);
    let before = piece.parts[behind - 1].value.start;
    scene.blank_lines_above(next.start, before).1 > 0
}
