//! One operation on a text: which bytes go, which come.
//! In come the outline of a text and an operation, out come splices. What no splice names stays as it is.

use std::ops::Range;

use serde_yaml::Value;

use super::change::Operation;
use super::outline::{Form, Outline, Part, Piece, is_blank, is_empty, line_above, line_end, line_start, next_line};
use super::write::{self, Around, Ending, Lines, Manner, Place, Sign, Written};
use super::{block, flow};

/// What an operation does to a text.
#[derive(Default)]
pub(super) struct Splices {
    /// Ranges of the old text and what stands there afterwards; lines end in `\n`.
    parts: Vec<(Range<usize>, String)>,
    /// The comments that went with what was removed.
    pub removed_comments: Vec<String>,
}

impl Splices {
    pub fn put(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.parts.push((range, text.into()));
    }

    /// Does these as well; none of them overlaps.
    pub fn join(&mut self, mut others: Splices) {
        self.parts.append(&mut others.parts);
        self.removed_comments.append(&mut others.removed_comments);
    }

    /// The text with all splices done. Everything between them is copied.
    pub fn apply(mut self, text: &str, line_ends: LineEnds) -> String {
        self.parts.sort_by_key(|(range, _)| (range.start, range.end));
        let mut new = String::with_capacity(text.len() + 256);
        let mut at = 0;
        for (range, inserted) in &self.parts {
            new.push_str(&text[at..range.start.max(at)]);
            match line_ends {
                LineEnds::Newline => new.push_str(inserted),
                LineEnds::ReturnNewline => new.push_str(&inserted.replace('\n', "\r\n")),
            }
            at = range.end.max(at);
        }
        new.push_str(&text[at..]);
        new
    }
}

/// How the lines of a file end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LineEnds {
    Newline,
    ReturnNewline,
}

impl LineEnds {
    /// How most lines of a text end.
    pub fn of(text: &str) -> Self {
        let returns = text.matches("\r\n").count();
        if returns * 2 > text.matches('\n').count() { LineEnds::ReturnNewline } else { LineEnds::Newline }
    }

    pub fn text(self) -> &'static str {
        match self {
            LineEnds::Newline => "\n",
            LineEnds::ReturnNewline => "\r\n",
        }
    }
}

/// A text that is worked on.
pub(super) struct Scene<'o> {
    pub outline: &'o Outline<'o>,
    pub manner: Manner,
}

/// Something that comes into a list or mapping.
pub(super) struct Newcomer {
    /// As an item or entry in block style at a column: lines, the first one not indented.
    pub block: Box<dyn Fn(usize) -> Lines>,
    /// The same in flow style.
    pub flow: String,
    /// The comments that stand above it.
    pub above: Vec<String>,
    /// The comments that stand somewhere else in it, which flow style has no place for.
    pub inside: Vec<String>,
    /// The comment behind it, with the blanks before it, where it is all on one line of flow style.
    pub behind: Option<String>,
}

impl<'o> Scene<'o> {
    pub fn new(outline: &'o Outline<'o>) -> Self {
        let mut found = Found { step: None, dashes: None };
        if let Some(root) = &outline.root {
            found.look(outline.text, root);
        }
        let step = found.step.or(found.dashes.filter(|dashes| *dashes > 0)).unwrap_or(2);
        let dashes = found.dashes.unwrap_or(step);
        Self { outline, manner: Manner { step, dashes } }
    }

