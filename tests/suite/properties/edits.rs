//! Edits of any kind on files of any look: what was asked is what libyaml reads afterwards, no comment is lost, and no line
//! is touched that has nothing to do with it. The checks here share nothing with the editor's own.

use proptest::prelude::any;
use proptest::test_runner::TestRunner;
use segue::text::{FilePath, Source};
use segue::yaml::edit::{self, Change, EditError, Edited, Mapping, Route, Stop, Value};
use segue::yaml::{self, Content, Node};

use super::chance::Chance;
use super::texts::Form;
use super::{cases, sound_texts, source};

/// Files that nobody would write all at once, and somebody writes each of.
pub const HAND_MADE: [&str; 9] = [
    "# the file's own\n\n# above a\na: 1 # one\nb:   'two'   # two\n# above steps\nsteps: # three\n# above x\n- id: x # four\n  # above t\n  t: plain words # five\n\n  # above u\n  u: \"quo\\ted\"\n\n# above y\n- id: y\n  then: # six\n  - id: z\n    # seven\n  - id: w\n  # eight\n- id: v\n# the end\n",
    "{a: 1, b: [x, 'y', \"z\"], c: {d: e, f: [], g: {}}, h: [{id: i, k: l}, {id: m}, n: o], p: , q: [ r ]}\n",
    "list: [\n  a, # one\n  # above b\n  b,\n\n  {id: x, t: u}, # two\n  'c',\n  ]\nmap: {\n  a: 1, # three\n  # above c\n  c: 2\n}\nmixed: [a, b, # four\n  c, d,\n  e]\nsingle: [\n  only # five\n  ]\nempty: [ ]\nnone: {}\nnothing:\nlast: { a: b, c: d, }\n",
    "one: |\n  first\n\n  third\ntwo: |-\n    deep\n      deeper\n\nthree: |+\n  kept\n\n\nfour: > # one\n  folded\n  words\n\n  again\nfive: >-\n  stripped\nsix: |2\n    indented\n  less\nlist:\n  - |\n    text # no comment\n  - >+\n    kept\n\n  - last # two\nseven: |+\n  end\n\n",
    "--- # start\na:\n  - - b\n    - c # one\n    # above d\n    - d\n  - - e\n  -\n    - f\n    # above g\n    - id: g\n\n  -   id: h\n      t: u\n  -\n    # above i\n    id: i\n  - # two\n    id: j\nk:\n    l:\n        m: n\n\n\n\n    o: p\n...\n# behind\n",
    "'a b': 1\n\"c\\td\": 2\n? e\n: f\ng:\n  several words\n  on two lines # one\nh: 'also\n\n  here'\ni: \"and\n  there\" # two\nä: \u{e4}\n'no': yes and no\n12: twelve\nlist:\n    -   a\n    -   b\n",
    "# header\n# of two lines\nname: A\n\n# ---- people ----\n\n# Ana\nana: {roles: [a, b], # one\n  calendar: c}\n# Bo\nbo:\n  roles:\n    - a\n\n    - b\n\n    # three\n    - c\n\ntags:\n- x\n\n- y # four\nend: # five\n",
    "- a\n- b # one\n# above c\n- id: c\n  t: u\n- [d, e]\n- {id: f}\n-\n- 'g'",
    "steps:\n  - id: a\n    when: record.a == \"b\" && record.c in [1, 2]\n    # deeper\n    text: |\n      Hello,\n\n      # no comment\n      bye\n\n  # above b\n  - {id: b, then: [{id: c, type: t}, {id: d}]} # one\n\n  - id: e\n    then: []\n    else:\n    x-note: |+\n      kept\n\nlast: |\n  the end",
];

/// Texts that some reader takes for something else, or that break lines, quotes or brackets.
const TEXTS: [&str; 44] = [
    "warm",
    "a longer text",
    "no",
    "on",
    "y",
    "12:30",
    "2024-01-01",
    "1_000",
    "012",
    "12",
    "1.5",
    "0x1F",
    "<<",
    "=",
    "~",
    "",
    " a",
    "a ",
    "a: b",
    "a #b",
    "#a",
    "- a",
    "-",
    "?",
    "a:",
    "it's",
    "\"q\"",
    "it's \"q\"",
    "a, b",
    "[a",
    "a]",
    "{a}",
    "*a",
    "&a",
    "!a",
    "%a",
    "@a",
    "`a`",
    "\u{2028}x",
    "\u{7}",
    "\u{e4}\u{1F642}",
    "\\n",
    "null",
    "a\tb",
];

