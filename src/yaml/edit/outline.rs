//! Where every sign of a file stands: dashes, colons, commas, brackets, comments.
//! In come a text and its tree, out comes the outline, whose shape is the tree's. Never guesses: what lies between two
//! values is walked over sign by sign.

use crate::yaml::{Content, Node, Style};

/// The places of one file.
pub(in crate::yaml) struct Outline<'t> {
    pub text: &'t str,
    /// The whole value; `None` in a file that says nothing.
    pub root: Option<Piece>,
    /// The comments, from their `#` to the end of the line, in order.
    pub comments: Vec<(usize, usize)>,
}

/// A value.
#[derive(Debug)]
pub(in crate::yaml) struct Piece {
    pub form: Form,
    /// The first byte; of a value that is not written, where it would stand.
    pub start: usize,
    /// Behind the last byte, brackets, quotes and the blank lines of a block scalar included.
    pub end: usize,
    /// The children of a list or mapping.
    pub parts: Vec<Part>,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::yaml) enum Form {
    /// Not at all.
    Nothing,
    /// Plain or in quotes.
    Scalar(Style),
    /// `|` or `>`.
    Block {
        style: Style,
        /// Behind the sign and what belongs to it.
        header_end: usize,
        /// Whether blank lines below belong to it.
        keeps: bool,
    },
    List,
    Mapping,
    FlowList,
    FlowMapping,
    /// `a: b` as an item of a list in flow style.
    FlowPair,
}

/// An item or an entry.
#[derive(Debug)]
pub(in crate::yaml) struct Part {
    /// The dash, the key, or the item in flow style.
    pub start: usize,
    /// The key's bytes.
    pub key: Option<(usize, usize)>,
    /// Behind the dash or colon; `None` where there is none.
    pub sign_end: Option<usize>,
    pub value: Piece,
    /// The comma behind it.
    pub comma: Option<usize>,
}

impl Part {
    /// Behind the last byte of the part, without the comma.
    pub fn end(&self) -> usize {
        let key = self.key.map_or(self.start, |key| key.1);
        self.value.end.max(key).max(self.sign_end.unwrap_or(0))
    }
}

impl Piece {
    /// Whether it stands in brackets.
    pub fn is_flow(&self) -> bool {
        matches!(self.form, Form::FlowList | Form::FlowMapping | Form::FlowPair)
    }

    /// Whether it is a list or mapping on lines of its own.
    pub fn is_nested(&self) -> bool {
        matches!(self.form, Form::List | Form::Mapping)
    }

    /// The scalar with which it ends.
    pub fn last(&self) -> &Piece {
        match self.parts.last() {
            Some(part) if self.is_nested() => part.value.last(),
            Some(_) | None => self,
        }
    }

    /// Whether blank lines behind it belong to it.
    pub fn keeps(&self) -> bool {
        matches!(self.last().form, Form::Block { keeps: true, .. })
    }

    /// The style, where it is a single value.
    pub fn style(&self) -> Option<Style> {
        match self.form {
            Form::Scalar(style) | Form::Block { style, .. } => Some(style),
            Form::Nothing | Form::List | Form::Mapping | Form::FlowList | Form::FlowMapping | Form::FlowPair => None,
        }
    }
}

impl<'t> Outline<'t> {
    /// Walks over a text that was read without a problem.
    pub fn new(text: &'t str, root: Option<&Node<'_>>) -> Self {
        let at = first_line(text);
        let mut walk = Walk { text, at, comments: Vec::new() };
        walk.opening();
        let root = root.map(|root| walk.piece(root, false));
        while walk.at < text.len() {
            walk.skip();
            walk.at = line_end(text, walk.at).max(walk.at + 1);
        }
        Self { text, root, comments: walk.comments }
    }

    /// The value at a place.
    pub fn piece(&self, place: &[usize]) -> Option<&Piece> {
        place.iter().try_fold(self.root.as_ref()?, |piece, index| piece.parts.get(*index).map(|part| &part.value))
    }

    /// The item or entry at a place.
    pub fn part(&self, place: &[usize]) -> Option<&Part> {
        let (index, parent) = place.split_last()?;
        self.piece(parent)?.parts.get(*index)
    }

