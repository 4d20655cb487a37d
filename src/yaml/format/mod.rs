//! The layout that every file has once somebody has asked for it: canonical order of keys, indentation and blanks.
//! In come a source and the order of keys, out comes the same file laid out, read back by two readers before anybody sees it.
//! Never changes a value, its quotes, or the words of a comment; a file that cannot be read is not touched.

mod flow;
mod gather;
mod print;

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::Diagnostic;
use crate::text::{MAX_FILE_BYTES, Source};

use super::edit::outline::{Form, Outline};
use super::edit::{EditError, has_lone_carriage_return, verify};
use super::{Content, Node, Tree, read};

/// In which order the entries of mappings are written: for the place of a mapping, the numbers of its entries.
///
/// A place is the numbers of the entries and items that lead there. A mapping that is not mentioned keeps its order.
pub type KeyOrder = HashMap<Vec<usize>, Vec<usize>>;

/// Why a file keeps its layout.
#[derive(Clone, Debug, thiserror::Error)]
pub enum FormatError {
    /// It is no YAML that we take.
    #[error("it cannot be read")]
    NotSound(Vec<Diagnostic>),
    /// Readers of YAML do not agree on what it says, so that nobody can say whether it still says the same.
    #[error("readers of YAML do not agree on it: {0}")]
    Disputed(String),
    /// It would become larger than any file may be.
    #[error("it would become too large")]
    TooLarge,
    /// What we wrote does not say the same: a mistake of ours.
    #[error("{0}")]
    Unverified(String),
}

/// The file with its canonical layout. One that has it already comes back as it is.
///
/// # Errors
/// [`FormatError`] where the file has to stay as it is.
pub fn format(source: &Source, order: &dyn Fn(&Node<'_>) -> KeyOrder) -> Result<Source, FormatError> {
    if source.text().len() > MAX_FILE_BYTES {
        return Err(FormatError::TooLarge);
    }
    let tree = read(source);
    if !tree.problems.is_empty() {
        return Err(FormatError::NotSound(tree.problems));
    }
    if has_lone_carriage_return(source.text()) {
        return Err(FormatError::Disputed("a carriage return stands alone".to_owned()));
    }
    let order = tree.root.as_ref().map(order).unwrap_or_default();
    let before = Outline::new(source.text(), tree.root.as_ref());
    let text = print::printed(&before, order);
    if text == source.text() {
        return Ok(source.clone());
    }
    if text.len() > MAX_FILE_BYTES {
        return Err(FormatError::TooLarge);
    }
    let after = Source::new(source.path().clone(), text);
    verify(source, &tree, &before, &after)?;
    Ok(after)
}

/// Whether the new text says what the old one says, to both readers and with every comment.
fn verify(source: &Source, tree: &Tree<'_>, before: &Outline<'_>, after: &Source) -> Result<(), FormatError> {
    let unverified = |why: &str| FormatError::Unverified(why.to_owned());
    // Readers disagree about a block scalar whose last line is not ended. Its layout has that end.
    let ends_in_block = before.root.as_ref().is_some_and(|root| matches!(root.last().form, Form::Block { .. }));
    let is_open = ends_in_block && !source.text().ends_with('\n');
    let closed = if is_open { source.text().to_owned() + "\n" } else { source.text().to_owned() };
    let theirs = verify::read_by_libyaml(&closed, &verify::lowered(tree.root.as_ref())).map_err(|error| match error {
        EditError::Disputed(why) => FormatError::Disputed(why),
        other => FormatError::Disputed(other.to_string()),
    })?;
    let new = read(after);
    if let Some(problem) = new.problems.first() {
        return Err(FormatError::Unverified(problem.message.clone()));
    }
    let is_same = match (&tree.root, &new.root) {
        (Some(old), Some(new)) => says_the_same(old, new),
        (None, None) => true,
        (Some(root), None) | (None, Some(root)) => root.is_empty(),
    };
    if !is_same {
        return Err(unverified("our own reader reads something else"));
    }
    match verify::theirs(after.text()) {
        Ok(found) if found == theirs => {}
        Ok(_) => return Err(unverified("libyaml reads something else")),
        Err(error) => return Err(FormatError::Unverified(format!("libyaml does not take it: {error}"))),
    }
    let outline = Outline::new(after.text(), new.root.as_ref());
    if comments(before) == comments(&outline) { Ok(()) } else { Err(unverified("a comment is lost, or became text")) }
}

/// All comments, sorted.
fn comments(outline: &Outline<'_>) -> Vec<String> {
    let mut comments = outline.comments_in(0, outline.text.len());
    comments.sort();
    comments
}

/// Whether two values are the same in everything but the order of keys. Quotes count.
fn says_the_same(one: &Node<'_>, other: &Node<'_>) -> bool {
    match (&one.content, &other.content) {
        (Content::Scalar(one), Content::Scalar(other)) => one == other,
        (Content::List(one), Content::List(other)) => {
            one.items.len() == other.items.len()
                && one.items.iter().zip(&other.items).all(|(one, other)| says_the_same(one, other))
        }
        (Content::Mapping(one), Content::Mapping(other)) => {
            let others: BTreeMap<&str, &Node<'_>> = other.entries.iter().map(|entry| (&*entry.key, &entry.value)).collect();
            let is_there = |key: &str, value| others.get(key).is_some_and(|other| says_the_same(value, other));
            one.entries.len() == other.entries.len() && one.entries.iter().all(|entry| is_there(&entry.key, &entry.value))
        }
        _ => false,
    }
}