/// Texts of several lines.
const LINES: [&str; 9] = [
    "one\ntwo",
    "one\ntwo\n",
    "one\n\ntwo\n\n",
    "  indented\nless",
    "\nfirst is empty",
    "trailing \nblank",
    "\n",
    "a\n \nb",
    "\ttab\nb",
];

/// Choices of what edits are made of.
impl Chance {
    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth < 3 { 14 } else { 9 }) {
            0..=4 => Value::String((*self.one(&TEXTS)).to_owned()),
            5 | 6 => Value::String((*self.one(&LINES)).to_owned()),
            7 => [Value::Null, Value::Bool(true), Value::from(-12), Value::from(1.5), Value::from(1e300)][self.below(5)].clone(),
            8 => Value::String("plain".to_owned()),
            9 | 10 => (0..self.below(4)).map(|_| Value::String((*self.one(&TEXTS)).to_owned())).collect::<Vec<_>>().into(),
            11 => (0..self.below(3)).map(|_| self.value(depth + 1)).collect::<Vec<_>>().into(),
            _ => {
                let entries = (0..self.below(4)).map(|index| (Value::from(self.name(index)), self.value(depth + 1)));
                Value::Mapping(entries.collect())
            }
        }
    }

    fn name(&mut self, index: usize) -> String {
        match self.below(6) {
            0 => format!("{}{index}", self.one(&TEXTS)),
            _ => format!("key-{index}-{}", self.below(1000)),
        }
    }
}

/// Every route into a value, with what stands there.
fn routes<'v>(value: &'v Value, here: &Route, all: &mut Vec<(Route, &'v Value)>) {
    all.push((here.clone(), value));
    match value {
        Value::Mapping(mapping) => {
            for (key, value) in mapping {
                if let Some(key) = key.as_str() {
                    routes(value, &here.clone().key(key), all);
                }
            }
        }
        Value::Sequence(items) => {
            items.iter().enumerate().for_each(|(index, item)| routes(item, &here.clone().index(index), all))
        }
        _ => {}
    }
}

/// A change that can be made.
fn some_change(model: &Value, chance: &mut Chance) -> Option<Change> {
    let mut all = Vec::new();
    routes(model, &Route::root(), &mut all);
    let (route, value) = chance.one(&all[1..]).clone();
    let parent = |route: &Route| -> Route { route.stops()[..route.stops().len() - 1].iter().cloned().collect() };
    let lists: Vec<&(Route, &Value)> = all.iter().filter(|(_, value)| value.is_sequence()).collect();
    let in_list = matches!(route.stops().last(), Some(Stop::Index(_)));
    let count = |value: &Value| value.as_sequence().map_or(0, Vec::len);
    Some(match chance.below(12) {
        0..=2 => Change::Set { route, value: chance.value(0), after: Vec::new() },
        3 => {
            let new = like(value, chance);
            Change::Set { route, value: new, after: Vec::new() }
        }
        4 | 5 => {
            let (route, mapping) = all.iter().filter(|(_, value)| value.is_mapping()).nth(chance.below(5))?;
            let keys: Vec<&str> = mapping.as_mapping()?.keys().filter_map(Value::as_str).collect();
            let after = (0..chance.below(3)).filter_map(|_| keys.get(chance.below(keys.len())).map(|key| (*key).to_owned()));
            let after = after.collect();
            Change::Set { route: route.clone().key(format!("new-{}", chance.name(7))), value: chance.value(0), after }
        }
        6 | 7 if !lists.is_empty() => {
            let (list, value) = *chance.one(&lists);
            Change::Insert { list: list.clone(), index: chance.below(count(value) + 1), value: chance.value(0) }
        }
        8 | 9 => Change::Remove { route },
        10 if in_list => {
            let (list, value) = *chance.one(&lists);
            if list.stops().starts_with(route.stops()) {
                return None;
            }
            let is_same = *list == parent(&route);
            let index = chance.below(count(value) + usize::from(!is_same));
            Change::Move { from: route, list: list.clone(), index }
        }
        _ if !in_list => Change::Rename { route, name: format!("named-{}", chance.name(3)) },
        _ => Change::Remove { route },
    })
}

