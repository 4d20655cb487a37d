//! Items and entries in brackets: on one line, or each on its own.

use super::outline::{Form, Part, Piece, is_blank, is_empty, line_above, line_end, line_start, next_line};
use super::splice::{Newcomer, Scene, Splices};

/// The comment lines directly above a part that starts its line: where the first of them starts.
pub(super) fn start_with_comments(scene: &Scene<'_>, part: &Part) -> Option<usize> {
    let text = scene.text();
    let mut start = line_start(text, part.start);
    if !is_blank(text, start, part.start) {
        return None;
    }
    while let Some(above) = line_above(text, start) {
        if scene.outline.comment_line(above).is_none() {
            break;
        }
        start = above;
    }
    Some(start)
}

/// Behind the part and its comma.
fn behind_comma(part: &Part) -> usize {
    part.comma.map_or(part.end(), |comma| comma + 1)
}

/// Whether nothing but a comment follows on the line.
fn ends_line(scene: &Scene<'_>, at: usize) -> bool {
    let end = scene.outline.comment_on_line(at).map_or(line_end(scene.text(), at), |comment| comment.0);
    is_blank(scene.text(), at, end)
}

/// The lines that hold a part, its comma and comments and nothing else.
pub(super) fn own_lines(scene: &Scene<'_>, part: &Part) -> Option<(usize, usize)> {
    let start = start_with_comments(scene, part)?;
    let end = behind_comma(part);
    ends_line(scene, end).then(|| (start, line_end(scene.text(), end)))
}

pub(super) fn remove(scene: &Scene<'_>, piece: &Piece, index: usize, splices: &mut Splices) {
    let text = scene.text();
    let part = &piece.parts[index];
    let mut cut = |start: usize, end: usize| {
        splices.removed_comments.extend(scene.outline.comments_in(start, end));
        // A bracket or comma directly behind a colon would be part of the text to some readers.
        let is_behind_colon = start > 0 && text.as_bytes()[start - 1] == b':' && index > 0;
        splices.put(start..end, if is_behind_colon { " " } else { "" });
    };
    let before = index.checked_sub(1).map(|before| &piece.parts[before]);
    let next = piece.parts.get(index + 1);
    if piece.parts.len() == 1 {
        return cut(piece.start + 1, piece.end - 1);
    }
    if let Some((start, end)) = own_lines(scene, part) {
        let is_on_bracket_line = start <= piece.start;
        if let (false, Some(below)) = (is_on_bracket_line, next_line(text, end)) {
            cut(start, below);
            if let (None, None, Some(comma)) = (next, part.comma, before.and_then(|before| before.comma)) {
                splices.put(comma..comma + 1, "");
            }
            return;
        }
    }
    match (before, next) {
        (_, Some(next)) if !text[part.start..next.start].contains('\n') => cut(part.start, next.start),
        (Some(before), _) => {
            let from = before.comma.map_or(before.end(), |comma| comma + 1);
            if part.comma.is_some() {
                // The comma behind the part is the one before it from now on.
                match scene.outline.comments_in(from, part.start).is_empty() {
                    true => cut(before.end(), part.end()),
                    false => cut(part.start, behind_comma(part)),
                }
            } else if scene.outline.comments_in(from, part.start).is_empty() {
                cut(before.end(), part.end());
            } else {
                cut(part.start, part.end());
                if let Some(comma) = before.comma {
                    cut(comma, comma + 1);
                }
            }
        }
        (None, Some(next)) => {
            // The comments above the next one are its own.
            let end = start_with_comments(scene, next).unwrap_or(next.start);
            let is_same_line = scene.outline.comments_in(end, next.start).is_empty();
            cut(part.start, if is_same_line { next.start } else { line_end(text, behind_comma(part)) });
        }
        (None, None) => {}
    }
}

pub(super) fn insert(scene: &Scene<'_>, piece: &Piece, index: usize, newcomer: &Newcomer, splices: &mut Splices) {
    let text = scene.text();
    let new = &newcomer.flow;
    let behind = newcomer.behind.as_deref().unwrap_or_default();
    // On a line that others share there is no place for a comment: they all go above it.
    let above_all = |splices: &mut Splices| {
        let at = scene.line_of_outermost(piece.start);
        let pad: String = text[at..].chars().take_while(|c| *c == ' ').collect();
        let comments = newcomer.above.iter().chain(&newcomer.inside).map(String::as_str);
        let comments = comments.chain(Some(behind.trim_start()).filter(|comment| !comment.is_empty()));
        let lines: String = comments.map(|comment| format!("{pad}{comment}\n")).collect();
        splices.put(at..at, lines);
    };
    let above_it = |pad: &str| -> String {
        newcomer.above.iter().chain(&newcomer.inside).map(|comment| format!("{pad}{comment}\n")).collect()
    };
    let at_part = |at: usize| " ".repeat(scene.column(at));
    if let Some(next) = piece.parts.get(index) {
        if let Some(start) = start_with_comments(scene, next).filter(|start| *start > piece.start) {
            let pad = at_part(next.start);
            splices.put(start..start, format!("{}{pad}{new},{behind}\n", above_it(&pad)));
        } else {
            splices.put(next.start..next.start, format!("{new}, "));
            above_all(splices);
        }
        return;
    }
    let Some(last) = piece.parts.last() else {
        let inside = piece.start + 1..piece.end - 1;
        let is_empty = is_empty(&text[inside.clone()]);
        splices.put(if is_empty { inside } else { inside.start..inside.start }, new.clone());
        above_all(splices);
        return;
    };
    let own_line = start_with_comments(scene, last).filter(|start| *start > piece.start);
    let end = behind_comma(last);
    match (own_line, last.comma) {
        (Some(_), comma) if ends_line(scene, end) => {
            let pad = at_part(last.start);
            let end_of_line = line_end(text, end);
            if comma.is_none() {
                splices.put(last.end()..last.end(), ",");
            }
            let own_comma = if comma.is_some() { "," } else { "" };
            splices.put(end_of_line..end_of_line, format!("\n{}{pad}{new}{own_comma}{behind}", above_it(&pad)));
        }
        (_, Some(_)) => {
            splices.put(end..end, format!(" {new},"));
            above_all(splices);
        }
        (_, None) => {
            let blank = if last.value.form == Form::Nothing { " " } else { "" };
            splices.put(last.end()..last.end(), format!("{blank}, {new}"));
            above_all(splices);
        }
    }
}
