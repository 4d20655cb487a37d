//! Reading mappings by their table. Every problem is reported where it is met, and reading goes on.

use std::cell::LazyCell;

use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::text::{Located, Source, Span, suggest};
use crate::time::{Date, Duration, Instant};
use crate::yaml::{Content, Entry, Mapping, Node, Scalar};

use super::rules;
use super::table::{Key, Kind, Need, Shape, Word};
use super::{Value, is_id};

/// Reads one file by tables and gathers what does not fit.
#[derive(Debug)]
pub struct Reader<'s> {
    source: &'s Source,
    problems: Findings,
}

/// The keys of one mapping, found by a table.
#[derive(Debug)]
pub struct Fields<'n, 't> {
    shape: &'static Shape,
    /// Where something that is missing is reported: the mapping's first key, or all of an empty one.
    pub head: Span,
    /// The mapping's whole span.
    pub span: Span,
    /// Whether something was cut out of the mapping: what is not there may have been.
    pub damaged: bool,
    found: Vec<(&'static Key, &'n Entry<'t>)>,
}

/// One entry of a mapping whose keys the person chooses.
#[derive(Debug)]
pub struct TableEntry<'n, 't> {
    /// The key.
    pub key: Located<String>,
    /// What stands behind it.
    pub value: &'n Node<'t>,
}

/// What stands where a word or an instant may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordOrInstant {
    /// One of the words.
    Word(&'static str),
    /// An instant.
    Instant(Instant),
}

/// The items of a list, and whether something was cut out of it.
#[derive(Debug)]
pub struct Items<'n, 't> {
    /// The items in their order.
    pub nodes: &'n [Node<'t>],
    /// Whether something was cut out.
    pub damaged: bool,
}

impl<'s> Reader<'s> {
    /// A reader for one file.
    pub fn new(source: &'s Source) -> Self {
        Self { source, problems: Findings::default() }
    }

