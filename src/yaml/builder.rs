//! From the parser's events to the span tree. What lies outside our subset of YAML is reported here and leaves an
//! unreadable node. Keeps its own stack, so that no nesting can overflow the program's.

use std::borrow::Cow;

use foldhash::{HashMap, HashMapExt};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, StrInput, Tag};

use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::text::{Source, Span};

use super::node::{Content, Entry, List, Mapping, Node, Scalar, Style};
use super::{rules, scan};

/// How deep lists and mappings may be nested.
pub(super) const MAX_DEPTH: usize = 64;

/// How many values a file may hold, keys among them. Each costs a hundred bytes and more while the file is read, so that a file
/// of two-letter values would cost a hundred times its size.
pub(super) const MAX_VALUES: usize = 50_000;

/// The most signs behind the first bracket. Brackets may be a key, so all that stands in them is held before any of it is a
/// value that could be counted.
pub(super) const MAX_SIGNS: usize = 4 * MAX_VALUES;

/// What YAML takes for blanks and line ends; other kinds of blanks are text.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// How many keys a mapping usually has.
const USUAL_KEYS: usize = 6;

/// From how many keys on a mapping looks for doubles in a table.
const MANY_KEYS: usize = 32;

/// Why reading ended early.
pub(super) enum Stop {
    /// The parser gave up at a byte offset.
    Syntax(usize, ScanError),
    /// The nesting is too deep there.
    TooDeep(Span),
    /// One value too many stands there.
    TooMany(Span),
    /// The sign that is one too many.
    TooManySigns(Span),
}

pub(super) struct Builder<'s, 't> {
    source: &'s Source,
    text: &'t str,
    offsets: Offsets,
    stack: Vec<Frame<'t>>,
    root: Option<Node<'t>>,
    documents: usize,
    values: usize,
    /// The byte behind the last event: signs before a node (`&`, `!`, `|`) are looked for from here.
    behind: usize,
    problems: Findings,
}

/// A container that is still open.
struct Frame<'t> {
    start: usize,
    is_flow: bool,
    is_unreadable: bool,
    /// Whether an entry was left out because its key is no text: what it held may be missed.
    has_lost: bool,
    body: Body<'t>,
}

enum Body<'t> {
    List(Vec<Node<'t>>),
    Mapping { entries: Vec<Entry<'t>>, key: Option<Key<'t>>, seen: HashMap<Cow<'t, str>, usize> },
}

/// A key whose value has not come yet.
struct Key<'t> {
    /// `None` for a key that is no text; it was reported.
    text: Option<Cow<'t, str>>,
    span: Span,
}

impl<'s, 't> Builder<'s, 't> {
    pub(super) fn new(source: &'s Source, text: &'t str, base: usize) -> Self {
        Self {
            source,
            text,
            offsets: Offsets::new(text, base),
            stack: Vec::new(),
            root: None,
            documents: 0,
            values: 0,
            behind: base,
            problems: Findings::default(),
        }
    }

    pub(super) fn build(mut self, mut parser: Parser<'t, StrInput<'t>>) -> Result<(Option<Node<'t>>, Vec<Diagnostic>), Stop> {
        while let Some(next) = parser.next_event() {
            let (event, span) = match next {
                Ok((event, span)) => (event, span),
                Err(error) => {
                    let at = self.byte(error.marker().index());
                    if error.info() == "recursion limit exceeded" {
                        return Err(Stop::TooDeep(Span::at(at)));
                    }
                    return Err(Stop::Syntax(at, error));
                }
            };
            let (start, end) = (self.byte(span.start.index()), self.byte(span.end.index()));
            if self.documents > 1 && !matches!(event, Event::StreamEnd) {
                continue; // a second document was reported and is not read
            }
            self.count(&event, start, end)?;
            self.take(event, start, end)?;
        }
        Ok((self.root, self.problems.into_vec()))
    }

    fn count(&mut self, event: &Event<'t>, start: usize, end: usize) -> Result<(), Stop> {
        let is_value = matches!(event, Event::Scalar(..) | Event::Alias(_) | Event::SequenceStart(..) | Event::MappingStart(..));
        self.values += usize::from(is_value);
        if self.values > MAX_VALUES { Err(Stop::TooMany(Span::new(start, end.max(start)))) } else { Ok(()) }
    }

