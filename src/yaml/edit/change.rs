//! Changes on the model: a route becomes places, a change becomes an operation on places, and the operation is done.
//! In come a value and a change, out comes the changed value or why it cannot be. Never looks at a text.

use serde_yaml::{Mapping, Value};

use super::error::EditError;
use super::route::{Route, Stop};

/// How deep lists and mappings may be nested; the reader refuses what is deeper.
pub(super) const MAX_DEPTH: usize = 64;

/// One thing to change in a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Puts a value at a route. Where the last stop is a key that is not there, it is added.
    Set {
        /// Where.
        route: Route,
        /// What is to stand there.
        value: Value,
        /// A new key goes behind the last of these that is there, else to the end.
        after: Vec<String>,
    },
    /// Puts a new item into a list. A list that is not there yet, or is nothing, comes into being.
    Insert {
        /// The list.
        list: Route,
        /// Before which item, counted from 0; the list's length puts it at the end.
        index: usize,
        /// The new item.
        value: Value,
    },
    /// Takes out an entry or an item.
    Remove {
        /// Which.
        route: Route,
    },
    /// Moves an item, with its comments, within its list or to another.
    Move {
        /// The item.
        from: Route,
        /// The list it goes to, found before anything moves.
        list: Route,
        /// Its place there once it has moved, counted from 0.
        index: usize,
    },
    /// Gives a key another name; its value and place stay.
    Rename {
        /// The entry.
        route: Route,
        /// The new name.
        name: String,
    },
}

/// The places of children from the root on: the n-th item or the n-th entry.
pub(super) type Place = Vec<usize>;

/// A change whose routes were found: it means the same to every reader of the file.
#[derive(Clone, Debug)]
pub(super) enum Operation {
    Replace { at: Place, value: Value },
    AddEntry { mapping: Place, index: usize, key: String, value: Value },
    InsertItem { list: Place, index: usize, value: Value },
    Remove { parent: Place, index: usize },
    MoveItem { from: Place, index: usize, to: Place, to_index: usize },
    RenameKey { mapping: Place, index: usize, name: String },
}

/// Changes a model as [`super::edit`] changes a file: the order of keys and items is the same as there.
///
/// # Errors
/// [`EditError`] where the change cannot be made; the model is as it was.
pub fn change(model: &mut Value, change: &Change) -> Result<(), EditError> {
    for operation in resolve(model, change)? {
        apply(model, operation);
    }
    Ok(())
}

/// What a change means for a model: operations, each on what the one before leaves.
pub(super) fn resolve(model: &Value, change: &Change) -> Result<Vec<Operation>, EditError> {
    let operations = match change {
        Change::Set { route, value, after } => set(model, route, value, after)?.into_iter().collect(),
        Change::Insert { list, index, value } => vec![insert(model, list, *index, value)?],
        Change::Remove { route } => {
            let mut parent = find(model, route)?.place;
            let index = parent.pop().ok_or_else(|| EditError::NoEntry { route: route.clone() })?;
            vec![Operation::Remove { parent, index }]
        }
        Change::Move { from, list, index } => move_item(model, from, list, *index)?,
        Change::Rename { route, name } => rename(model, route, name)?.into_iter().collect(),
    };
    operations.iter().try_for_each(|operation| is_possible(model, operation, change.route()))?;
    Ok(operations)
}

fn is_possible(model: &Value, operation: &Operation, route: &Route) -> Result<(), EditError> {
    match operation {
        Operation::Replace { at, value } => is_writable(value, at.len(), route),
        Operation::AddEntry { mapping: at, key, value, .. } => {
            is_key(key, route)?;
            is_writable(value, at.len() + 1, route)
        }
        Operation::InsertItem { list: at, value, .. } => is_writable(value, at.len() + 1, route),
        Operation::MoveItem { from, index, to, .. } => {
            is_writable(child(at(model, from), *index).unwrap_or(&Value::Null), to.len() + 1, route)
        }
        Operation::RenameKey { name, .. } => is_key(name, route),
        Operation::Remove { .. } => Ok(()),
    }
}

impl Change {
    /// The route that the change is about.
    pub fn route(&self) -> &Route {
        match self {
            Change::Set { route, .. } | Change::Remove { route } | Change::Rename { route, .. } => route,
            Change::Insert { list, .. } => list,
            Change::Move { from, .. } => from,
        }
    }
}