    /// The file that is read.
    pub fn source(&self) -> &'s Source {
        self.source
    }

    /// Adds a finding of the caller's own.
    pub fn report(&mut self, problem: Diagnostic) {
        self.problems.report(problem);
    }

    /// Whether no more findings of a code are taken, so that none need be worded.
    pub fn is_full(&self, code: Code) -> bool {
        self.problems.is_full(code)
    }

    /// All findings, in the order in which they were met.
    pub fn finish(self) -> Vec<Diagnostic> {
        self.problems.into_vec()
    }

    /// The keys of a mapping. `None`, with a finding, where it is none.
    pub fn fields<'n, 't>(&mut self, node: &'n Node<'t>, shape: &'static Shape) -> Option<Fields<'n, 't>> {
        let mapping = self.mapping(node, &format!("{}, a mapping of keys,", shape.what))?;
        let mut fields = Fields {
            shape,
            head: mapping.entries.first().map_or(node.span, |entry| entry.key_span),
            span: node.span,
            damaged: mapping.damaged,
            found: Vec::with_capacity(mapping.entries.len()),
        };
        let gaps = LazyCell::new(|| Gaps::new(mapping, shape));
        for entry in &mapping.entries {
            if let Some(key) = self.key_of(entry, &gaps, shape) {
                fields.found.push((key, entry));
            }
        }
        for key in shape.keys().filter(|key| key.need == Need::Required && !mapping.damaged) {
            if fields.entry(key.name).is_none() {
                self.report(rules::missing_key::missing_key(self.source, fields.head, shape, key));
            }
        }
        Some(fields)
    }

    fn mapping<'n, 't>(&mut self, node: &'n Node<'t>, what: &str) -> Option<&'n Mapping<'t>> {
        match &node.content {
            Content::Mapping(mapping) => Some(mapping),
            Content::Unreadable => None,
            Content::Scalar(_) | Content::List(_) => {
                self.report(rules::wrong_type::wrong_type(self.source, node, what));
                None
            }
        }
    }

    /// The table's key for an entry: its own, or the one that a misspelt key resembles and that is not there itself.
    fn key_of(
        &mut self,
        entry: &Entry<'_>,
        gaps: &LazyCell<Gaps, impl FnOnce() -> Gaps>,
        shape: &'static Shape,
    ) -> Option<&'static Key> {
        if let Some(key) = shape.keys().find(|key| key.name == entry.key) {
            return Some(key);
        }
        if is_own(&entry.key) || self.is_full(Code::UnknownKey) {
            return None;
        }
        let near = suggest(&entry.key, gaps.absent.iter().copied()).or(gaps.only);
        self.report(rules::unknown_key::unknown_key(self.source, entry.key_span, &entry.key, shape, &gaps.absent, near));
        shape.keys().find(|key| Some(key.name) == near)
    }

    /// The entries of a mapping whose keys the person chooses, each `of` something; keys with `x-` are left out. `None`, with a
    /// finding, where it is none.
    pub fn table<'n, 't>(&mut self, node: &'n Node<'t>, of: &str) -> Option<Vec<TableEntry<'n, 't>>> {
        let mapping = self.mapping(node, &format!("a mapping with a key for each {}", of.trim_start_matches("a ")))?;
        let own = mapping.entries.iter().filter(|entry| !is_own(&entry.key));
        Some(
            own.map(|entry| TableEntry { key: Located::new(entry.key.to_string(), entry.key_span), value: &entry.value })
                .collect(),
        )
    }

    /// The items of a list. `None`, with a finding, where it is none.
    pub fn items<'n, 't>(&mut self, node: &'n Node<'t>, what: &str) -> Option<Items<'n, 't>> {
        match &node.content {
            Content::List(list) => Some(Items { nodes: &list.items, damaged: list.damaged }),
            Content::Unreadable => None,
            Content::Scalar(_) | Content::Mapping(_) => {
                self.report(rules::wrong_type::wrong_type(self.source, node, what));
                None
            }
        }
    }

    fn scalar<'n, 't>(&mut self, node: &'n Node<'t>, what: &str) -> Option<&'n Scalar<'t>> {
        match &node.content {
            Content::Scalar(scalar) if !node.is_empty() => Some(scalar),
            Content::Unreadable => None,
            Content::Scalar(_) | Content::List(_) | Content::Mapping(_) => {
                self.report(rules::wrong_type::wrong_type(self.source, node, what));
                None
            }
        }
    }

    /// Text of at most `longest` characters. Kind is decided by the place: `012` and `true` are text here.
    pub fn text(&mut self, node: &Node<'_>, longest: usize) -> Option<Located<String>> {
        let scalar = self.scalar(node, "text")?;
        if scalar.text.trim().is_empty() {
            self.report(rules::wrong_type::empty_text(self.source, node.span));
            return None;
        }
        let length = scalar.text.chars().count();
        if length > longest {
            self.report(rules::too_long::too_long(self.source, node.span, length, longest));
        }
        Some(Located::new(scalar.text.to_string(), node.span))
    }

    /// `true` or `false`.
    pub fn flag(&mut self, node: &Node<'_>) -> Option<Located<bool>> {
        let scalar = self.scalar(node, "`true` or `false`")?;
        match Value::read(scalar) {
            Ok(Value::Flag(flag)) => Some(Located::new(flag, node.span)),
            Ok(_) | Err(_) => {
                self.report(rules::wrong_type::not_a_flag(self.source, node.span, &scalar.text));
                None
            }
        }
    }

    /// A whole number from `least` to `most`.
    pub fn whole(&mut self, node: &Node<'_>, least: i64, most: i64) -> Option<Located<i64>> {
        let scalar = self.scalar(node, "a whole number")?;
        let Ok(Value::Whole(number)) = Value::read(scalar) else {
            self.report(rules::wrong_type::wrong_type(self.source, node, "a whole number"));
            return None;
        };
        if !(least..=most).contains(&number) {
            self.report(rules::out_of_range::out_of_range(self.source, node.span, number, least, most));
            return None;
        }
        Some(Located::new(number, node.span))
    }

    /// A duration; it may be no time at all.
    pub fn duration(&mut self, node: &Node<'_>) -> Option<Located<Duration>> {
        let scalar = self.scalar(node, "a duration")?;
        match Duration::parse(&scalar.text) {
            Ok(duration) => Some(Located::new(duration, node.span)),
            Err(bad) => {
                self.report(rules::bad_duration::bad_duration(self.source, node.span, scalar, &bad));
                None
            }
        }
    }

    /// A day.
    pub fn date(&mut self, node: &Node<'_>) -> Option<Located<Date>> {
        let scalar = self.scalar(node, "a date")?;
        match scalar.text.parse::<Date>() {
            Ok(date) if scalar.text.len() == "2026-12-24".len() => Some(Located::new(date, node.span)),
            Ok(_) | Err(_) => {
                self.report(rules::bad_date::bad_date(self.source, node.span, &scalar.text));
                None
            }
        }
    }

    /// An instant.
    pub fn instant(&mut self, node: &Node<'_>) -> Option<Located<Instant>> {
        let scalar = self.scalar(node, "an instant")?;
        match scalar.text.parse::<Instant>() {
            Ok(instant) => Some(Located::new(instant, node.span)),
            Err(_) => {
                self.report(rules::bad_date::bad_instant(self.source, node.span, &scalar.text));
                None
            }
        }
    }

    /// An id.
    pub fn id(&mut self, node: &Node<'_>) -> Option<Located<String>> {
        let scalar = self.scalar(node, "an id")?;
        if !is_id(&scalar.text) {
            self.report(rules::bad_id::bad_id(self.source, node.span, &scalar.text));
        }
        Some(Located::new(scalar.text.to_string(), node.span))
    }

    /// One of a fixed set of words; a misspelt one counts as the word it resembles.
    pub fn word(&mut self, node: &Node<'_>, words: &'static [Word]) -> Option<Located<&'static str>> {
        let scalar = self.scalar(node, "a word")?;
        let find = |name: &str| words.iter().find(|word| word.name == name);
        if let Some(word) = find(&scalar.text) {
            return Some(Located::new(word.name, node.span));
        }
        if self.is_full(Code::UnknownValue) {
            return None;
        }
        let near = suggest(&scalar.text, words.iter().map(|word| word.name));
        self.report(rules::unknown_value::unknown_value(self.source, node.span, &scalar.text, words, near));
        near.and_then(find).map(|word| Located::new(word.name, node.span))
    }

    /// One of a fixed set of words, or an instant.
    pub fn word_or_instant(&mut self, node: &Node<'_>, words: &'static [Word]) -> Option<Located<WordOrInstant>> {
        let scalar = self.scalar(node, "a word or an instant")?;
        if let Ok(instant) = scalar.text.parse::<Instant>() {
            return Some(Located::new(WordOrInstant::Instant(instant), node.span));
        }
        if scalar.text.starts_with(|c: char| c.is_ascii_digit()) {
            self.report(rules::bad_date::bad_instant(self.source, node.span, &scalar.text));
            return None;
        }
        self.word(node, words).map(|word| word.map(WordOrInstant::Word))
    }

    /// Any single value.
    pub fn value(&mut self, node: &Node<'_>) -> Option<Located<Value>> {
        if node.is_empty() {
            self.report(rules::ambiguous_scalar::nothing(self.source, node.span));
            return None;
        }
        let scalar = self.scalar(node, "a single value")?;
        match Value::read(scalar) {
            Ok(value) => Some(Located::new(value, node.span)),
            Err(super::scalar::Ambiguous) => {
                self.report(rules::ambiguous_scalar::ambiguous_scalar(self.source, node.span, &scalar.text));
                None
            }
        }
    }
}