    /// The comment that starts at or behind `from` and on the same line.
    pub fn comment_on_line(&self, from: usize) -> Option<(usize, usize)> {
        let index = self.comments.partition_point(|comment| comment.0 < from);
        self.comments.get(index).copied().filter(|comment| comment.0 < line_end(self.text, from))
    }

    /// Whether only a comment stands on the line that starts at `start`, and how far it is indented.
    pub fn comment_line(&self, start: usize) -> Option<usize> {
        let line = &self.text[start..line_end(self.text, start)];
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        let at = start + indentation;
        self.comments.binary_search_by_key(&at, |comment| comment.0).is_ok().then_some(indentation)
    }

    /// All comments.
    pub fn comments(&self) -> Vec<String> {
        self.comments_in(0, self.text.len())
    }

    /// The comments that begin between two offsets.
    pub fn comments_in(&self, start: usize, end: usize) -> Vec<String> {
        let from = self.comments.partition_point(|comment| comment.0 < start);
        let inside = self.comments[from..].iter().take_while(|comment| comment.0 < end);
        inside.map(|comment| self.text[comment.0..comment.1].to_owned()).collect()
    }
}

struct Walk<'t> {
    text: &'t str,
    at: usize,
    comments: Vec<(usize, usize)>,
}

impl Walk<'_> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Over blanks, line ends and comments.
    fn skip(&mut self) {
        while let Some(byte) = self.next() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'#' => self.comment(),
                _ => return,
            }
        }
    }

    fn comment(&mut self) {
        let end = line_end(self.text, self.at);
        let end = self.at + self.text[self.at..end].trim_end_matches([' ', '\t']).len();
        self.comments.push((self.at, end));
        self.at = line_end(self.text, end);
    }

    /// Over what may stand before the value: directives and the start of the document.
    fn opening(&mut self) {
        loop {
            self.skip();
            let rest = &self.text[self.at..];
            if rest.starts_with('%') {
                self.at = line_end(self.text, self.at);
            } else if rest.starts_with("---") && rest[3..].chars().next().is_none_or(char::is_whitespace) {
                self.at += 3;
            } else {
                return;
            }
        }
    }

    fn piece(&mut self, node: &Node<'_>, in_flow: bool) -> Piece {
        if node.is_empty() {
            return Piece { form: Form::Nothing, start: self.at, end: self.at, parts: Vec::new() };
        }
        match &node.content {
            Content::Scalar(scalar) => match scalar.style {
                Style::Literal | Style::Folded => self.block_scalar(node, scalar.style),
                style @ (Style::Plain | Style::SingleQuoted | Style::DoubleQuoted) => {
                    self.skip();
                    let (start, end) = (node.span.start as usize, node.span.end as usize);
                    self.at = end;
                    Piece { form: Form::Scalar(style), start, end, parts: Vec::new() }
                }
            },
            Content::List(_) | Content::Mapping(_) => self.container(node, in_flow),
            Content::Unreadable => {
                self.at = self.at.max(node.span.end as usize);
                Piece { form: Form::Nothing, start: self.at, end: self.at, parts: Vec::new() }
            }
        }
    }

    fn block_scalar(&mut self, node: &Node<'_>, style: Style) -> Piece {
        self.skip();
        let start = node.span.start as usize;
        let signs = self.text[start..].bytes().take_while(|byte| matches!(byte, b'|' | b'>' | b'+' | b'-' | b'0'..=b'9')).count();
        let header_end = start + signs;
        let keeps = self.text[start..header_end].contains('+');
        let header_line_end = line_end(self.text, header_end);
        if let Some(blanks) = self.text[header_end..header_line_end].find('#') {
            self.at = header_end + blanks;
            self.comment();
        }
        let body = self.text[..(node.span.end as usize).max(header_line_end)].trim_end_matches(BLANKS).len();
        let mut end = if body > header_line_end { line_end(self.text, body) } else { header_line_end };
        // Blank lines that are part of the text: all of them, or those with more blanks than the indentation.
        let mut line = next_line(self.text, end);
        while let Some(start) = line {
            let line_end = line_end(self.text, start);
            if !is_empty(&self.text[start..line_end]) || start == self.text.len() {
                break;
            }
            if keeps || line_end > start {
                end = line_end;
            }
            line = next_line(self.text, line_end);
        }
        self.at = end;
        Piece { form: Form::Block { style, header_end, keeps }, start, end, parts: Vec::new() }
    }

    fn container(&mut self, node: &Node<'_>, in_flow: bool) -> Piece {
        self.skip();
        let start = self.at;
        let form = match (self.next(), &node.content) {
            (Some(b'['), Content::List(_)) => Form::FlowList,
            // A block mapping's first key may start with neither: such keys were refused.
            (Some(b'{'), Content::Mapping(_)) => Form::FlowMapping,
            (_, Content::Mapping(_)) if in_flow => Form::FlowPair,
            (_, Content::Mapping(_)) => Form::Mapping,
            _ => Form::List,
        };
        let has_brackets = matches!(form, Form::FlowList | Form::FlowMapping);
        if has_brackets {
            self.at += 1;
        }
        let in_flow = in_flow || has_brackets;
        let mut parts = Vec::new();
        match &node.content {
            Content::List(list) => parts.extend(list.items.iter().map(|item| self.item(item, form))),
            Content::Mapping(mapping) => {
                for entry in &mapping.entries {
                    let part = self.entry(entry, form, in_flow);
                    parts.push(part);
                }
            }
            Content::Scalar(_) | Content::Unreadable => {}
        }
        if has_brackets {
            self.skip();
            self.at = (self.at + 1).min(self.text.len());
        }
        let end = if has_brackets { self.at } else { parts.last().map_or(start, Part::end) };
        Piece { form, start, end, parts }
    }

    fn item(&mut self, node: &Node<'_>, form: Form) -> Part {
        self.skip();
        let start = self.at;
        let sign_end = (form == Form::List).then_some(start + 1);
        self.at = sign_end.unwrap_or(start);
        let value = self.piece(node, form == Form::FlowList);
        let comma = self.comma(form == Form::FlowList);
        Part { start, key: None, sign_end, value, comma }
    }

    fn entry(&mut self, entry: &crate::yaml::Entry<'_>, form: Form, in_flow: bool) -> Part {
        self.skip();
        let start = self.at;
        if self.next() == Some(b'?') && start < entry.key_span.start as usize {
            self.at += 1;
            self.skip();
        }
        let key = (entry.key_span.start as usize, entry.key_span.end as usize);
        self.at = key.1;
        let before = (self.at, self.comments.len());
        self.skip();
        let sign_end = (self.next() == Some(b':')).then_some(self.at + 1);
        match sign_end {
            Some(end) => self.at = end,
            None => {
                self.at = before.0;
                self.comments.truncate(before.1);
            }
        }
        let value = self.piece(&entry.value, in_flow);
        let comma = self.comma(form == Form::FlowMapping);
        Part { start, key: Some(key), sign_end, value, comma }
    }

    fn comma(&mut self, is_possible: bool) -> Option<usize> {
        if !is_possible {
            return None;
        }
        let before = (self.at, self.comments.len());
        self.skip();
        if self.next() == Some(b',') {
            self.at += 1;
            return Some(self.at - 1);
        }
        self.at = before.0;
        self.comments.truncate(before.1);
        None
    }
}