/// A value in which only some of the old one is different.
fn like(old: &Value, chance: &mut Chance) -> Value {
    match old {
        Value::Mapping(mapping) if !mapping.is_empty() => {
            let mut new = Mapping::new();
            for (key, value) in mapping {
                match chance.below(6) {
                    0 => {}
                    1 => drop(new.insert(key.clone(), like(value, chance))),
                    2 => {
                        new.insert(Value::from(chance.name(9)), chance.value(2));
                        new.insert(key.clone(), value.clone());
                    }
                    _ => drop(new.insert(key.clone(), value.clone())),
                }
            }
            // Keys that are no text cannot be written, and need not be.
            new.into_iter().filter(|(key, _)| key.is_string()).collect::<Mapping>().into()
        }
        Value::Sequence(items) if !items.is_empty() => {
            let mut new: Vec<Value> = items.iter().filter(|_| chance.below(3) > 0).cloned().collect();
            let at = chance.below(new.len() + 1);
            new.insert(at, chance.value(1));
            new.into()
        }
        _ => chance.value(1),
    }
}

/// The change on a value, as plainly as it can be said.
fn changed(model: &Value, change: &Change) -> Value {
    let mut model = model.clone();
    match change {
        Change::Set { route, value, after } => {
            let (last, parent) = route.stops().split_last().unwrap();
            match (at(&mut model, parent), last) {
                (Value::Mapping(mapping), Stop::Key(key)) if !mapping.contains_key(key.as_str()) => {
                    let keys: Vec<String> = mapping.keys().map(|key| key.as_str().unwrap_or_default().to_owned()).collect();
                    let behind = keys.iter().rposition(|key| after.contains(key)).map_or(keys.len(), |index| index + 1);
                    let mut entries: Vec<(Value, Value)> = std::mem::take(mapping).into_iter().collect();
                    entries.insert(behind, (Value::from(key.as_str()), value.clone()));
                    *mapping = entries.into_iter().collect();
                }
                _ => *at(&mut model, route.stops()) = value.clone(),
            }
        }
        Change::Insert { list, index, value } => {
            at(&mut model, list.stops()).as_sequence_mut().unwrap().insert(*index, value.clone());
        }
        Change::Remove { route } => drop(taken(&mut model, route)),
        Change::Move { from, list, index } => {
            // A mark finds the list again once the item is gone.
            let mark = Value::from("the list that is moved to");
            at(&mut model, list.stops()).as_sequence_mut().unwrap().push(mark.clone());
            let item = taken(&mut model, from);
            let list = marked(&mut model, &mark).unwrap();
            list.pop();
            list.insert(*index, item);
        }
        Change::Rename { route, name } => {
            let (last, parent) = route.stops().split_last().unwrap();
            let Stop::Key(key) = last else { panic!("only keys are renamed") };
            let mapping = at(&mut model, parent).as_mapping_mut().unwrap();
            let renamed = |own: Value| if own.as_str() == Some(key) { Value::from(name.as_str()) } else { own };
            *mapping = std::mem::take(mapping).into_iter().map(|(own, value)| (renamed(own), value)).collect();
        }
    }
    model
}

fn at<'v>(model: &'v mut Value, stops: &[Stop]) -> &'v mut Value {
    stops.iter().fold(model, |value, stop| match stop {
        Stop::Key(key) => value.get_mut(key.as_str()).unwrap(),
        Stop::Index(index) => value.get_mut(*index).unwrap(),
        Stop::Item { .. } => panic!("routes here are made of keys and places"),
    })
}

fn taken(model: &mut Value, route: &Route) -> Value {
    let (last, parent) = route.stops().split_last().unwrap();
    match (at(model, parent), last) {
        (Value::Sequence(items), Stop::Index(index)) => items.remove(*index),
        (Value::Mapping(mapping), Stop::Key(key)) => mapping.shift_remove(key.as_str()).unwrap(),
        (other, stop) => panic!("{stop:?} of {other:?}"),
    }
}

fn marked<'v>(value: &'v mut Value, mark: &Value) -> Option<&'v mut Vec<Value>> {
    let is_marked = value.as_sequence().is_some_and(|items| items.last() == Some(mark));
    if is_marked {
        return value.as_sequence_mut();
    }
    match value {
        Value::Sequence(items) => items.iter_mut().find_map(|item| marked(item, mark)),
        Value::Mapping(mapping) => mapping.values_mut().find_map(|value| marked(value, mark)),
        _ => None,
    }
}

fn libyaml(text: &str) -> Value {
    serde_yaml::from_str(text.trim_start_matches('\u{feff}')).unwrap_or_else(|error| panic!("libyaml: {error} in\n{text}"))
}

/// The comments, found line by line. Texts in these files that look like one say `no comment`.
fn comments(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text
        .lines()
        .filter_map(|line| {
            let at = line.match_indices('#').map(|(at, _)| at).find(|at| {
                (*at == 0 || line[..*at].ends_with([' ', '\t']))
                    && line[at + 1..].starts_with(' ')
                    && !line[*at..].starts_with("# no comment")
            })?;
            Some(line[at..].trim_end())
        })
        .collect();
    found.sort_unstable();
    found
}