/// The keys of a table that a mapping lacks.
struct Gaps {
    absent: Vec<&'static str>,
    /// Where one key is unknown and one is missing that must be there, the one was most likely meant for the other.
    only: Option<&'static str>,
}

impl Gaps {
    fn new(mapping: &Mapping<'_>, shape: &'static Shape) -> Self {
        let absent: Vec<&Key> = shape.keys().filter(|key| mapping.entry(key.name).is_none()).collect();
        let is_unknown = |entry: &&Entry<'_>| !is_own(&entry.key) && shape.keys().all(|key| key.name != entry.key);
        let mut required = absent.iter().filter(|key| key.need == Need::Required);
        let only = match (required.next(), required.next()) {
            (Some(key), None) if !mapping.damaged && mapping.entries.iter().filter(is_unknown).count() == 1 => Some(key.name),
            _ => None,
        };
        Self { absent: absent.iter().map(|key| key.name).collect(), only }
    }
}

/// Keys that start with `x-` are the person's own.
fn is_own(key: &str) -> bool {
    key.starts_with("x-")
}

impl<'n, 't> Fields<'n, 't> {
    /// The entry under a key of the table, also where the file misspells it.
    pub fn entry(&self, name: &str) -> Option<&'n Entry<'t>> {
        self.found.iter().find(|(key, _)| key.name == name).map(|(_, entry)| *entry)
    }

    /// The node under a key together with what the table says of it.
    ///
    /// # Panics
    /// Where the table has no such key: the code asks for what nobody may write.
    fn find(&self, name: &str) -> Option<(&'n Node<'t>, &'static Kind)> {
        let known = || self.shape.keys().any(|key| key.name == name);
        debug_assert!(known(), "{} has no key `{name}` in its table", self.shape.what);
        self.found.iter().find(|(key, _)| key.name == name).map(|(key, entry)| (&entry.value, &key.kind))
    }