/// Where the line of an offset starts. A byte order mark is no part of the first one.
pub(in crate::yaml) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or_else(|| first_line(text).min(at), |end| end + 1)
}

/// Where the first line starts.
pub(in crate::yaml) fn first_line(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// Where the line above starts; `start` is where a line starts.
pub(super) fn line_above(text: &str, start: usize) -> Option<usize> {
    (start > first_line(text)).then(|| line_start(text, start - 1))
}

/// Where the line of an offset ends, before its line end.
pub(in crate::yaml) fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    if end > at && text[at..end].ends_with('\r') { end - 1 } else { end }
}

/// Where the line below starts.
pub(in crate::yaml) fn next_line(text: &str, at: usize) -> Option<usize> {
    text[at..].find('\n').map(|length| at + length + 1)
}

/// What YAML takes for nothing between values.
pub(in crate::yaml) const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// Whether a text holds nothing but blanks and line ends; other kinds of blanks are text to YAML.
pub(in crate::yaml) fn is_empty(text: &str) -> bool {
    text.trim_matches(BLANKS).is_empty()
}

/// Whether nothing but blanks stands between two offsets.
pub(super) fn is_blank(text: &str, start: usize, end: usize) -> bool {
    text[start..end].trim_matches([' ', '\t']).is_empty()
}