/// The lines that a change may touch: from the one of what stands before to the one of what stands behind.
fn around(text: &str, route: &Route) -> (usize, usize) {
    let source = source(text);
    let tree = yaml::read(&source);
    let mut spans = Vec::new();
    leaves(tree.root.as_ref().unwrap(), &mut Vec::new(), &mut spans);
    let place = place(tree.root.as_ref().unwrap(), route.stops());
    let inside = |span: &&(Vec<usize>, u32, u32)| span.0.starts_with(&place);
    let (first, last) = match (spans.iter().find(inside), spans.iter().rev().find(inside)) {
        (Some(first), Some(last)) => (first.1, last.2),
        _ => (0, text.len() as u32),
    };
    let before = spans.iter().rev().find(|span| span.2 <= first).map_or(0, |span| span.2);
    let behind = spans.iter().find(|span| span.1 >= last).map_or(text.len() as u32, |span| span.1);
    let line = |at: u32| text[..at as usize].matches('\n').count();
    let behind = if behind as usize == text.len() { text.lines().count() } else { line(behind) + 1 };
    (line(before), behind)
}

/// Keys and single values in their order, each with its place.
fn leaves(node: &Node<'_>, place: &mut Vec<usize>, spans: &mut Vec<(Vec<usize>, u32, u32)>) {
    match &node.content {
        Content::Mapping(mapping) => {
            for (index, entry) in mapping.entries.iter().enumerate() {
                place.push(index);
                spans.push((place.clone(), entry.key_span.start, entry.key_span.end));
                leaves(&entry.value, place, spans);
                place.pop();
            }
        }
        Content::List(list) => {
            for (index, item) in list.items.iter().enumerate() {
                place.push(index);
                leaves(item, place, spans);
                place.pop();
            }
        }
        Content::Scalar(_) | Content::Unreadable => {
            let end = if node.is_empty() { node.span.start } else { node.span.end };
            spans.push((place.clone(), node.span.start, end));
        }
    }
}

/// As far as the route leads: what is to be added is not there yet.
fn place(root: &Node<'_>, stops: &[Stop]) -> Vec<usize> {
    let (mut node, mut place) = (root, Vec::new());
    for stop in stops {
        let next = match (&node.content, stop) {
            (Content::Mapping(mapping), Stop::Key(key)) => mapping
                .entries
                .iter()
                .enumerate()
                .find(|(_, entry)| entry.key == *key)
                .map(|(index, entry)| (index, &entry.value)),
            (Content::List(list), Stop::Index(index)) => list.items.get(*index).map(|item| (*index, item)),
            _ => None,
        };
        let Some((index, value)) = next else { break };
        place.push(index);
        node = value;
    }
    place
}

fn check(text: &str, changes: &[Change]) -> Result<(), String> {
    let told = |why: &str, after: &str| {
        format!("{why}\n---- changes\n{changes:#?}\n---- before\n{text}\n---- after\n{after}\n----\n{text:?}")
    };
    let source = Source::new(FilePath::new("sequences/made-up.yaml"), text.to_owned());
    let Edited { source: after, removed_comments } = match edit::edit(&source, changes) {
        Ok(edited) => edited,
        Err(EditError::KeyExists { .. }) => return Ok(()),
        Err(error) => return Err(told(&format!("refused: {error}"), "")),
    };
    let after = after.text();
    let expected = changes.iter().fold(libyaml(text), |model, change| changed(&model, change));
    let found: Value =
        serde_yaml::from_str(after.trim_start_matches('\u{feff}')).map_err(|error| told(&error.to_string(), after))?;
    if format!("{found:?}") != format!("{expected:?}") {
        return Err(told("another value", after));
    }
    let mut kept: Vec<&str> = comments(after);
    kept.extend(removed_comments.iter().map(String::as_str));
    kept.sort_unstable();
    if kept != comments(text) {
        return Err(told(&format!("comments: {:?} became {kept:?}", comments(text)), after));
    }
    let removes = |change: &Change| match change {
        Change::Remove { .. } | Change::Set { .. } => true,
        Change::Insert { .. } | Change::Move { .. } | Change::Rename { .. } => false,
    };
    if !changes.iter().any(removes) && !removed_comments.is_empty() {
        return Err(told("a comment is told to be gone where nothing was removed", after));
    }
    if text.contains("\r\n") && after.matches("\r\n").count() != after.matches('\n').count() {
        return Err(told("lines end in both ways", after));
    }
    if text.starts_with('\u{feff}') != after.starts_with('\u{feff}') || after.matches('\u{feff}').count() > 1 {
        return Err(told("the mark", after));
    }
    if let [change] = changes {
        return touches_only(text, change, after).map_err(|why| told(&why, after));
    }
    Ok(())
}