    /// The byte of a character that the parser counted. Where something was cut out each byte of it is a blank, and the byte
    /// may stand within what was one character.
    fn byte(&self, character: usize) -> usize {
        self.source.text().floor_char_boundary(self.offsets.byte(character))
    }

    fn take(&mut self, event: Event<'t>, start: usize, end: usize) -> Result<(), Stop> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => self.open_document(start),
            Event::Alias(_) => {
                let span = Span::new(start, end);
                let problem = rules::anchors_not_supported::alias(self.source, span);
                self.report(problem);
                self.place(Node { span, content: Content::Unreadable });
                self.behind = end;
            }
            Event::Scalar(text, style, anchor, tag) => self.scalar(text, style, anchor, tag.as_deref(), start, end),
            Event::SequenceStart(anchor, tag) => {
                self.open(Body::List(Vec::new()), anchor, tag.as_deref(), start, end)?;
            }
            Event::MappingStart(anchor, tag) => {
                let body = Body::Mapping { entries: Vec::new(), key: None, seen: HashMap::new() };
                self.open(body, anchor, tag.as_deref(), start, end)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(end),
        }
        Ok(())
    }

    fn open_document(&mut self, start: usize) {
        self.documents += 1;
        if self.documents == 2 {
            let line = scan::line(self.text, start);
            let problem = rules::several_documents::several_documents(self.source, line);
            self.report(problem);
        }
    }

    fn open(&mut self, body: Body<'t>, anchor: usize, tag: Option<&Tag>, start: usize, end: usize) -> Result<(), Stop> {
        let is_unreadable = self.properties(anchor, tag, start, end);
        if self.stack.len() >= MAX_DEPTH {
            return Err(Stop::TooDeep(Span::new(start, end)));
        }
        self.stack.push(Frame { start, is_flow: end > start, is_unreadable, has_lost: false, body });
        self.behind = end.max(self.behind);
        Ok(())
    }

    fn close(&mut self, end: usize) {
        let frame = self.stack.pop().expect("the parser closes only what it opened");
        let last = match &frame.body {
            Body::List(items) => items.last().map(|item| item.span.end),
            Body::Mapping { entries, .. } => entries.last().map(|entry| entry.key_span.to(entry.value.span).end),
        };
        let end = if frame.is_flow { end } else { last.map_or(frame.start, |last| last as usize) };
        self.behind = self.behind.max(end);
        let content = match frame.body {
            _ if frame.is_unreadable => Content::Unreadable,
            Body::List(items) => Content::List(List { items, damaged: false }),
            Body::Mapping { entries, .. } => Content::Mapping(Mapping { entries, damaged: frame.has_lost }),
        };
        self.place(Node { span: Span::new(frame.start, end.max(frame.start)), content });
    }

    fn scalar(&mut self, text: Cow<'t, str>, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, start: usize, end: usize) {
        let style = style_of(style);
        if let Some(span) = self.code_behind_tag(tag, start) {
            let problem = rules::quote_expression::quote_expression(self.source, self.text, span);
            self.report(problem);
            self.place(Node { span, content: Content::Unreadable });
            self.behind = end.max(span.end as usize);
            return;
        }
        let is_unreadable = self.properties(anchor, tag, start, end);
        let span = self.scalar_span(&text, style, start, end);
        self.behind = self.behind.max(end).max(span.end as usize);
        let text = self.as_written(text, style, span);
        let content = if is_unreadable { Content::Unreadable } else { Content::Scalar(Scalar { text, style }) };
        self.place(Node { span, content });
    }

    /// `when: !record.known`: a tag to YAML, code to its writer. The whole of it, if this is that.
    fn code_behind_tag(&self, tag: Option<&Tag>, start: usize) -> Option<Span> {
        tag?;
        let Some(Frame { is_flow, body: Body::Mapping { key: Some(key), .. }, .. }) = self.stack.last() else { return None };
        if !key.text.as_deref().is_some_and(scan::is_code_key) {
            return None;
        }
        let start = self.sign('!', start).map_or(start, |span| span.start as usize);
        Some(Span::new(start, scan::code_end(self.text, start, *is_flow)))
    }