    /// The node under a key, to be read by the caller.
    pub fn node(&self, name: &str) -> Option<&'n Node<'t>> {
        self.find(name).map(|(node, _)| node)
    }

    /// The key's own span, where it is there.
    pub fn key_span(&self, name: &str) -> Option<Span> {
        self.entry(name).map(|entry| entry.key_span)
    }

    /// The text under a key.
    pub fn text(&self, reader: &mut Reader<'_>, name: &str) -> Option<Located<String>> {
        let (node, kind) = self.find(name)?;
        read_text(reader, node, kind)
    }

    /// The flag under a key.
    pub fn flag(&self, reader: &mut Reader<'_>, name: &str) -> Option<Located<bool>> {
        reader.flag(self.node(name)?)
    }

    /// The whole number under a key.
    ///
    /// # Panics
    /// Where the table says that the key holds something else.
    pub fn whole(&self, reader: &mut Reader<'_>, name: &str) -> Option<Located<i64>> {
        let (node, kind) = self.find(name)?;
        let Kind::Whole { least, most } = kind else { panic!("the table says that `{name}` is no whole number") };
        reader.whole(node, *least, *most)
    }

    /// The duration under a key.
    pub fn duration(&self, reader: &mut Reader<'_>, name: &str) -> Option<Located<Duration>> {
        reader.duration(self.node(name)?)
    }

    /// The duration under a key, which must be some time.
    pub fn pause(&self, reader: &mut Reader<'_>, name: &str) -> Option<Located<Duration>> {
        let pause = self.duration(reader, name)?;
        if pause.value.is_zero() {
            let problem = rules::bad_duration::no_time(reader.source(), pause.span);
            reader.report(problem);
            return None;
        }
        Some(pause)
    }

    /// The word under a key.
    ///
    /// # Panics
    /// Where the table says that the key holds something else.
    pub fn word(&self, reader: &mut Reader<'_>, name: &str) -> Option<Located<&'static str>> {
        let (node, kind) = self.find(name)?;
        let Kind::Word(words) = kind else { panic!("the table says that `{name}` is no word") };
        reader.word(node, words)
    }

    /// The single value under a key.
    pub fn value(&self, reader: &mut Reader<'_>, name: &str) -> Option<Located<Value>> {
        reader.value(self.node(name)?)
    }

    /// The texts (or ids, or words) of the list under a key; those that cannot be read are reported and left out.
    ///
    /// # Panics
    /// Where the table says that the key holds something else.
    pub fn texts(&self, reader: &mut Reader<'_>, name: &str) -> Option<Vec<Located<String>>> {
        let (node, kind) = self.find(name)?;
        let Kind::List(kind) = kind else { panic!("the table says that `{name}` is no list") };
        let items = reader.items(node, "a list")?;
        Some(items.nodes.iter().filter_map(|item| read_text(reader, item, kind)).collect())
    }

    /// The mapping under a key.
    ///
    /// # Panics
    /// Where the table says that the key holds something else.
    pub fn fields(&self, reader: &mut Reader<'_>, name: &str) -> Option<Fields<'n, 't>> {
        let (node, kind) = self.find(name)?;
        let Kind::Mapping(shape) = kind else { panic!("the table says that `{name}` is no mapping") };
        reader.fields(node, shape)
    }

    /// The entries of the table under a key.
    ///
    /// # Panics
    /// Where the table says that the key holds something else.
    pub fn table(&self, reader: &mut Reader<'_>, name: &str) -> Option<Vec<TableEntry<'n, 't>>> {
        let (node, kind) = self.find(name)?;
        let Kind::Table { of, .. } = kind else { panic!("the table says that `{name}` is no table") };
        reader.table(node, of)
    }
}

fn read_text(reader: &mut Reader<'_>, node: &Node<'_>, kind: &'static Kind) -> Option<Located<String>> {
    match kind {
        Kind::Text { longest } => reader.text(node, *longest),
        Kind::Id => reader.id(node),
        Kind::Word(words) => reader.word(node, words).map(|word| word.map(str::to_owned)),
        Kind::Flag
        | Kind::Whole { .. }
        | Kind::Duration
        | Kind::Pause
        | Kind::Date
        | Kind::Instant
        | Kind::WordOrInstant(_)
        | Kind::Value
        | Kind::Expression
        | Kind::List(_)
        | Kind::Mapping(_)
        | Kind::Table { .. }
        | Kind::Either(..)
        | Kind::OrNothing(_)
        | Kind::Steps => panic!("the table says that this is no text: {kind:?}"),
    }
}