    pub fn text(&self) -> &'o str {
        self.outline.text
    }

    pub fn column(&self, at: usize) -> usize {
        column(self.text(), at)
    }

    /// Where the line starts on which the outermost brackets around an offset open.
    pub fn line_of_outermost(&self, at: usize) -> usize {
        let mut piece = self.outline.root.as_ref();
        while let Some(here) = piece.filter(|piece| !piece.is_flow()) {
            piece = here.parts.iter().rev().find(|part| part.start <= at).map(|part| &part.value);
        }
        line_start(self.text(), piece.map_or(at, |piece| piece.start))
    }

    /// What stands around the value at a place.
    fn around(&self, place: &[usize]) -> Around {
        let is_flow = place.split_last().and_then(|(_, parent)| self.outline.piece(parent)).is_some_and(Piece::is_flow);
        if is_flow { Around::Flow } else { Around::Block }
    }

    /// The splices of one operation. Moves are two: see [`super::carry`].
    pub fn splices(&self, operation: &Operation) -> Splices {
        let mut splices = Splices::default();
        match operation {
            Operation::Replace { at, value } => self.replace(at, value, &mut splices),
            Operation::AddEntry { mapping, index, key, value } => {
                let (name, content, manner) = (key.clone(), value.clone(), self.manner);
                let newcomer = Newcomer {
                    block: Box::new(move |column| write::entry(&name, &content, column, manner)),
                    flow: write::flow_entry(key, value),
                    above: Vec::new(),
                    inside: Vec::new(),
                    behind: None,
                };
                self.insert(mapping, *index, &newcomer, &mut splices);
            }
            Operation::InsertItem { list, index, value } => {
                let (content, manner) = (value.clone(), self.manner);
                let newcomer = Newcomer {
                    block: Box::new(move |column| write::item(&content, column, manner)),
                    flow: write::flow(value),
                    above: Vec::new(),
                    inside: Vec::new(),
                    behind: None,
                };
                self.insert(list, *index, &newcomer, &mut splices);
            }
            Operation::Remove { parent, index } => self.remove(parent, *index, &mut splices),
            Operation::RenameKey { mapping, index, name } => self.rename(mapping, *index, name, &mut splices),
            Operation::MoveItem { .. } => {}
        }
        splices
    }

    /// Takes an item or entry out; what is left without any becomes `[]` or `{}`.
    pub fn remove(&self, parent: &[usize], index: usize, splices: &mut Splices) {
        let Some(piece) = self.outline.piece(parent) else { return };
        match piece.form {
            Form::FlowList | Form::FlowMapping => flow::remove(self, piece, index, splices),
            Form::FlowPair => splices.put(piece.start..piece.end, "{}"),
            Form::List | Form::Mapping if piece.parts.len() > 1 => block::remove(self, piece, index, splices),
            Form::List => self.put(parent, Written::Inline("[]".to_owned()), splices),
            Form::Mapping => self.put(parent, Written::Inline("{}".to_owned()), splices),
            Form::Nothing | Form::Scalar(_) | Form::Block { .. } => {}
        }
    }

    /// Puts something into a list or mapping.
    pub fn insert(&self, container: &[usize], index: usize, newcomer: &Newcomer, splices: &mut Splices) {
        let Some(piece) = self.outline.piece(container) else { return };
        match piece.form {
            Form::List | Form::Mapping => block::insert(self, piece, index, newcomer, splices),
            Form::FlowPair => {
                let pair = &self.text()[piece.start..piece.end];
                let both =
                    if index == 0 { format!("{{{}, {pair}}}", newcomer.flow) } else { format!("{{{pair}, {}}}", newcomer.flow) };
                splices.put(piece.start..piece.end, both);
            }
            Form::FlowList | Form::FlowMapping if self.becomes_block(container, piece, newcomer) => {
                let place = self.place(container);
                let column = match (piece.form, place.sign) {
                    (_, Sign::Root) => 0,
                    (_, Sign::Dash) => place.column + 2,
                    (Form::FlowList, Sign::Key) => place.column + self.manner.dashes,
                    (_, Sign::Key) => place.column + self.manner.step,
                };
                let lines = (newcomer.block)(column);
                let pad = " ".repeat(column);
                let above: String = newcomer.above.iter().map(|comment| format!("{pad}{comment}\n")).collect();
                let text = format!("{above}{pad}{}", lines.text);
                self.put(container, Written::Nested(Lines { text, ending: lines.ending }), splices);
            }
            Form::FlowList | Form::FlowMapping => flow::insert(self, piece, index, newcomer, splices),
            Form::Nothing | Form::Scalar(_) | Form::Block { .. } => {}
        }
    }

    /// `[]` that gets its first item: on lines of its own, if nothing around stands in brackets and the item has several values.
    fn becomes_block(&self, container: &[usize], piece: &Piece, newcomer: &Newcomer) -> bool {
        let is_plain = self.around(container) == Around::Block && piece.parts.is_empty();
        let has_comments = !self.outline.comments_in(piece.start, piece.end).is_empty();
        let is_single = piece.form == Form::FlowMapping || !newcomer.flow.starts_with(['{', '[']);
        let is_commented = !newcomer.above.is_empty() || !newcomer.inside.is_empty() || newcomer.behind.is_some();
        let is_bulky = is_commented || !is_single || (newcomer.block)(0).ending != Ending::Line;
        is_plain && !has_comments && is_bulky
    }

    fn rename(&self, mapping: &[usize], index: usize, name: &str, splices: &mut Splices) {
        let Some(piece) = self.outline.piece(mapping) else { return };
        let Some((start, end)) = piece.parts.get(index).and_then(|part| part.key) else { return };
        let around = if piece.is_flow() { Around::Flow } else { Around::Block };
        let old = match self.text().as_bytes()[start] {
            b'\'' => Some(crate::yaml::Style::SingleQuoted),
            b'"' => Some(crate::yaml::Style::DoubleQuoted),
            _ => None,
        };
        splices.put(start..end, write::key(name, around, old));
    }

    fn replace(&self, place: &[usize], value: &Value, splices: &mut Splices) {
        let piece = self.outline.piece(place);
        let old = piece.and_then(Piece::style);
        let is_container = matches!(value, Value::Sequence(_) | Value::Mapping(_));
        let written = match self.around(place) {
            Around::Flow => Written::Inline(match value {
                Value::String(text) => write::scalar(text, Around::Flow, old),
                _ => write::flow(value),
            }),
            Around::Block if is_container && piece.is_some_and(Piece::is_flow) => Written::Inline(write::flow(value)),
            Around::Block => {
                let own = self.place(place);
                let deep = piece.and_then(|piece| self.depth_of_block(piece, own.column));
                let written = write::written(value, Place { deep, ..own }, self.manner, old);
                let would_swallow = written.ending() != Ending::Line && deep.is_none();
                if would_swallow && piece.is_some_and(|piece| self.is_above_deeper_comment(piece, own.column)) {
                    Written::Inline(write::on_one_line(value))
                } else {
                    written
                }
            }
        };
        self.put(place, written, splices);
    }

    /// Whether a comment follows that is indented as the lines of a block scalar would be: it would become text.
    fn is_above_deeper_comment(&self, piece: &Piece, column: usize) -> bool {
        !piece.is_nested() && block::end_with_comments(self, piece.end, Some(column)) > line_end(self.text(), piece.end)
    }

    /// How far the lines of a block scalar are indented below what it belongs to.
    fn depth_of_block(&self, piece: &Piece, column: usize) -> Option<usize> {
        let Form::Block { header_end, .. } = piece.form else { return None };
        let body = &self.text()[line_end(self.text(), header_end)..piece.end];
        let line = body.lines().find(|line| !is_empty(line))?;
        let depth = line.len() - line.trim_start_matches(' ').len();
        // Behind an indicator the first line may have blanks of its own.
        let is_told = self.text()[piece.start..header_end].contains(|c: char| c.is_ascii_digit());
        depth.checked_sub(column).filter(|depth| (1..10).contains(depth) && !is_told)
    }

    fn place(&self, place: &[usize]) -> Place {
        match self.outline.part(place) {
            None => Place { column: 0, sign: Sign::Root, deep: None },
            Some(part) => {
                let sign = if part.key.is_some() { Sign::Key } else { Sign::Dash };
                Place { column: self.column(part.start), sign, deep: None }
            }
        }
    }

    /// Puts a written value in the place of the one that stands there.
    fn put(&self, place: &[usize], written: Written, splices: &mut Splices) {
        let Some(piece) = self.outline.piece(place) else { return self.fill(written, splices) };
        let part = self.outline.part(place);
        if self.around(place) == Around::Flow {
            if let (Some(part), Written::Inline(text)) = (part, written) {
                put_in_flow(part, &text, splices);
                splices.removed_comments.extend(self.outline.comments_in(piece.start, piece.end));
            }
            return;
        }
        match piece.form {
            Form::Nothing if part.is_none() => self.fill(written, splices),
            Form::Nothing | Form::Scalar(_) | Form::FlowList | Form::FlowMapping | Form::FlowPair => {
                self.put_over_line(piece, part, written, splices);
            }
            Form::Block { header_end, .. } => self.put_over_block(piece, header_end, part, written, splices),
            Form::List | Form::Mapping => self.put_over_nested(piece, part, written, splices),
        }
    }

    /// A file that says nothing gets its first value.
    fn fill(&self, written: Written, splices: &mut Splices) {
        let text = match written {
            Written::Inline(text) => text,
            Written::Headed { header, lines } => format!("{header}\n{lines}"),
            Written::Nested(lines) => lines.text,
        };
        match &self.outline.root {
            // Behind `---`, which something else may follow.
            Some(piece) => {
                let end = line_end(self.text(), piece.start);
                splices.put(end..end, format!("\n{text}"));
            }
            None => {
                let end = self.text().len();
                let start = line_start(self.text(), end);
                match is_blank(self.text(), start, end) {
                    true => splices.put(start..end, format!("{text}\n")),
                    false => splices.put(end..end, format!("\n{text}\n")),
                }
            }
        }
    }

    /// Over a value whose end is followed by nothing but a comment on its line.
    fn put_over_line(&self, piece: &Piece, part: Option<&Part>, written: Written, splices: &mut Splices) {
        let text = self.text();
        splices.removed_comments.extend(self.outline.comments_in(piece.start, piece.end));
        let sign_end = part.and_then(|part| part.sign_end);
        if let (None, Some(part), Some((key, key_end))) = (sign_end, part, part.and_then(|part| part.key)) {
            // Behind `? `, which says that this is a key, the colon would be part of it.
            splices.put(part.start..key, "");
            splices.put(key_end..key_end, ":");
        }
        let end_of_line = line_end(text, piece.end);
        let comment = self.outline.comment_on_line(piece.end);
        let ending = written.ending();
        // Blanks between a sign and nothing go, where no comment follows.
        let end = if piece.form == Form::Nothing && comment.is_none() { end_of_line } else { piece.end };
        match written {
            Written::Inline(new) if piece.form == Form::Nothing => {
                splices.put(piece.start..end, format!(" {new}"));
            }
            Written::Inline(new) => splices.put(piece.start..end, new),
            Written::Headed { header, lines } => {
                let start = self.back_to_sign(piece, sign_end);
                let blank = if start == piece.start && piece.form != Form::Nothing { "" } else { " " };
                splices.put(start..end, format!("{blank}{header}"));
                splices.put(end_of_line..end_of_line, format!("\n{lines}{}", self.close(end_of_line, ending)));
            }
            Written::Nested(lines) => {
                let is_item = part.is_some_and(|part| part.key.is_none());
                if part.is_none() {
                    splices.put(
                        self.start_of_root(piece)..end,
                        lines.text.trim_start().to_owned() + self.close(end_of_line, ending),
                    );
                } else if is_item && comment.is_none() {
                    let start = self.back_to_sign(piece, sign_end);
                    splices.put(start..end, format!(" {}{}", lines.text.trim_start(), self.close(end_of_line, ending)));
                } else {
                    splices.put(self.back_to_sign(piece, sign_end)..end, "");
                    splices.put(end_of_line..end_of_line, format!("\n{}{}", lines.text, self.close(end_of_line, ending)));
                }
            }
        }
        self.drop_blank_lines(end_of_line, ending, splices);
    }

    /// Where the file's whole value starts, with the blanks that indent it: what comes in its place stands at the margin.
    fn start_of_root(&self, piece: &Piece) -> usize {
        let start = line_start(self.text(), piece.start);
        if is_blank(self.text(), start, piece.start) { start } else { piece.start }
    }

    /// The end of the sign, if nothing but blanks stands between it and the value; else the value's start.
    fn back_to_sign(&self, piece: &Piece, sign_end: Option<usize>) -> usize {
        match sign_end {
            Some(sign_end) if is_empty(&self.text()[sign_end..piece.start]) => sign_end,
            Some(_) | None => piece.start,
        }
    }

    fn put_over_block(&self, piece: &Piece, header_end: usize, part: Option<&Part>, written: Written, splices: &mut Splices) {
        let body = line_end(self.text(), header_end);
        let ending = written.ending();
        // Blank lines that belonged to the old text go on parting it from what follows.
        let blank_lines = self.blank_lines_ending(piece.end, body);
        let behind = if ending == Ending::Keeping || !piece.keeps() { 0 } else { blank_lines };
        let close = "\n".repeat(behind) + self.close(piece.end, ending);
        match written {
            Written::Inline(new) => {
                splices.put(piece.start..header_end, new);
                splices.put(body..piece.end, close);
            }
            Written::Headed { header, lines } => {
                splices.put(piece.start..header_end, header);
                splices.put(body..piece.end, format!("\n{lines}{close}"));
            }
            Written::Nested(lines) => {
                let sign_end = part.and_then(|part| part.sign_end);
                splices.put(self.back_to_sign(piece, sign_end)..header_end, "");
                splices.put(body..piece.end, format!("\n{}{close}", lines.text));
            }
        }
        self.drop_blank_lines(piece.end, ending, splices);
    }

    fn put_over_nested(&self, piece: &Piece, part: Option<&Part>, written: Written, splices: &mut Splices) {
        let text = self.text();
        let ending = written.ending();
        let column = part.map(|part| self.column(part.start));
        let end = block::end_with_comments(self, piece.end, column);
        let sign_end = part.and_then(|part| part.sign_end);
        let blank_lines = self.blank_lines_ending(end, piece.start);
        let behind = if ending == Ending::Keeping || !piece.keeps() { 0 } else { blank_lines };
        let close = "\n".repeat(behind) + self.close(end, ending);
        let is_below = sign_end.is_some_and(|sign_end| text[sign_end..piece.start].contains('\n'));
        if let (Some(sign_end), true) = (sign_end, is_below) {
            let end_of_line = line_end(text, sign_end);
            splices.removed_comments.extend(self.outline.comments_in(end_of_line, end));
            match written {
                Written::Inline(new) => {
                    splices.put(sign_end..sign_end, format!(" {new}"));
                    splices.put(end_of_line..end, close);
                }
                Written::Headed { header, lines } => {
                    splices.put(sign_end..sign_end, format!(" {header}"));
                    splices.put(end_of_line..end, format!("\n{lines}{close}"));
                }
                Written::Nested(lines) => splices.put(end_of_line..end, format!("\n{}{close}", lines.text)),
            }
        } else {
            splices.removed_comments.extend(self.outline.comments_in(piece.start, end));
            match written {
                Written::Inline(new) => splices.put(piece.start..end, new + &close),
                Written::Headed { header, lines } => splices.put(piece.start..end, format!("{header}\n{lines}{close}")),
                // A wide `-   ` would put the first line elsewhere than the others.
                Written::Nested(lines) => {
                    let start = if part.is_none() { self.start_of_root(piece) } else { self.back_to_sign(piece, sign_end) };
                    let blank = if part.is_some() && start < piece.start { " " } else { "" };
                    splices.put(start..end, format!("{blank}{}{close}", lines.text.trim_start()));
                }
            }
        }
        self.drop_blank_lines(end, ending, splices);
    }

    /// The line end that a block scalar needs where the file has none.
    pub fn close(&self, end: usize, ending: Ending) -> &'static str {
        let is_open = line_end(self.text(), end) == self.text().len();
        match ending {
            Ending::Block | Ending::Keeping if is_open => "\n",
            Ending::Line | Ending::Block | Ending::Keeping => "",
        }
    }

    /// Blank lines below a block scalar may not become part of it: below one that keeps them there is none, below others they
    /// are empty.
    pub fn drop_blank_lines(&self, end: usize, ending: Ending, splices: &mut Splices) {
        let (below, count) = self.blank_lines_below(end);
        let start = line_end(self.text(), end);
        let has_blanks = self.text()[start..below].contains([' ', '\t']);
        match ending {
            Ending::Keeping if count > 0 => splices.put(start..below, if below == self.text().len() { "\n" } else { "" }),
            Ending::Block if has_blanks => splices.put(start..below, "\n".repeat(count)),
            Ending::Line | Ending::Block | Ending::Keeping => {}
        }
    }

    /// The blank lines directly above the line that starts at `start`, none of them before `floor`: where the first starts,
    /// and how many they are.
    pub fn blank_lines_above(&self, start: usize, floor: usize) -> (usize, usize) {
        let (mut at, mut count) = (start, 0);
        while let Some(above) = line_above(self.text(), at) {
            if above <= floor || !is_empty(&self.text()[above..at]) {
                break;
            }
            (at, count) = (above, count + 1);
        }
        (at, count)
    }

    /// How many blank lines end with the line of `end`, none of them before `floor`. What ends the file without ending its line
    /// is no blank one.
    fn blank_lines_ending(&self, end: usize, floor: usize) -> usize {
        next_line(self.text(), end).map_or(0, |next| self.blank_lines_above(next, floor).1)
    }

    /// The blank lines directly below the line of `end`: where the last one ends, and how many they are.
    pub fn blank_lines_below(&self, end: usize) -> (usize, usize) {
        let (mut at, mut count) = (line_end(self.text(), end), 0);
        while let Some(next) = next_line(self.text(), at) {
            let end = line_end(self.text(), next);
            if next == self.text().len() || !is_empty(&self.text()[next..end]) {
                break;
            }
            (at, count) = (end, count + 1);
        }
        (at, count)
    }
}

fn put_in_flow(part: &Part, new: &str, splices: &mut Splices) {
    let piece = &part.value;
    match (piece.form, part.sign_end) {
        (Form::Nothing, None) => splices.put(part.end()..part.end(), format!(": {new}")),
        (Form::Nothing, Some(sign_end)) => splices.put(sign_end..sign_end, format!(" {new}")),
        _ => splices.put(piece.start..piece.end, new),
    }
}

pub(super) fn column(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}

/// How the file indents, by the first value of each kind.
struct Found {
    step: Option<usize>,
    dashes: Option<usize>,
}

impl Found {
    fn look(&mut self, text: &str, piece: &Piece) {
        for part in &piece.parts {
            if self.step.is_some() && self.dashes.is_some() || !piece.is_nested() {
                return;
            }
            if let (Some(key), Some(first)) = (part.key, part.value.parts.first()) {
                let deeper = column(text, first.start).saturating_sub(column(text, key.0));
                match part.value.form {
                    Form::Mapping if deeper > 0 => drop(self.step.get_or_insert(deeper)),
                    Form::List => drop(self.dashes.get_or_insert(deeper)),
                    _ => {}
                }
            }
            self.look(text, &part.value);
        }
    }
}