    /// Reports a node's anchor and tag; says whether it has one that makes it unreadable.
    fn properties(&mut self, anchor: usize, tag: Option<&Tag>, start: usize, end: usize) -> bool {
        if anchor > 0 {
            let span = self.sign('&', end.max(start)).unwrap_or(Span::new(start, end));
            let problem = rules::anchors_not_supported::anchor(self.source, span);
            self.report(problem);
        }
        if tag.is_some() {
            let span = self.sign('!', end.max(start)).unwrap_or(Span::new(start, end));
            let problem = rules::tags_not_supported::tag(self.source, span);
            self.report(problem);
        }
        tag.is_some()
    }

    /// The word that starts with a sign, between the last event and the end of the line at `until`.
    fn sign(&self, sign: char, until: usize) -> Option<Span> {
        let until = until.max(self.behind);
        let start = self.behind + self.text[self.behind..].find(sign)?;
        if start > until && self.text[until..start].contains('\n') {
            return None;
        }
        let end = self.text[start..]
            .find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}'))
            .map_or(self.text.len(), |len| start + len);
        Some(Span::new(start, end))
    }

    /// A scalar's text as a piece of the file, where it stands there as it is. The parser's own copy is dropped at once: most
    /// scalars are written as they are read, and a copy of each would cost as much as the parsing.
    fn as_written(&self, text: Cow<'t, str>, style: Style, span: Span) -> Cow<'t, str> {
        let written = match style {
            Style::Plain => self.text.get(span.range()),
            Style::SingleQuoted | Style::DoubleQuoted => {
                self.text.get(span.start as usize + 1..(span.end as usize).saturating_sub(1))
            }
            Style::Literal | Style::Folded => None,
        };
        match written {
            Some(written) if written == text => Cow::Borrowed(written),
            Some(_) | None => text,
        }
    }

    fn scalar_span(&self, text: &str, style: Style, start: usize, end: usize) -> Span {
        match style {
            Style::Plain if text.is_empty() && start == end => Span::at(self.empty_place(start)),
            Style::Plain => Span::new(start, start + self.text[start..end].trim_end_matches(BLANKS).len()),
            Style::SingleQuoted | Style::DoubleQuoted => Span::new(start, quote_end(self.text, start, end)),
            Style::Literal | Style::Folded => {
                let header = self.block_header(start);
                let end = start.max(header + 1)
                    + self.text[start.max(header + 1)..end.max(start).max(header + 1)].trim_end_matches(BLANKS).len();
                Span::new(header, end)
            }
        }
    }

    /// Where a value would stand that is not written: right behind the colon or dash.
    fn empty_place(&self, start: usize) -> usize {
        let from = self.behind.min(start);
        let behind_sign = self.text[from..start].find([':', '-']).map(|at| from + at + 1);
        behind_sign.unwrap_or_else(|| self.text[..start].trim_end().len().max(from))
    }

    /// The `|` or `>` of a block scalar whose text starts at `start`.
    fn block_header(&self, start: usize) -> usize {
        let mut at = self.behind.min(start);
        let bytes = self.text.as_bytes();
        while at < start {
            match bytes[at] {
                b'|' | b'>' => return at,
                b'#' => at = scan::line(self.text, at).end as usize,
                _ => {}
            }
            at += 1;
        }
        start
    }

    /// Puts a finished value where it belongs.
    fn place(&mut self, node: Node<'t>) {
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut frame.body {
            Body::List(items) => items.push(node),
            Body::Mapping { entries, key, seen } => match key.take() {
                None if frame.is_flow
                    && let Some(whole) = placeholder(self.text, &node, frame.start) =>
                {
                    frame.is_unreadable = true;
                    *key = Some(Key { text: None, span: node.span });
                    let why = "YAML takes `{{` for the start of a mapping";
                    let problem = rules::quote_text::quote_text(self.source, self.text, whole, why);
                    self.report(problem);
                }
                None => {
                    let (text, problem) = key_of(self.source, &node);
                    *key = Some(Key { text, span: node.span });
                    if let Some(problem) = problem {
                        self.report(problem);
                    }
                }
                Some(Key { text: None, .. }) => frame.has_lost = true,
                Some(Key { text: Some(text), span }) => {
                    if let Some(first) = first_of(entries, seen, &text) {
                        // To word it, its line is looked at, which may be all of the file.
                        if !self.problems.is_full(Code::DuplicateKey) {
                            let is_same = node.is_same_scalar(&first.value);
                            let again = is_same.then(|| span.to(node.span));
                            let problem = rules::duplicate_key::duplicate_key(self.source, &text, span, first.key_span, again);
                            self.problems.report(problem);
                        }
                    } else {
                        if entries.is_empty() {
                            entries.reserve_exact(USUAL_KEYS);
                        }
                        entries.push(Entry { key: text, key_span: span, value: node });
                    }
                }
            },
        }
    }

    fn report(&mut self, problem: Diagnostic) {
        self.problems.report(problem);
    }
}

