//! Writes a file anew, in its canonical layout.
//! In come an outline and the order of keys, out comes the text. Values are copied as they stand; only what lies between
//! them is ours.

use crate::yaml::edit::outline::{BLANKS, Form, Outline, Piece, first_line, line_end, line_start};

use super::KeyOrder;
use super::flow::is_regular;
use super::gather::{Block, Body, Gatherer, Item, Line, Value, body};

/// How far a value is indented below its key, and a block scalar below what it belongs to.
pub(super) const STEP: usize = 2;

/// The least distance of a comment from the value before it.
const LEAST_DISTANCE: usize = 2;

/// A value on a line of its own joins its key up to this many characters.
const MAX_JOINED: usize = 100;

/// The text in its canonical layout.
pub(super) fn printed(outline: &Outline<'_>, order: KeyOrder) -> String {
    let text = outline.text;
    let gatherer = Gatherer::new(outline);
    let mut page = Page { outline, text, order, out: String::with_capacity(text.len() + 64), kept_end: None };
    let start = first_line(text);
    match &outline.root {
        None => page.lines(without_blanks_below(&gatherer.lines_from(start).0), 0),
        Some(root) => {
            let line = line_start(text, root.start);
            let top = &text[start..line];
            let is_single = matches!(root.form, Form::Nothing | Form::Scalar(_) | Form::Block { .. } | Form::FlowPair);
            let is_left = is_single || (root.is_flow() && !is_regular(text, root));
            if is_left || text[line..root.start].starts_with("---") {
                // A single value, or one on the line of `---`, is no sequence: nothing is known of how it should look.
                return text.to_owned();
            }
            let (marks, above) = opening(top);
            page.marks(marks);
            let (above, _) = gatherer.lines_from(start + top.len() - above.len());
            let end = page.root(&gatherer, root, above, marks.is_empty());
            page.marks(text[end..].trim_end_matches(BLANKS));
        }
    }
    let body = page.out;
    let mark = &text[..start];
    match has_returns(text) {
        true => format!("{mark}{}", body.replace('\n', "\r\n")),
        false => mark.to_owned() + &body,
    }
}

/// Whether most lines end in `\r\n`.
fn has_returns(text: &str) -> bool {
    text.matches("\r\n").count() * 2 > text.matches('\n').count()
}

/// What stands above the first value: up to the last line that is neither blank nor a comment, and the rest.
fn opening(top: &str) -> (&str, &str) {
    let is_mark = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let lines = top.split_inclusive('\n').scan(0, |at, line| {
        *at += line.len();
        Some((*at, line))
    });
    let end = lines.filter(|(_, line)| is_mark(line)).last().map_or(0, |(end, _)| end);
    top.split_at(end)
}

pub(super) struct Page<'o> {
    pub outline: &'o Outline<'o>,
    pub text: &'o str,
    order: KeyOrder,
    pub out: String,
    /// Where a text ended that would take blank lines below for its own.
    kept_end: Option<usize>,
}

impl<'o> Page<'o> {
    /// Directives, the marks of a document, and what stands around them.
    fn marks(&mut self, marks: &str) {
        for line in marks.lines() {
            match line.trim_end() {
                "" => self.blank(),
                line if line.trim_start().starts_with('#') => self.line(line.trim_start()),
                line => self.line(line),
            }
        }
    }

    /// The whole value. Returns where the lines below it end.
    fn root(&mut self, gatherer: &Gatherer<'o>, root: &'o Piece, above: Vec<Line<'o>>, is_top: bool) -> usize {
        if root.is_flow() {
            self.lines(&above, 0);
            self.flow(root, 0, None, &mut Vec::new());
            let (below, end) = gatherer.lines_below(root.end);
            self.beside(gatherer.beside(root.end));
            self.below(&below, end);
            return end;
        }
        // The comments at the very top are the file's, whichever key comes first.
        let opening = if is_top { without_blank(&above).to_vec() } else { above };
        let count = opening.iter().take_while(|line| is_top && matches!(line, Line::Comment(..))).count();
        let (head, above) = opening.split_at(count);
        self.lines(head, 0);
        let starts_apart = matches!(above.first(), Some(Line::Blank));
        let (block, end) = gatherer.root(root, above.to_vec());
        hold_first(&mut self.order, &block, &mut Vec::new(), &opening);
        let first = self.order_of(&[], block.items.len()).first().copied().unwrap_or_default();
        let has_comments = block.items.get(first).is_some_and(|item| item.above.iter().any(|line| *line != Line::Blank));
        if starts_apart || (first > 0 && has_comments && count > 0) {
            self.blank();
        }
        self.block(&block, 0, &mut Vec::new(), First::OnItsOwnLine);
        self.below(&block.tail, end);
        end
    }

