//! From the span tree to typed tests.

use crate::diagnostic::Diagnostic;
use crate::progress::EndReason;
use crate::shape::{Fields, Reader, rules};
use crate::text::{Located, Source, Span};
use crate::yaml::{Node, Tree};

use super::model::{Event, Expectation, Given, Happening, Moment, Trial};
use super::table::{COMPANIONS, HAPPENINGS, MOMENT, TEST, TESTS};

/// Reads the tree of a file of tests.
pub fn read(source: &Source, tree: &Tree<'_>) -> (Vec<Trial>, Vec<Diagnostic>) {
    let mut reader = Reader::new(source);
    let trials = match &tree.root {
        Some(root) if !root.is_empty() => read_root(&mut reader, root),
        Some(_) | None if tree.damaged || !tree.problems.is_empty() => Vec::new(),
        Some(_) | None => {
            reader.report(rules::missing_key::empty_file(source, &TESTS));
            Vec::new()
        }
    };
    (trials, reader.finish())
}

fn read_root(reader: &mut Reader<'_>, root: &Node<'_>) -> Vec<Trial> {
    let Some(fields) = reader.fields(root, &TESTS) else { return Vec::new() };
    read_list(reader, &fields, "tests", read_trial)
}

/// The items of the list under a key, as far as they can be read.
fn read_list<T>(
    reader: &mut Reader<'_>,
    fields: &Fields<'_, '_>,
    key: &str,
    read: fn(&mut Reader<'_>, &Node<'_>) -> Option<T>,
) -> Vec<T> {
    let Some(node) = fields.node(key) else { return Vec::new() };
    let items = reader.items(node, "a list").map_or(&[][..], |items| items.nodes);
    items.iter().filter_map(|item| read(reader, item)).collect()
}

fn read_trial(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<Trial> {
    let fields = reader.fields(node, &TEST)?;
    Some(Trial {
        name: fields.text(reader, "name"),
        version: fields.whole(reader, "version"),
        start: fields.node("start").and_then(|node| reader.instant(node)),
        record: read_given(reader, &fields, "record"),
        timeline: read_list(reader, &fields, "timeline", read_moment),
    })
}

fn read_given(reader: &mut Reader<'_>, fields: &Fields<'_, '_>, key: &str) -> Vec<Given> {
    let entries = fields.table(reader, key).unwrap_or_default();
    let given = entries.into_iter().map(|entry| Some(Given { field: entry.key, value: reader.value(entry.value)? }));
    given.flatten().collect()
}

fn read_moment(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<Moment> {
    let fields = reader.fields(node, &MOMENT)?;
    Some(Moment {
        head: fields.head,
        at: fields.duration(reader, "at"),
        happens: read_happening(reader, &fields),
        expect: fields.fields(reader, "expect").map(|expected| read_expectation(reader, &expected)),
    })
}

/// What happens, where that is one thing. Everything that is written is read, for what is wrong with it.
fn read_happening(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Option<Happening> {
    only_one(reader, fields, &HAPPENINGS, "one thing happens at a moment: write another one, with an `at` of its own");
    for (key, needed) in COMPANIONS {
        if let (Some(span), None, false) = (fields.key_span(key), fields.key_span(needed), fields.damaged) {
            let problem = rules::missing_key::missing(reader.source(), span, format!("`{key}` needs the key `{needed}`"));
            reader.report(problem.help(format!("add `{needed}`, or delete `{key}`")));
        }
    }
    let event = fields.word(reader, "event").and_then(|word| Event::from_word(word.value));
    let of = fields.text(reader, "of");
    let complete = fields.text(reader, "complete");
    let result = fields.text(reader, "result");
    let skip = fields.text(reader, "skip");
    let change = read_given(reader, fields, "change");
    match (event, complete, skip) {
        (Some(event), None, None) => Some(Happening::Event { event, of }),
        (None, Some(step), None) => Some(Happening::Complete { step, result }),
        (None, None, Some(step)) => Some(Happening::Skip(step)),
        (None, None, None) if !change.is_empty() => Some(Happening::Change(change)),
        _ => None,
    }
}

fn read_expectation(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Expectation {
    only_one(reader, fields, &["step", "ended"], "a connection that has ended stands at no step");
    let ended = fields.word(reader, "ended");
    Expectation {
        step: fields.text(reader, "step"),
        sent: fields.texts(reader, "sent"),
        ended: ended.and_then(|word| Some(Located::new(EndReason::from_word(word.value)?, word.span))),
        outcome: fields.text(reader, "outcome"),
        record: read_given(reader, fields, "record"),
    }
}

/// Of these keys one may be there.
fn only_one(reader: &mut Reader<'_>, fields: &Fields<'_, '_>, keys: &[&str], help: &str) {
    let mut spans: Vec<Span> = keys.iter().filter_map(|key| fields.key_span(key)).collect();
    spans.sort();
    let Some((first, others)) = spans.split_first() else { return };
    for other in others {
        let problem = rules::conflicting_keys::conflicting_keys(reader.source(), *other, *first);
        reader.report(problem.help(help));
    }
}