fn set(model: &Value, route: &Route, value: &Value, after: &[String]) -> Result<Option<Operation>, EditError> {
    let Some((Stop::Key(key), _)) = route.stops().split_last() else {
        let found = find(model, route)?;
        return Ok(replaced(found, value.clone()));
    };
    let holder = find(model, &route.first(route.stops().len() - 1))?;
    match holder.value {
        Value::Mapping(mapping) => Ok(match position(mapping, key) {
            Some((index, old)) => replaced(holder.child(index, old), value.clone()),
            None => {
                let behind = after.iter().filter_map(|key| position(mapping, key)).map(|(index, _)| index + 1).max();
                let index = behind.unwrap_or(mapping.len());
                Some(Operation::AddEntry { mapping: holder.place, index, key: key.clone(), value: value.clone() })
            }
        }),
        Value::Null => {
            let only = Mapping::from_iter([(Value::String(key.clone()), value.clone())]);
            Ok(Some(Operation::Replace { at: holder.place, value: Value::Mapping(only) }))
        }
        _ => Err(EditError::NotAMapping { route: route.first(route.stops().len() - 1) }),
    }
}

/// Puts a value in the place of another; nothing where it stands there already.
fn replaced(found: Found<'_>, value: Value) -> Option<Operation> {
    (!is_same(found.value, &value)).then_some(Operation::Replace { at: found.place, value })
}

fn insert(model: &Value, list: &Route, index: usize, value: &Value) -> Result<Operation, EditError> {
    let found = match find(model, list) {
        Ok(found) => found,
        Err(missing @ EditError::NotFound { .. }) => {
            let Some((Stop::Key(_), _)) = list.stops().split_last() else { return Err(missing) };
            is_within(list, index, 0)?;
            let made = set(model, list, &Value::Sequence(vec![value.clone()]), &[]);
            return made.ok().flatten().ok_or(missing);
        }
        Err(error) => return Err(error),
    };
    match found.value {
        Value::Sequence(items) => {
            is_within(list, index, items.len())?;
            Ok(Operation::InsertItem { list: found.place, index, value: value.clone() })
        }
        Value::Null => {
            is_within(list, index, 0)?;
            Ok(Operation::Replace { at: found.place, value: Value::Sequence(vec![value.clone()]) })
        }
        _ => Err(EditError::NotAList { route: list.clone() }),
    }
}

fn is_within(list: &Route, index: usize, most: usize) -> Result<(), EditError> {
    if index <= most { Ok(()) } else { Err(EditError::OutOfRange { route: list.clone(), index, most }) }
}

fn move_item(model: &Value, from: &Route, list: &Route, index: usize) -> Result<Vec<Operation>, EditError> {
    let item = find(model, from)?;
    let mut parent = item.place.clone();
    let old_index = parent.pop().ok_or_else(|| EditError::NoEntry { route: from.clone() })?;
    if !matches!(at(model, &parent), Value::Sequence(_)) {
        return Err(EditError::NotAList { route: from.first(from.stops().len() - 1) });
    }
    let (made, target) = list_to_be(model, list)?;
    if target.starts_with(&item.place) {
        return Err(EditError::IntoItself { route: from.clone() });
    }
    let length = at(model, &target).as_sequence().map_or(0, Vec::len);
    let is_same_list = target == parent;
    is_within(list, index, if is_same_list { length.saturating_sub(1) } else { length })?;
    if is_same_list && index == old_index {
        return Ok(Vec::new());
    }
    let moved = Operation::MoveItem { from: parent, index: old_index, to: target, to_index: index };
    Ok(made.into_iter().chain([moved]).collect())
}

/// Where a list stands, and what has to be done first so that it does.
fn list_to_be(model: &Value, list: &Route) -> Result<(Option<Operation>, Place), EditError> {
    match insert(model, list, 0, &Value::Null)? {
        Operation::Replace { at: place, value: Value::Sequence(_) } => {
            let made = Operation::Replace { at: place.clone(), value: Value::Sequence(Vec::new()) };
            Ok((Some(made), place))
        }
        Operation::Replace { at: mut place, value: Value::Mapping(only) } => {
            let empty = only.into_iter().map(|(key, _)| (key, Value::Sequence(Vec::new()))).collect();
            let made = Operation::Replace { at: place.clone(), value: Value::Mapping(empty) };
            place.push(0);
            Ok((Some(made), place))
        }
        Operation::AddEntry { mapping, index, key, .. } => {
            let place = mapping.iter().copied().chain([index]).collect();
            Ok((Some(Operation::AddEntry { mapping, index, key, value: Value::Sequence(Vec::new()) }), place))
        }
        Operation::InsertItem { list, .. } => Ok((None, list)),
        Operation::Replace { .. } | Operation::Remove { .. } | Operation::MoveItem { .. } | Operation::RenameKey { .. } => {
            Err(EditError::NotAList { route: list.clone() })
        }
    }
}