    /// The lines below the whole value. Blank ones stay only where something follows.
    fn below(&mut self, lines: &[Line<'o>], end: usize) {
        let is_last = end == self.text.len();
        self.lines(if is_last { without_blanks_below(lines) } else { lines }, 0);
    }

    pub(super) fn order_of(&self, place: &[usize], count: usize) -> Vec<usize> {
        match self.order.get(place) {
            Some(order) if order.len() == count => order.clone(),
            Some(_) | None => (0..count).collect(),
        }
    }

    /// The parts of a list or mapping at a column, without what closes it.
    fn block(&mut self, block: &Block<'o>, column: usize, place: &mut Vec<usize>, first: First) {
        let order = self.order_of(place, block.items.len());
        for (count, index) in order.iter().copied().enumerate() {
            let item = &block.items[index];
            if count > 0 && is_apart(block, order[count - 1], index) {
                self.blank();
            }
            place.push(index);
            if count > 0 || first == First::OnItsOwnLine {
                self.lines(item.above_without_blank(), column);
                self.lines(&self.hoisted(item, place), column);
                self.indent(column);
            }
            self.item(item, column, place);
            place.pop();
        }
    }

    /// The lines that stand between a dash and what it leads to: they go above the dash.
    fn hoisted(&self, item: &Item<'o>, place: &mut Vec<usize>) -> Vec<Line<'o>> {
        if item.part.key.is_some() || item.beside_sign.is_some() {
            return Vec::new();
        }
        let Value::Nested(block) = &item.value else { return without_blank(&item.between).to_vec() };
        let first = self.order_of(place, block.items.len()).first().copied().unwrap_or_default();
        let Some(first_item) = block.items.get(first) else { return Vec::new() };
        let mut lines = first_item.above_without_blank().to_vec();
        place.push(first);
        lines.extend(self.hoisted(first_item, place));
        place.pop();
        lines
    }

    fn item(&mut self, item: &Item<'o>, column: usize, place: &mut Vec<usize>) {
        match &item.value {
            Value::AsItIs => self.as_it_is(item, column),
            Value::Nested(block) => {
                self.sign(item);
                let first = if item.part.key.is_none() && item.beside_sign.is_none() {
                    self.out.push(' ');
                    First::BehindTheDash
                } else {
                    self.beside(item.beside_sign);
                    First::OnItsOwnLine
                };
                self.block(block, column + STEP, place, first);
                self.lines(&block.tail, column + STEP);
            }
            Value::Single(piece) => {
                self.sign(item);
                self.single(item, piece, column, place);
                self.lines(&item.behind, column + STEP);
            }
        }
    }

    /// The dash, or the key and its colon.
    fn sign(&mut self, item: &Item<'o>) {
        match item.part.key {
            None => self.out.push('-'),
            Some((start, end)) => {
                self.out.push_str(&self.text[start..end]);
                self.out.push(':');
            }
        }
    }

    /// A value that is no list or mapping in block style, behind its sign.
    fn single(&mut self, item: &Item<'o>, piece: &'o Piece, column: usize, place: &mut Vec<usize>) {
        if piece.form == Form::Nothing {
            return self.beside(item.beside);
        }
        let is_item = item.part.key.is_none();
        let raw = &self.text[piece.start..piece.end];
        let was_below = self.text[item.part.sign_end.unwrap_or(item.part.start)..piece.start].contains('\n');
        let is_kept_below = match piece.form {
            Form::Scalar(_) => raw.contains('\n') || self.width() + 1 + raw.chars().count() > MAX_JOINED,
            Form::Block { .. } | Form::FlowList | Form::FlowMapping | Form::FlowPair => false,
            Form::Nothing | Form::List | Form::Mapping => false,
        };
        let has_comments = item.beside_sign.is_some() || (!is_item && item.between.iter().any(|line| *line != Line::Blank));
        let is_below = was_below && (has_comments || (is_kept_below && !is_item));
        if is_below {
            self.beside(item.beside_sign);
            self.lines(without_blank(&item.between), column + STEP);
            self.indent(column + STEP);
        } else {
            self.out.push(' ');
        }
        match piece.form {
            Form::Block { header_end, keeps, .. } => {
                self.block_scalar(item, piece, header_end, column);
                self.kept_end = keeps.then_some(self.out.len());
            }
            Form::FlowList | Form::FlowMapping | Form::FlowPair if is_regular(self.text, piece) => {
                self.flow(piece, column, Some(STEP), place);
                self.beside(item.beside);
            }
            Form::FlowList | Form::FlowMapping | Form::FlowPair => {
                self.shifted(piece.start, piece.end, column + STEP, false);
                self.beside(item.beside);
            }
            Form::Scalar(_) | Form::Nothing | Form::List | Form::Mapping => {
                self.shifted(piece.start, piece.end, column + STEP, is_below);
                self.beside(item.beside);
            }
        }
    }

    /// The sign of a block scalar, and its lines.
    fn block_scalar(&mut self, item: &Item<'o>, piece: &Piece, header_end: usize, column: usize) {
        let header = &self.text[piece.start..header_end];
        self.out.extend(header.chars().map(|c| if c.is_ascii_digit() { '2' } else { c }));
        self.beside(item.beside);
        let Some(Body { end, depth: deep }) = body(self.text, item.part) else { return };
        let lines = &self.text[line_end(self.text, header_end)..end];
        for line in lines.split('\n').skip(1) {
            let line = line.strip_suffix('\r').unwrap_or(line);
            let rest = &line[depth(line).min(deep)..];
            if !rest.is_empty() {
                self.indent(column + STEP);
                self.out.push_str(rest);
            }
            self.out.push('\n');
        }
    }

    /// A key in a form that is left as it is, with its value: all lines are moved together.
    fn as_it_is(&mut self, item: &Item<'o>, column: usize) {
        let own = item.part.start - line_start(self.text, item.part.start);
        let mut lines = self.text[item.part.start..item.part.end()].lines();
        self.out.push_str(lines.next().unwrap_or_default());
        for line in lines {
            self.out.push('\n');
            if !line.is_empty() {
                self.indent((depth(line) + column).saturating_sub(own));
                self.out.push_str(line.trim_start_matches(' '));
            }
        }
        self.beside(item.beside);
        self.kept_end = Some(self.out.len());
        self.lines(&item.behind, column + STEP);
    }

    /// A value on one or several lines, the outermost of which come to stand at `column`. The first is counted among them
    /// where it stands on a line of its own.
    pub(super) fn shifted(&mut self, start: usize, end: usize, column: usize, first_counts: bool) {
        let raw = &self.text[start..end];
        let first_depth = first_counts.then(|| start - line_start(self.text, start));
        let below = raw.lines().skip(1).filter(|line| !line.trim_matches([' ', '\t', '\r']).is_empty()).map(blanks);
        let least = below.chain(first_depth).min().unwrap_or_default();
        if let Some(first) = first_depth {
            self.indent(first.saturating_sub(least));
        }
        for (index, line) in raw.lines().enumerate() {
            if index > 0 {
                self.trim_line();
                self.out.push('\n');
                let content = &line[blanks(line)..];
                if !content.is_empty() {
                    self.indent(column + blanks(line).saturating_sub(least));
                    self.out.push_str(content);
                }
            } else {
                self.out.push_str(line);
            }
        }
    }

    /// Takes blanks from the end of the line, but not one that a backslash holds there.
    fn trim_line(&mut self) {
        let kept = self.out.trim_end_matches([' ', '\t']).len();
        if !self.out[..kept].ends_with('\\') {
            self.out.truncate(kept);
        }
    }

    /// Ends the line, with a comment where there is one. One that stood apart keeps its column, so that columns of comments
    /// stay columns; others follow what they stand beside.
    pub(super) fn beside(&mut self, comment: Option<(usize, usize)>) {
        if let Some((start, end)) = comment {
            let before = &self.text[line_start(self.text, start)..start];
            let distance = before.chars().rev().take_while(|c| matches!(c, ' ' | '\t')).count();
            let width = self.width();
            let column = if distance > LEAST_DISTANCE { before.chars().count() } else { 0 };
            self.indent(column.saturating_sub(width).max(LEAST_DISTANCE));
            self.out.push_str(&self.text[start..end]);
        }
        self.out.push('\n');
    }

    /// Comments and blank lines at a column.
    pub(super) fn lines(&mut self, lines: &[Line<'o>], column: usize) {
        for line in lines {
            match line {
                Line::Blank => self.blank(),
                Line::Comment(_, comment) => {
                    self.indent(column);
                    self.line(comment);
                }
            }
        }
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// A blank line, unless one is there already.
    fn blank(&mut self) {
        let is_wanted = !self.out.is_empty() && !self.out.ends_with("\n\n");
        if is_wanted && self.kept_end != Some(self.out.len()) {
            self.out.push('\n');
        }
    }

    pub(super) fn indent(&mut self, column: usize) {
        self.out.extend(std::iter::repeat_n(' ', column));
    }

    /// How many characters stand on the line so far.
    fn width(&self) -> usize {
        self.out[line_start(&self.out, self.out.len())..].chars().count()
    }
}

/// Where the first part of a list or mapping is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    OnItsOwnLine,
    /// On the line of the dash that leads to it.
    BehindTheDash,
}

impl<'o> Item<'o> {
    fn above_without_blank(&self) -> &[Line<'o>] {
        without_blank(&self.above)
    }

    fn has_blank_above(&self) -> bool {
        matches!(self.above.first(), Some(Line::Blank))
    }

    /// Whether it takes several lines.
    fn is_tall(&self) -> bool {
        match &self.value {
            Value::Nested(_) | Value::AsItIs => true,
            Value::Single(piece) => matches!(piece.form, Form::Block { .. }),
        }
    }
}

fn without_blank<'l, 't>(lines: &'l [Line<'t>]) -> &'l [Line<'t>] {
    let count = lines.iter().take_while(|line| **line == Line::Blank).count();
    &lines[count..]
}

fn without_blanks_below<'l, 't>(lines: &'l [Line<'t>]) -> &'l [Line<'t>] {
    let count = lines.iter().rev().take_while(|line| **line == Line::Blank).count();
    &lines[..lines.len() - count]
}

