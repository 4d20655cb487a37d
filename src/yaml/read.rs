//! The gates, the reading, and the second try after a syntax error.

use std::borrow::Cow;

use saphyr_parser::{Parser, ScanError, StrInput};

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

use super::builder::{Builder, MAX_SIGNS, Stop};
use super::mistake::{Mistake, explain};
use super::node::{Content, Entry, Node, Style};
use super::{rules, scan};

/// How often a file is read again after something broken was cut out of it.
const MAX_TRIES: usize = 40;

/// How many bytes are read again in all: a large file gets fewer tries, so that none takes long.
const MAX_READ_AGAIN: usize = 8 << 20;

/// What was read from one file.
#[derive(Debug)]
pub struct Tree<'t> {
    /// The value of the document; `None` where nothing at all could be read, or nothing is there.
    pub root: Option<Node<'t>>,
    /// Every problem of the YAML itself, in no particular order.
    pub problems: Vec<Diagnostic>,
    /// Whether something had to be cut out: what seems to be missing may have been there.
    pub damaged: bool,
}

impl Tree<'_> {
    /// Whether a `#` at a byte of the text starts a comment there, and is no part of a value. In what could not be read nothing
    /// is a comment.
    pub fn is_comment(&self, text: &str, hash: usize) -> bool {
        !self.root.as_ref().is_some_and(|root| holds_as_text(root, text, hash))
    }
}

fn holds_as_text(node: &Node<'_>, text: &str, at: usize) -> bool {
    let range = node.span.range();
    if !range.contains(&at) {
        return false;
    }
    match &node.content {
        // Behind the sign of a block scalar there may be a comment; all below it is text.
        Content::Scalar(scalar) => match scalar.style {
            Style::Literal | Style::Folded => text[range.start..at].contains('\n'),
            Style::Plain | Style::SingleQuoted | Style::DoubleQuoted => true,
        },
        // Only the last that starts before it can hold it.
        Content::List(list) => {
            let behind = list.items.partition_point(|item| item.span.start as usize <= at);
            list.items[..behind].last().is_some_and(|item| holds_as_text(item, text, at))
        }
        Content::Mapping(mapping) => {
            let behind = mapping.entries.partition_point(|entry| entry.key_span.start as usize <= at);
            let holds = |entry: &Entry<'_>| entry.key_span.range().contains(&at) || holds_as_text(&entry.value, text, at);
            mapping.entries[..behind].last().is_some_and(holds)
        }
        Content::Unreadable => true,
    }
}

/// Reads a source. What cannot be read is reported and cut out, so that the rest is still there.
pub fn read(source: &Source) -> Tree<'_> {
    let foreign: Vec<Foreign> =
        rules::control_character::find(source).into_iter().chain(rules::merge_conflict::find(source)).collect();
    if foreign.is_empty()
        && let Ok(built) = build(source, source.text())
    {
        return Tree { root: built.0, problems: built.1, damaged: false };
    }
    let mut text = source.text().to_owned();
    for span in foreign.iter().flat_map(|foreign| &foreign.spans) {
        blank(&mut text, *span);
    }
    let mut problems: Vec<Diagnostic> = foreign.into_iter().map(|foreign| foreign.problem).collect();
    let (root, cuts) = read_around_mistakes(source, &mut text, &mut problems);
    let root = root.map(|mut root| {
        mark_damage(&mut root, Span::new(0, text.len()), &cuts);
        root
    });
    Tree { root, problems, damaged: !cuts.is_empty() }
}

/// Something in a text that is no part of it: what to leave out, and what the person is told.
pub(super) struct Foreign {
    pub spans: Vec<Span>,
    pub problem: Diagnostic,
}

type Built<'t> = (Option<Node<'t>>, Vec<Diagnostic>);

fn build<'t>(source: &Source, text: &'t str) -> Result<Built<'t>, Stop> {
    // A byte order mark is allowed at the very start and is no part of what is read.
    let behind_mark = text.strip_prefix('\u{feff}').unwrap_or(text);
    let base = text.len() - behind_mark.len();
    if let Some(at) = one_sign_too_many(text) {
        return Err(Stop::TooManySigns(Span::new(at, at + 1)));
    }
    let parser: Parser<'t, StrInput<'t>> = Parser::new_from_str(behind_mark);
    Builder::new(source, text, base).build(parser)
}

fn one_sign_too_many(text: &str) -> Option<usize> {
    let first = text.find(['[', '{']).filter(|first| text.len() - first > MAX_SIGNS)?;
    let mut signs = text.bytes().enumerate().skip(first).filter(|(_, byte)| byte.is_ascii_punctuation());
    signs.nth(MAX_SIGNS).map(|(at, _)| at)
}