fn rename(model: &Value, route: &Route, name: &str) -> Result<Option<Operation>, EditError> {
    let Some((Stop::Key(old), _)) = route.stops().split_last() else {
        return Err(EditError::NoEntry { route: route.clone() });
    };
    let mut parent = find(model, route)?.place;
    let index = parent.pop().expect("a route that ends in a key has a holder");
    if old == name {
        return Ok(None);
    }
    let is_taken = at(model, &parent).as_mapping().is_some_and(|mapping| position(mapping, name).is_some());
    if is_taken {
        return Err(EditError::KeyExists { route: route.first(route.stops().len() - 1), key: name.to_owned() });
    }
    Ok(Some(Operation::RenameKey { mapping: parent, index, name: name.to_owned() }))
}

/// What stands at a route.
struct Found<'v> {
    place: Place,
    value: &'v Value,
}

impl<'v> Found<'v> {
    fn child(mut self, index: usize, value: &'v Value) -> Self {
        self.place.push(index);
        Found { place: self.place, value }
    }
}

fn find<'v>(model: &'v Value, route: &Route) -> Result<Found<'v>, EditError> {
    let mut found = Found { place: Vec::new(), value: model };
    for (count, stop) in route.stops().iter().enumerate() {
        let here = || route.first(count);
        let step = match (stop, found.value) {
            (Stop::Key(key), Value::Mapping(mapping)) => position(mapping, key),
            (Stop::Key(_), Value::Null) | (Stop::Index(_) | Stop::Item { .. }, Value::Null) => None,
            (Stop::Index(index), Value::Sequence(items)) => items.get(*index).map(|item| (*index, item)),
            (Stop::Item { key, is }, Value::Sequence(items)) => {
                items.iter().enumerate().find(|(_, item)| name_of(item, key).as_ref() == Some(is))
            }
            (Stop::Key(_), _) => return Err(EditError::NotAMapping { route: here() }),
            (Stop::Index(_) | Stop::Item { .. }, _) => return Err(EditError::NotAList { route: here() }),
        };
        let Some((index, value)) = step else {
            return Err(EditError::NotFound { route: here(), stop: stop.clone(), known: known(found.value, stop) });
        };
        found = found.child(index, value);
    }
    Ok(found)
}

/// The keys or names that are there, for a did you mean.
fn known(value: &Value, stop: &Stop) -> Vec<String> {
    match (value, stop) {
        (Value::Mapping(mapping), _) => mapping.keys().filter_map(|key| key.as_str().map(str::to_owned)).collect(),
        (Value::Sequence(items), Stop::Item { key, .. }) => items.iter().filter_map(|item| name_of(item, key)).collect(),
        _ => Vec::new(),
    }
}

fn name_of(item: &Value, key: &str) -> Option<String> {
    match item.as_mapping()?.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn position<'v>(mapping: &'v Mapping, key: &str) -> Option<(usize, &'v Value)> {
    mapping.iter().enumerate().find(|(_, (own, _))| own.as_str() == Some(key)).map(|(index, (_, value))| (index, value))
}

fn child(value: &Value, index: usize) -> Option<&Value> {
    match value {
        Value::Sequence(items) => items.get(index),
        Value::Mapping(mapping) => mapping.values().nth(index),
        _ => None,
    }
}

/// The value at a place; nothing where the place is not there.
pub(super) fn at<'v>(model: &'v Value, place: &[usize]) -> &'v Value {
    place.iter().fold(model, |value, index| child(value, *index).unwrap_or(&Value::Null))
}

fn at_mut<'v>(model: &'v mut Value, place: &[usize]) -> Option<&'v mut Value> {
    let mut value = model;
    for index in place {
        value = match value {
            Value::Sequence(items) => items.get_mut(*index)?,
            Value::Mapping(mapping) => mapping.values_mut().nth(*index)?,
            _ => return None,
        };
    }
    Some(value)
}

