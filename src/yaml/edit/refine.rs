//! A list or mapping that is put over another becomes the least changes within it, so that what is the same on both sides
//! keeps its lines and comments.

use serde_yaml::{Mapping, Value};

use super::change::{Operation, is_same};

/// From how many changes on the whole is written anew: each is a reading of the text.
const MAX_OPERATIONS: usize = 64;

/// The operations that turn `old`, which stands at a place, into `new`.
pub(super) fn refined(old: &Value, at: &[usize], new: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    let whole = || vec![Operation::Replace { at: at.to_vec(), value: new.clone() }];
    if differ(old, at, new, &mut operations).is_none() { whole() } else { operations }
}

/// `None` where the two are too different.
fn differ(old: &Value, at: &[usize], new: &Value, operations: &mut Vec<Operation>) -> Option<()> {
    if is_same(old, new) {
        return Some(());
    }
    if operations.len() >= MAX_OPERATIONS {
        return None;
    }
    match (old, new) {
        (Value::Mapping(old), Value::Mapping(new)) if !old.is_empty() && !new.is_empty() => {
            differ_in_entries(old, at, new, operations)
        }
        (Value::Sequence(old), Value::Sequence(new)) if !old.is_empty() && !new.is_empty() => {
            differ_in_items(old, at, new, operations)
        }
        _ => {
            operations.push(Operation::Replace { at: at.to_vec(), value: new.clone() });
            Some(())
        }
    }
}

fn child(at: &[usize], index: usize) -> Vec<usize> {
    at.iter().copied().chain([index]).collect()
}

fn differ_in_entries(old: &Mapping, at: &[usize], new: &Mapping, operations: &mut Vec<Operation>) -> Option<()> {
    let kept: Vec<&Value> = old.keys().filter(|key| new.contains_key(*key)).collect();
    let order: Vec<&Value> = new.keys().filter(|key| old.contains_key(*key)).collect();
    if kept != order || kept.is_empty() {
        operations.push(Operation::Replace { at: at.to_vec(), value: Value::Mapping(new.clone()) });
        return Some(());
    }
    for (index, key) in old.keys().enumerate().collect::<Vec<_>>().into_iter().rev() {
        if !new.contains_key(key) {
            operations.push(Operation::Remove { parent: at.to_vec(), index });
        }
    }
    for (index, (key, value)) in new.iter().enumerate() {
        match old.get(key) {
            Some(old) => differ(old, &child(at, index), value, operations)?,
            None => operations.push(Operation::AddEntry {
                mapping: at.to_vec(),
                index,
                key: key.as_str()?.to_owned(),
                value: value.clone(),
            }),
        }
    }
    (operations.len() <= MAX_OPERATIONS).then_some(())
}

fn differ_in_items(old: &[Value], at: &[usize], new: &[Value], operations: &mut Vec<Operation>) -> Option<()> {
    let same = |(old, new): &(&Value, &Value)| is_same(old, new);
    let front = old.iter().zip(new).take_while(same).count();
    let back = old[front..].iter().rev().zip(new[front..].iter().rev()).take_while(same).count();
    let (old, new) = (&old[front..old.len() - back], &new[front..new.len() - back]);
    if let Some(names) = names(old).zip(names(new)) {
        return differ_in_named_items(old, at, new, front, names, operations);
    }
    let both = old.len().min(new.len());
    if old.len().max(new.len()) > MAX_OPERATIONS {
        return None;
    }
    for index in (both..old.len()).rev() {
        operations.push(Operation::Remove { parent: at.to_vec(), index: front + index });
    }
    for index in 0..both {
        differ(&old[index], &child(at, front + index), &new[index], operations)?;
    }
    for (index, value) in new.iter().enumerate().skip(both) {
        operations.push(Operation::InsertItem { list: at.to_vec(), index: front + index, value: value.clone() });
    }
    (operations.len() <= MAX_OPERATIONS).then_some(())
}

/// The ids of items that all have one, each another.
fn names(items: &[Value]) -> Option<Vec<&str>> {
    let names: Vec<&str> = items.iter().map(|item| item.as_mapping()?.get("id")?.as_str()).collect::<Option<_>>()?;
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.windows(2).all(|pair| pair[0] != pair[1]).then_some(names)
}

/// Items with names: one that is on both sides stays itself wherever it stands.
fn differ_in_named_items(
    old: &[Value],
    at: &[usize],
    new: &[Value],
    front: usize,
    names: (Vec<&str>, Vec<&str>),
    operations: &mut Vec<Operation>,
) -> Option<()> {
    let mut here: Vec<(&str, &Value)> = names.0.into_iter().zip(old).collect();
    if here.len().max(new.len()) > MAX_OPERATIONS {
        return None;
    }
    let is_any_kept = here.iter().any(|(name, _)| names.1.contains(name));
    if front == 0 && !is_any_kept {
        // All would go before the new ones come: that is another list.
        return None;
    }
    for index in (0..here.len()).rev() {
        if !names.1.contains(&here[index].0) {
            operations.push(Operation::Remove { parent: at.to_vec(), index: front + index });
            here.remove(index);
        }
    }
    for (index, (name, value)) in names.1.into_iter().zip(new).enumerate() {
        let found = here.iter().position(|(own, _)| *own == name);
        let Some(found) = found else {
            here.insert(index, (name, value));
            operations.push(Operation::InsertItem { list: at.to_vec(), index: front + index, value: value.clone() });
            continue;
        };
        if found != index {
            let item = here.remove(found);
            here.insert(index, item);
            let (from, to) = (at.to_vec(), at.to_vec());
            operations.push(Operation::MoveItem { from, index: front + found, to, to_index: front + index });
        }
        differ(here[index].1, &child(at, front + index), value, operations)?;
    }
    (operations.len() <= MAX_OPERATIONS).then_some(())
}