fn touches_only(text: &str, change: &Change, after: &str) -> Result<(), String> {
    let (first, last) = match change {
        Change::Set { route, .. } | Change::Remove { route } | Change::Rename { route, .. } => around(text, route),
        Change::Insert { list, .. } => around(text, list),
        Change::Move { from, list, .. } => {
            let (one, other) = (around(text, from), around(text, list));
            (one.0.min(other.0), one.1.max(other.1))
        }
    };
    let lines = |text: &'_ str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    let (before, after) = (lines(text), lines(after));
    let behind = before.len().saturating_sub(last);
    if after.len() < first + behind || before[..first] != after[..first] {
        return Err(format!("a line above line {first} is not as it was"));
    }
    if before[before.len() - behind..] != after[after.len() - behind..] {
        return Err(format!("a line below line {last} is not as it was"));
    }
    Ok(())
}

fn texts() -> Vec<String> {
    sound_texts().into_iter().chain(HAND_MADE.iter().flat_map(|text| vec![(*text).to_owned(); 5])).collect()
}

fn form(text: &str, chance: &mut Chance) -> String {
    let text = if chance.below(5) == 0 { text.trim_end_matches('\n') } else { text };
    Form::ALL[chance.below(Form::ALL.len() * 2).saturating_sub(Form::ALL.len())].of(text)
}

#[test]
fn an_edit_does_what_was_asked_and_nothing_else() {
    let texts = texts();
    let failures: Vec<String> = (0..cases(2_000).cases).filter_map(|seed| one_edit(&texts, seed.into()).err()).take(5).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn one_edit(texts: &[String], seed: u64) -> Result<(), String> {
    let mut chance = Chance(seed);
    let text: &String = chance.one(texts);
    let text = form(text, &mut chance);
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let text = if ends_in_open_block(&text) { text + line_end } else { text };
    let mut model = libyaml(&text);
    let mut changes = Vec::new();
    for _ in 0..[1, 1, 1, 3][chance.below(4)] {
        if let Some(change) = some_change(&model, &mut chance).filter(|change| is_new(&model, change)) {
            model = changed(&model, &change);
            changes.push(change);
        }
        if model.as_mapping().is_none_or(Mapping::is_empty) && model.as_sequence().is_none_or(Vec::is_empty) {
            break;
        }
    }
    check(&text, &changes).map_err(|why| format!("seed {seed}: {why}"))
}

/// Readers disagree about a block scalar whose last line is not ended; the editor ends it, and has no choice.
fn ends_in_open_block(text: &str) -> bool {
    !text.ends_with('\n') && (text.ends_with("the end") || text.ends_with("  end"))
}

/// A change that asks for a key that is there already is refused, which is another test's.
fn is_new(model: &Value, change: &Change) -> bool {
    let Change::Rename { route, name } = change else { return true };
    let mut model = model.clone();
    let (_, parent) = route.stops().split_last().unwrap();
    !at(&mut model, parent).as_mapping().is_some_and(|mapping| mapping.contains_key(name.as_str()))
}

#[test]
fn a_broken_file_is_refused_and_nothing_panics() {
    let mut runner = TestRunner::new(cases(400));
    let outcome = runner.run(&(super::texts::damaged(texts()), any::<u64>()), |(text, seed)| {
        let mut chance = Chance(seed);
        let changes = [
            Change::Set { route: "name".into(), value: chance.value(0), after: vec!["description".to_owned()] },
            Change::Insert { list: "steps".into(), index: 0, value: chance.value(0) },
            Change::Remove { route: Route::from("steps").index(1) },
            Change::Move { from: Route::from("steps").index(0), list: "tags".into(), index: 0 },
            Change::Rename { route: "owner".into(), name: chance.name(1) },
        ];
        let source = source(&text);
        let is_sound = yaml::read(&source).problems.is_empty();
        for change in changes {
            match edit::edit(&source, std::slice::from_ref(&change)) {
                Ok(_) => proptest::prop_assert!(is_sound, "a broken file was edited:\n{text}"),
                Err(EditError::Unverified(why)) => proptest::prop_assert!(false, "{why}\n{change:?}\n{text}\n{text:?}"),
                Err(_) => {}
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{}", error.to_string().replace("\\n", "\n")));
}
