//! Any change to any text: made as it was asked, or refused for a reason; never a wrong text, and never a mistake of ours.

use segue::text::{FilePath, Source};
use segue::yaml::edit::{self, Change, EditError, Mapping, Route, Value, is_same};

use super::{Choices, Held, hold, text};

/// Values that some reader takes for something else, or that break lines, quotes or brackets.
const TEXTS: [&str; 16] = [
    "warm",
    "no",
    "12:30",
    "012",
    "<<",
    "~",
    "",
    " a ",
    "a: b",
    "a #b",
    "- a",
    "it's \"q\"",
    "a, b]",
    "one\n\ntwo\n",
    "\ta",
    "ä🙂",
];

/// The first bytes choose two changes, the rest is the file.
pub fn editing(bytes: &[u8]) -> Held {
    let (mut choices, rest) = Choices::taken_from(bytes, 24);
    let source = Source::new(FilePath::new("sequences/made-up.yaml"), text(rest));
    let Ok(before) = edit::model(&source) else { return Ok(()) };
    let mut routes = Vec::new();
    gather(&before, &Route::root(), &mut routes);
    let changes: Vec<Change> = (0..2).filter_map(|_| change(&mut choices, &routes)).collect();
    let mut wanted = before;
    let refused = changes.iter().find_map(|change| edit::change(&mut wanted, change).err());
    match (edit::edit(&source, &changes), refused) {
        (Ok(edited), None) => {
            let found = edit::model(&edited.source).map_err(|error| format!("{changes:?} left what cannot be read: {error}"))?;
            hold(is_same(&found, &wanted), || format!("{changes:?} should leave {wanted:?}, and left {found:?}"))?;
            let again = edit::edit(&source, &changes).map(|again| again.source);
            hold(again.as_ref() == Ok(&edited.source), || format!("{changes:?} are made otherwise the second time"))
        }
        (Ok(edited), Some(error)) => Err(format!("{changes:?} should be refused ({error}), and left {:?}", edited.source.text())),
        (Err(EditError::Unverified(why)), _) => Err(format!("{changes:?} went wrong: {why}")),
        (Err(_), _) => Ok(()),
    }
}

/// Every value of the file, by its route.
fn gather(value: &Value, route: &Route, routes: &mut Vec<(Route, Value)>) {
    routes.push((route.clone(), value.clone()));
    match value {
        Value::Sequence(items) => {
            items.iter().enumerate().for_each(|(index, item)| gather(item, &route.clone().index(index), routes));
        }
        Value::Mapping(entries) => {
            let named = entries.iter().filter_map(|(key, value)| Some((key.as_str()?, value)));
            named.for_each(|(key, value)| gather(value, &route.clone().key(key), routes));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Tagged(_) => {}
    }
}

fn change(choices: &mut Choices<'_>, routes: &[(Route, Value)]) -> Option<Change> {
    let kind = choices.below(6);
    let (route, at) = choices.one(routes)?.clone();
    Some(match kind {
        0 | 1 => Change::Set { route: new_key(choices, route, &at), value: value(choices), after: vec!["id".to_owned()] },
        2 => Change::Insert { index: choices.below(4), value: value(choices), list: route },
        3 => Change::Remove { route },
        4 => Change::Move { from: route, list: choices.one(routes)?.0.clone(), index: choices.below(4) },
        _ => Change::Rename { route, name: (*choices.one(&TEXTS)?).to_owned() },
    })
}

/// Into a mapping now and then a key that may be new.
fn new_key(choices: &mut Choices<'_>, route: Route, at: &Value) -> Route {
    match (at, choices.below(2), choices.one(&TEXTS)) {
        (Value::Mapping(_), 0, Some(key)) => route.key(*key),
        (_, _, _) => route,
    }
}

fn value(choices: &mut Choices<'_>) -> Value {
    let text = |choices: &mut Choices<'_>| Value::from(choices.one(&TEXTS).copied().unwrap_or_default());
    match choices.below(8) {
        0 => Value::from(12),
        1 => Value::Null,
        2 => vec![text(choices), text(choices)].into(),
        3 => Value::Mapping(Mapping::from_iter([
            (Value::from("id"), text(choices)),
            (Value::from("then"), Value::Sequence(vec![])),
        ])),
        _ => text(choices),
    }
}
