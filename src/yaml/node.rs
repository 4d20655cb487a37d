//! The span tree: what YAML says, and where each piece of it stands.

use std::borrow::Cow;

use crate::text::Span;

/// A value and its place. The span of a list or mapping in block style runs from its first item's first byte to its last
/// item's last byte, in flow style it includes the brackets; a quoted scalar's span includes the quotes, a block scalar's
/// runs from its `|` or `>` to the end of its last line of text.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'t> {
    /// Where the value stands.
    pub span: Span,
    /// What it is.
    pub content: Content<'t>,
}

/// The kinds of value.
#[derive(Clone, Debug, PartialEq)]
pub enum Content<'t> {
    /// A single value.
    Scalar(Scalar<'t>),
    /// A list, block or flow.
    List(List<'t>),
    /// A mapping, block or flow.
    Mapping(Mapping<'t>),
    /// Nothing that can be read: it was reported already (a syntax error, an alias, a tag), so that nobody reports it again.
    Unreadable,
}

/// A scalar's text after YAML's own unescaping and folding.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar<'t> {
    /// The text.
    pub text: Cow<'t, str>,
    /// How it is written.
    pub style: Style,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes; no text at all is an empty plain scalar.
    Plain,
    /// In `'`.
    SingleQuoted,
    /// In `"`.
    DoubleQuoted,
    /// A block scalar that keeps its lines, `|`.
    Literal,
    /// A block scalar that folds its lines, `>`.
    Folded,
}

/// A list's items.
#[derive(Clone, Debug, PartialEq)]
pub struct List<'t> {
    /// The items in their order.
    pub items: Vec<Node<'t>>,
    /// Whether something inside was cut out because it could not be read.
    pub damaged: bool,
}

/// A mapping's entries; keys are unique, a second one was reported and left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping<'t> {
    /// The entries in their order.
    pub entries: Vec<Entry<'t>>,
    /// Whether something inside was cut out because it could not be read: what seems to be missing may have been there.
    pub damaged: bool,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'t> {
    /// The key's text.
    pub key: Cow<'t, str>,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node<'t>,
}

impl<'t> Node<'t> {
    /// The mapping, if it is one.
    pub fn as_mapping(&self) -> Option<&Mapping<'t>> {
        match &self.content {
            Content::Mapping(mapping) => Some(mapping),
            Content::Scalar(_) | Content::List(_) | Content::Unreadable => None,
        }
    }

    /// The scalar, if it is one.
    pub fn as_scalar(&self) -> Option<&Scalar<'t>> {
        match &self.content {
            Content::Scalar(scalar) => Some(scalar),
            Content::Mapping(_) | Content::List(_) | Content::Unreadable => None,
        }
    }

    /// Whether both are single values that say the same, in whatever quotes.
    pub fn is_same_scalar(&self, other: &Node<'_>) -> bool {
        match (self.as_scalar(), other.as_scalar()) {
            (Some(one), Some(other)) => one.text == other.text && (one.style == Style::Plain) == (other.style == Style::Plain),
            (None, _) | (_, None) => false,
        }
    }

    /// Whether no value is written at all: a key with nothing behind its colon.
    pub fn is_empty(&self) -> bool {
        matches!(&self.content, Content::Scalar(scalar) if scalar.style == Style::Plain && scalar.text.is_empty())
    }

    /// What the value is, in words for messages.
    pub fn describe(&self) -> &'static str {
        match &self.content {
            Content::Scalar(_) if self.is_empty() => "nothing",
            Content::Scalar(_) => "text",
            Content::List(_) => "a list",
            Content::Mapping(_) => "a mapping",
            Content::Unreadable => "something unreadable",
        }
    }
}

impl<'t> Mapping<'t> {
    /// The entry with that key.
    pub fn entry(&self, key: &str) -> Option<&Entry<'t>> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}
