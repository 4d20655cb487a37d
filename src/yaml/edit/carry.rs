//! An item on its way from one list to another, with its spelling and its comments.

use serde_yaml::Value;

use crate::yaml::{Content, Node, Style, is_ambiguous};

use super::outline::{Form, Outline, Part, Piece, line_end, next_line};
use super::splice::{Newcomer, Scene};
use super::write::{self, Around, Ending, Lines};
use super::{block, flow};

/// The item at `index` of a list, ready to come into another.
pub(super) fn pick_up(scene: &Scene<'_>, list: &Piece, node: &Node<'_>, index: usize) -> Option<Newcomer> {
    let part = list.parts.get(index)?;
    match list.form {
        Form::List => Some(from_block(scene, list, part, node, index)),
        Form::FlowList => Some(from_flow(scene, part)),
        Form::Nothing | Form::Scalar(_) | Form::Block { .. } | Form::Mapping | Form::FlowMapping | Form::FlowPair => None,
    }
}

fn from_block(scene: &Scene<'_>, list: &Piece, part: &Part, node: &Node<'_>, index: usize) -> Newcomer {
    let text = scene.text();
    let extent = block::extent(scene, list, index);
    let column = scene.column(part.start);
    let above = if extent.start < part.start { scene.outline.comments_in(extent.start, part.start) } else { Vec::new() };
    let lines = lines(text, part.start, extent.end);
    let is_on_one_line = !part.value.is_nested() && lines.len() == 1;
    let behind = if is_on_one_line { comment_behind(scene, part.end()) } else { None };
    let ending = match part.value.last().form {
        Form::Block { keeps: true, .. } => Ending::Keeping,
        Form::Block { .. } => Ending::Block,
        Form::Nothing | Form::Scalar(_) | Form::List | Form::Mapping | Form::FlowList | Form::FlowMapping | Form::FlowPair => {
            Ending::Line
        }
    };
    Newcomer {
        block: Box::new(move |to| Lines { text: shifted(&lines, column, to), ending }),
        flow: flow_of(scene.outline, &part.value, node),
        above,
        inside: if behind.is_some() { Vec::new() } else { scene.outline.comments_in(part.start, extent.end) },
        behind,
    }
}

fn from_flow(scene: &Scene<'_>, part: &Part) -> Newcomer {
    let text = scene.text();
    let column = scene.column(part.start);
    let own = text[part.start..part.end()].to_owned();
    let lines = lines(text, part.start, part.end());
    let around = flow::own_lines(scene, part);
    let above = around.map_or_else(Vec::new, |(start, _)| scene.outline.comments_in(start, part.start));
    let behind = around.and_then(|_| comment_behind(scene, part.comma.map_or(part.end(), |comma| comma + 1)));
    let comment = behind.clone().unwrap_or_default();
    Newcomer {
        // The lines below the first stay deeper than the dash.
        block: Box::new(move |to| Lines {
            text: format!("- {}{comment}", shifted(&lines, column, to + 2)),
            ending: Ending::Line,
        }),
        flow: own,
        above,
        inside: Vec::new(),
        behind,
    }
}

/// The comment on the line behind an offset, with the blanks before it.
fn comment_behind(scene: &Scene<'_>, at: usize) -> Option<String> {
    scene.outline.comment_on_line(at).map(|comment| scene.text()[at..comment.1].to_owned())
}

/// The lines from `start` to `end`, without their ends.
fn lines(text: &str, start: usize, end: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut at = Some(start);
    while let Some(start) = at.filter(|start| *start <= end) {
        let line_end = line_end(text, start).min(end);
        lines.push(text[start..line_end].to_owned());
        at = next_line(text, start);
    }
    lines
}

/// The lines with all but the first, which starts at `column`, moved along as that one moves to the column `to`.
fn shifted(lines: &[String], column: usize, to: usize) -> String {
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        if index == 0 {
            text.push_str(line);
            continue;
        }
        text.push('\n');
        let content = line.trim_start_matches(' ');
        let depth = line.len() - content.len();
        if !line.is_empty() {
            text.push_str(&" ".repeat((depth + to).saturating_sub(column)));
            text.push_str(content);
        }
    }
    text
}

/// A value on one line, each text in it spelt as it was wherever it may be.
fn flow_of(outline: &Outline<'_>, piece: &Piece, node: &Node<'_>) -> String {
    let joined = |open: &str, parts: Vec<String>, close: &str| format!("{open}{}{close}", parts.join(", "));
    match &node.content {
        Content::Unreadable => String::new(),
        Content::Scalar(_) if node.is_empty() => "null".to_owned(),
        Content::Scalar(scalar) => spelt(outline.text, piece.start, piece.end, &scalar.text, scalar.style),
        Content::List(list) => {
            let items = list.items.iter().zip(&piece.parts);
            joined("[", items.map(|(item, part)| flow_of(outline, &part.value, item)).collect(), "]")
        }
        Content::Mapping(mapping) => {
            let entries = mapping.entries.iter().zip(&piece.parts).map(|(entry, part)| {
                let (start, end) = part.key.unwrap_or((part.start, part.start));
                let style = match outline.text.as_bytes().get(start) {
                    Some(b'\'') => Style::SingleQuoted,
                    Some(b'"') => Style::DoubleQuoted,
                    _ => Style::Plain,
                };
                let key = spelt(outline.text, start, end, &entry.key, style);
                format!("{key}: {}", flow_of(outline, &part.value, &entry.value))
            });
            joined("{", entries.collect(), "}")
        }
    }
}

fn spelt(text: &str, start: usize, end: usize, meant: &str, style: Style) -> String {
    let raw = &text[start..end];
    let is_one_line = !raw.contains('\n');
    match style {
        Style::SingleQuoted | Style::DoubleQuoted if is_one_line => raw.to_owned(),
        // What is no text to some reader stays so.
        Style::Plain if is_one_line && (is_ambiguous(meant) || is_number(meant)) && !meant.contains(':') => raw.to_owned(),
        Style::Plain | Style::SingleQuoted | Style::DoubleQuoted | Style::Literal | Style::Folded => {
            write::scalar(meant, Around::Flow, None)
        }
    }
}

fn is_number(text: &str) -> bool {
    serde_yaml::from_str::<Value>(text).is_ok_and(|value| value.is_number())
}