/// The entry of the key that is there already. Few keys are compared one by one, many by a table of those seen.
fn first_of<'e, 't>(entries: &'e [Entry<'t>], seen: &mut HashMap<Cow<'t, str>, usize>, key: &str) -> Option<&'e Entry<'t>> {
    if entries.len() < MANY_KEYS {
        return entries.iter().find(|entry| entry.key == key);
    }
    for (index, entry) in entries.iter().enumerate().skip(seen.len()) {
        seen.insert(entry.key.clone(), index);
    }
    seen.get(key).map(|first| &entries[*first])
}

/// `{{ name }}`: a mapping as the one key of a mapping is a placeholder somebody wanted to write. All of it.
fn placeholder(text: &str, node: &Node<'_>, start: usize) -> Option<Span> {
    let is_first = matches!(node.content, Content::Mapping(_)) && node.span.start as usize == start + 1;
    let behind = text[node.span.end as usize..].trim_start().strip_prefix('}').filter(|_| is_first)?;
    Some(Span::new(start, text.len() - behind.len()))
}

fn key_of<'t>(source: &Source, node: &Node<'t>) -> (Option<Cow<'t, str>>, Option<Diagnostic>) {
    match &node.content {
        Content::Scalar(scalar) if scalar.text == "<<" && scalar.style == Style::Plain => {
            (None, Some(rules::anchors_not_supported::merge_key(source, node.span)))
        }
        Content::Scalar(scalar) if scalar.text.is_empty() && scalar.style == Style::Plain => {
            (None, Some(rules::complex_key::no_key(source, node.span)))
        }
        Content::Scalar(scalar) => (Some(scalar.text.clone()), None),
        Content::List(_) | Content::Mapping(_) => (None, Some(rules::complex_key::complex_key(source, node.span))),
        Content::Unreadable => (None, None),
    }
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}

/// The byte behind the quote that closes the one at `start`.
fn quote_end(text: &str, start: usize, end: usize) -> usize {
    let bytes = text.as_bytes();
    // An anchor may stand before the quote.
    let Some(open) = bytes[start..end.max(start)].iter().position(|byte| matches!(byte, b'"' | b'\'')).map(|at| start + at)
    else {
        return end.max(start);
    };
    let quote = bytes[open];
    let mut at = open + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            byte if byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 1,
            byte if byte == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    end.max(start)
}

/// The parser counts characters, we count bytes.
struct Offsets {
    base: usize,
    /// The byte of each character; empty where all characters are one byte.
    bytes: Vec<u32>,
    length: usize,
}

impl Offsets {
    fn new(text: &str, base: usize) -> Self {
        let behind_mark = &text[base..];
        let bytes = if behind_mark.is_ascii() {
            Vec::new()
        } else {
            behind_mark.char_indices().map(|(at, _)| Span::at(base + at).start).collect()
        };
        Self { base, bytes, length: text.len() }
    }

    fn byte(&self, character: usize) -> usize {
        if self.bytes.is_empty() {
            return (self.base + character).min(self.length);
        }
        self.bytes.get(character).map_or(self.length, |byte| *byte as usize)
    }
}