/// Whether a blank line parts a part from the one that is written before it. Those that stood together have it as they had
/// it; where they come together anew, a tall one goes on standing apart that did so.
fn is_apart(block: &Block<'_>, before: usize, index: usize) -> bool {
    let item = &block.items[index];
    if index == before + 1 {
        return item.has_blank_above();
    }
    let stood_apart = |index: usize| {
        let has_blank = |index: usize| index > 0 && block.items.get(index).is_some_and(Item::has_blank_above);
        has_blank(index) || has_blank(index + 1)
    };
    let is_commented = item.has_blank_above() && item.above.iter().any(|line| *line != Line::Blank);
    is_commented || [before, index].into_iter().any(|index| block.items[index].is_tall() && stood_apart(index))
}

/// How many blanks a line starts with.
fn depth(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// How many blanks and tabs a line starts with.
fn blanks(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// Lets the entry stay the first of its mapping of whose line a comment above speaks: it would silence another one.
fn hold_first(order: &mut KeyOrder, block: &Block<'_>, place: &mut Vec<usize>, above: &[Line<'_>]) {
    let between = block.items.first().into_iter().flat_map(|first| &first.above);
    let is_spoken_of = above.iter().chain(between).any(Line::is_for_us);
    if let Some(order) = order.get_mut(place).filter(|_| is_spoken_of) {
        order.retain(|index| *index != 0);
        order.insert(0, 0);
    }
    for (index, item) in block.items.iter().enumerate() {
        if let Value::Nested(nested) = &item.value {
            let above = if item.part.key.is_none() { item.above.as_slice() } else { &[] };
            place.push(index);
            hold_first(order, nested, place, above);
            place.pop();
        }
    }
}