/// Does an operation. One that does not fit the model (another reader's, which has seen something else) changes nothing, and
/// the comparison of the models says so.
pub(super) fn apply(model: &mut Value, operation: Operation) {
    match operation {
        Operation::Replace { at, value } => {
            if let Some(old) = at_mut(model, &at) {
                *old = value;
            }
        }
        Operation::AddEntry { mapping, index, key, value } => {
            if let Some(Value::Mapping(mapping)) = at_mut(model, &mapping) {
                with_entries(mapping, |entries| entries.insert(index.min(entries.len()), (Value::String(key), value)));
            }
        }
        Operation::InsertItem { list, index, value } => {
            if let Some(Value::Sequence(items)) = at_mut(model, &list) {
                items.insert(index.min(items.len()), value);
            }
        }
        Operation::Remove { parent, index } => drop(take(model, &parent, index)),
        Operation::MoveItem { from, index, to, to_index } => {
            if let Some(item) = take(model, &from, index) {
                let list = behind_removal(&from, index, &to);
                apply(model, Operation::InsertItem { list, index: to_index, value: item });
            }
        }
        Operation::RenameKey { mapping, index, name } => {
            if let Some(Value::Mapping(mapping)) = at_mut(model, &mapping) {
                with_entries(mapping, |entries| {
                    if let Some(entry) = entries.get_mut(index) {
                        entry.0 = Value::String(name);
                    }
                });
            }
        }
    }
}

fn take(model: &mut Value, parent: &[usize], index: usize) -> Option<Value> {
    match at_mut(model, parent)? {
        Value::Sequence(items) => (index < items.len()).then(|| items.remove(index)),
        Value::Mapping(mapping) => {
            let key = mapping.keys().nth(index)?.clone();
            mapping.shift_remove(&key)
        }
        _ => None,
    }
}

/// Where a place is found once the item at `index` of `parent` is gone.
pub(super) fn behind_removal(parent: &[usize], index: usize, place: &[usize]) -> Place {
    let mut place = place.to_vec();
    if place.len() > parent.len() && place.starts_with(parent) && place[parent.len()] > index {
        place[parent.len()] -= 1;
    }
    place
}

fn with_entries(mapping: &mut Mapping, change: impl FnOnce(&mut Vec<(Value, Value)>)) {
    let mut entries: Vec<(Value, Value)> = std::mem::take(mapping).into_iter().collect();
    change(&mut entries);
    *mapping = entries.into_iter().collect();
}

/// Whether two values are the same, the order of keys included.
pub fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Sequence(one), Value::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Mapping(one), Value::Mapping(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| is_same(one.0, other.0) && is_same(one.1, other.1))
        }
        (one, other) => one == other,
    }
}

/// Whether a value can be written in the YAML we take, `depth` levels below the root.
fn is_writable(value: &Value, depth: usize, route: &Route) -> Result<(), EditError> {
    let unwritable = |what: &str| EditError::NotWritable { route: route.clone(), what: what.to_owned() };
    if depth >= MAX_DEPTH && matches!(value, Value::Sequence(_) | Value::Mapping(_)) {
        return Err(EditError::TooDeep);
    }
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
        Value::Number(number) if number.is_nan() || number.is_infinite() => Err(unwritable("a number that is none")),
        Value::Number(_) => Ok(()),
        Value::Sequence(items) => items.iter().try_for_each(|item| is_writable(item, depth + 1, route)),
        Value::Mapping(mapping) => mapping.iter().try_for_each(|(key, value)| {
            let key = key.as_str().ok_or_else(|| unwritable("a key that is no text"))?;
            is_key(key, route)?;
            is_writable(value, depth + 1, route)
        }),
        Value::Tagged(_) => Err(unwritable("a tag")),
    }
}

/// The longest key that every reader takes, in bytes as they may have to be escaped.
const MAX_KEY_BYTES: usize = 100;

fn is_key(key: &str, route: &Route) -> Result<(), EditError> {
    if key.len() <= MAX_KEY_BYTES {
        return Ok(());
    }
    Err(EditError::NotWritable { route: route.clone(), what: format!("a key longer than {MAX_KEY_BYTES} bytes") })
}