/// Reads, cuts out what is broken, reads again. Returns the tree and what was cut.
fn read_around_mistakes(
    source: &Source,
    text: &mut String,
    problems: &mut Vec<Diagnostic>,
) -> (Option<Node<'static>>, Vec<Span>) {
    let mut cuts = Cuts::default();
    for _ in 0..MAX_TRIES.min(MAX_READ_AGAIN / text.len().max(1)) {
        let stop = match build(source, text) {
            Ok((root, found)) => {
                problems.extend(found);
                return (root.map(into_owned), cuts.spans);
            }
            Err(stop) => stop,
        };
        let mistake = match stop {
            Stop::TooDeep(span) => {
                problems.push(rules::too_deep::too_deep(source, span));
                break;
            }
            Stop::TooMany(span) => {
                problems.push(rules::too_large::too_many_values(source, span));
                break;
            }
            Stop::TooManySigns(span) => {
                problems.push(rules::too_large::too_many_signs(source, span));
                break;
            }
            Stop::Syntax(at, error) => explain_error(source, text, at, &error),
        };
        let Some(region) = cuts.next(text, &mistake) else { break };
        if region.is_told {
            problems.push(mistake.problem);
        }
        blank(text, region.span);
    }
    if let Some(last) = problems.pop() {
        problems.push(last.help("reading stopped here: there may be more that is wrong"));
    }
    (None, cuts.spans)
}

fn explain_error(source: &Source, text: &str, at: usize, error: &ScanError) -> Mistake {
    explain(source, text, at, error.info())
}

/// What was cut out so far, and how far outward each cut has grown.
#[derive(Default)]
struct Cuts {
    spans: Vec<Span>,
    /// The lines in which something was cut already: another error there is taken for a consequence.
    blocks: Vec<Span>,
    /// The top-level blocks in which a wrong indentation was told: the first one makes the others.
    misindented: Vec<Span>,
}

struct Region {
    span: Span,
    is_told: bool,
}

impl Cuts {
    /// What to cut for a mistake: the least that it asks for, or the next larger block where a cut did not help.
    fn next(&mut self, text: &str, mistake: &Mistake) -> Option<Region> {
        let at = mistake.cut.start as usize;
        let around = scan::blocks_around(text, at);
        let lines = scan::line(text, at).to(scan::line(text, mistake.cut.end as usize));
        let is_first = !self.blocks.iter().any(|block| block.touches(mistake.cut));
        let is_blank = |span: &Span| text[span.range()].trim().is_empty();
        let span = if is_first && !is_blank(&mistake.cut) {
            mistake.cut
        } else {
            around.iter().copied().skip(1).chain([Span::new(0, text.len())]).find(|block| !is_blank(block))?
        };
        let top = around.last().copied().unwrap_or(span);
        let is_about_indentation = mistake.problem.code == Code::WrongIndentation;
        let is_told = is_first && !(is_about_indentation && self.misindented.iter().any(|block| block.contains(Span::at(at))));
        if is_told && is_about_indentation {
            self.misindented.push(top);
        }
        self.spans.push(span);
        self.blocks.push(if is_first { lines } else { span });
        Some(Region { span, is_told })
    }
}

/// Overwrites a range by blanks, keeping line ends, so that every other byte stays where it is.
fn blank(text: &mut String, span: Span) {
    let blanks: String = text[span.range()]
        .chars()
        .flat_map(|c| std::iter::repeat_n(if matches!(c, '\n' | '\r') { c } else { ' ' }, c.len_utf8()))
        .collect();
    text.replace_range(span.range(), &blanks);
}

/// Tells the tree where something was cut out: containers become damaged, empty values unreadable.
fn mark_damage(node: &mut Node<'_>, extent: Span, cuts: &[Span]) {
    let cut = |extent: Span| cuts.iter().any(|cut| cut.touches(extent));
    if !cut(extent) {
        return;
    }
    if node.is_empty() {
        node.content = Content::Unreadable;
    }
    match &mut node.content {
        Content::Mapping(mapping) => {
            mapping.damaged = true;
            let starts: Vec<u32> = mapping.entries.iter().map(|entry| entry.key_span.start).collect();
            for (entry, part) in mapping.entries.iter_mut().zip(parts(&starts, extent)) {
                mark_damage(&mut entry.value, part, cuts);
            }
        }
        Content::List(list) => {
            list.damaged = true;
            let starts: Vec<u32> = list.items.iter().map(|item| item.span.start).collect();
            for (item, part) in list.items.iter_mut().zip(parts(&starts, extent)) {
                mark_damage(item, part, cuts);
            }
        }
        Content::Scalar(_) | Content::Unreadable => {}
    }
}

/// The stretch of text that belongs to each child: from its start to the next one's.
fn parts(starts: &[u32], extent: Span) -> Vec<Span> {
    let ends = starts.iter().skip(1).map(|start| start.saturating_sub(1)).chain([extent.end]);
    starts.iter().zip(ends).map(|(start, end)| Span { start: *start, end: end.max(*start) }).collect()
}

fn into_owned(node: Node<'_>) -> Node<'static> {
    let content = match node.content {
        Content::Scalar(scalar) => {
            Content::Scalar(super::Scalar { text: Cow::Owned(scalar.text.into_owned()), style: scalar.style })
        }
        Content::List(list) => {
            Content::List(super::List { items: list.items.into_iter().map(into_owned).collect(), damaged: list.damaged })
        }
        Content::Mapping(mapping) => Content::Mapping(super::Mapping {
            entries: mapping.entries.into_iter().map(own_entry).collect(),
            damaged: mapping.damaged,
        }),
        Content::Unreadable => Content::Unreadable,
    };
    Node { span: node.span, content }
}

fn own_entry(entry: super::Entry<'_>) -> super::Entry<'static> {
    super::Entry { key: Cow::Owned(entry.key.into_owned()), key_span: entry.key_span, value: into_owned(entry.value) }
}
