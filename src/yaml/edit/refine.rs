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
