//! Lists and mappings in brackets: what stands on one line stays on one, what stands on several keeps its lines.

use crate::yaml::edit::outline::{BLANKS, Form, Part, Piece, line_end};

use super::print::{Page, STEP};

/// What stands between two signs.
#[derive(Default)]
struct Between {
    /// The comments, each with whether it stands on a line of its own.
    comments: Vec<(bool, (usize, usize))>,
    has_break: bool,
    has_blank_line: bool,
}

impl Between {
    fn join(&mut self, mut other: Between) {
        other.comments.iter_mut().for_each(|comment| comment.0 |= self.has_break);
        self.comments.append(&mut other.comments);
        self.has_break |= other.has_break;
        self.has_blank_line |= other.has_blank_line;
    }
}

/// Whether only what can be laid out stands in the brackets: no key behind a `?`, without a text, or on several lines, and
/// no comment between a key and its value.
pub(super) fn is_regular(text: &str, piece: &Piece) -> bool {
    let is_plain = |part: &Part| match part.key {
        None => true,
        Some((start, end)) => {
            let between = &text[end..part.value.start.max(end)];
            part.start == start && start < end && !text[start..end].contains('\n') && !between.contains('#')
        }
    };
    piece.parts.iter().all(|part| is_plain(part) && is_regular(text, &part.value))
}

/// Where lines in brackets start.
#[derive(Clone, Copy)]
struct Columns {
    items: usize,
    closing: usize,
}

impl<'o> Page<'o> {
    /// A list or mapping in brackets whose line starts at `column`. Lines below stand `inner` deeper, the closing bracket as
    /// well, as YAML wants it; at the root it stands where the line starts.
    pub(super) fn flow(&mut self, piece: &'o Piece, column: usize, inner: Option<usize>, place: &mut Vec<usize>) {
        let base = column + inner.unwrap_or_default();
        let items = if inner.is_some() { base } else { base + STEP };
        self.brackets(piece, Columns { items, closing: base }, place);
    }

    fn brackets(&mut self, piece: &'o Piece, columns: Columns, place: &mut Vec<usize>) {
        if piece.form == Form::FlowPair {
            return piece.parts.iter().enumerate().for_each(|(index, part)| self.flow_part(part, index, columns.items, place));
        }
        let (open, close) = if piece.form == Form::FlowList { ('[', ']') } else { ('{', '}') };
        // Nobody can say which of two keys a comment between them belongs to.
        let has_comments = !self.outline.comments_in(piece.start, piece.end).is_empty();
        let count = piece.parts.len();
        let order = if has_comments { (0..count).collect() } else { self.order_of(place, count) };
        self.out.push(open);
        let mut between = Between::default();
        let mut at = piece.start + 1;
        for (index, (slot, shown)) in piece.parts.iter().zip(order).enumerate() {
            between.join(self.between(at, slot.start));
            let before = if index == 0 { Place::First } else { Place::Middle };
            self.gap(&std::mem::take(&mut between), columns.items, columns.items, before);
            self.flow_part(&piece.parts[shown], shown, columns.items, place);
            at = slot.end();
            if let Some(comma) = slot.comma {
                between.join(self.between(at, comma));
                at = comma + 1;
                let is_last = index + 1 == count;
                if !is_last || self.text[comma..piece.end].contains('\n') {
                    self.separator(',');
                }
            }
        }
        between.join(self.between(at, piece.end - 1));
        self.gap(&between, columns.items, columns.closing, Place::Last);
        self.separator(close);
    }

    /// A sign behind a key or a value. Some readers take a dash right before one for the start of a list.
    fn separator(&mut self, sign: char) {
        if self.out.ends_with(" -") || self.out.ends_with("\t-") {
            self.out.push(' ');
        }
        self.out.push(sign);
    }

    fn flow_part(&mut self, part: &'o Part, index: usize, column: usize, place: &mut Vec<usize>) {
        if let Some((start, end)) = part.key {
            self.out.push_str(&self.text[start..end]);
            if part.sign_end.is_none() {
                return;
            }
            // Some readers take a colon for a part of the text where no blank follows it.
            self.out.push_str(": ");
        }
        match part.value.form {
            Form::Nothing => {}
            Form::FlowList | Form::FlowMapping | Form::FlowPair => {
                place.push(index);
                self.brackets(&part.value, Columns { items: column + STEP, closing: column }, place);
                place.pop();
            }
            Form::Scalar(_) | Form::Block { .. } | Form::List | Form::Mapping => {
                self.shifted(part.value.start, part.value.end, column, false);
            }
        }
    }

    /// Comments and line ends where they stood, else the blank that belongs there; `next` is where what follows starts.
    fn gap(&mut self, between: &Between, column: usize, next: usize, place: Place) {
        for (is_on_own_line, comment) in &between.comments {
            if *is_on_own_line {
                self.end_line(column);
                self.out.push_str(&self.text[comment.0..comment.1]);
            } else {
                self.beside(Some(*comment));
                self.out.pop(); // the line is ended by what comes next
            }
        }
        if between.has_break {
            if between.has_blank_line && between.comments.is_empty() && place == Place::Middle {
                self.end_line(0);
            }
            self.end_line(next);
        } else if place == Place::Middle {
            self.out.push(' ');
        }
    }

    fn end_line(&mut self, column: usize) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
        self.indent(column);
    }

    /// What stands between two offsets, of which only comments and line ends matter.
    fn between(&self, start: usize, end: usize) -> Between {
        let mut between = Between::default();
        let mut at = start;
        while at < end {
            let rest = &self.text[at..end];
            if rest.starts_with('#') {
                let line = line_end(self.text, at);
                let comment = at + self.text[at..line].trim_end_matches([' ', '\t']).len();
                between.comments.push((between.has_break, (at, comment)));
                at = line;
            } else if rest.starts_with('\n') {
                let breaks = rest[..rest.len() - rest.trim_start_matches(BLANKS).len()].matches('\n').count();
                between.has_blank_line |= breaks > 1;
                between.has_break = true;
                at += 1;
            } else {
                at += rest.chars().next().map_or(1, char::len_utf8);
            }
        }
        between
    }
}

/// Where something stands between brackets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    First,
    Middle,
    Last,
}
