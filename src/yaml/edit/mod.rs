//! Edits of a YAML file that change the lines they must and no other byte.
//! In come a source and changes by route, out comes the new source, read back by two readers before anybody sees it.
//! Comments, order, quotes, indentation, blank lines and line ends stay the person's; a wrong text is never given out.

mod block;
mod carry;
mod change;
mod error;
mod flow;
mod outline;
mod refine;
mod route;
mod splice;
mod verify;
mod write;

pub use change::{Change, change, is_same};
pub use error::EditError;
pub use route::{Route, Stop};
pub use serde_yaml::{Mapping, Number, Value};

use crate::text::{MAX_FILE_BYTES, Source};

use super::read::{Tree, read};
use change::{Operation, apply, behind_removal, resolve};
use outline::{Form, Outline};
use splice::{LineEnds, Scene, Splices};

/// An edit that was made and verified.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The file with its new text.
    pub source: Source,
    /// The comments that went with what was removed, in no particular order.
    pub removed_comments: Vec<String>,
}

/// The whole file as a value: JSON numbers, `true`, `false`, `null` and nothing at all are what they look like, everything
/// else is text.
///
/// # Errors
/// [`EditError::NotSound`] where the file is no YAML that we take.
pub fn model(source: &Source) -> Result<Value, EditError> {
    Ok(verify::lowered(sound(source)?.root.as_ref()))
}

/// Makes all changes, each on what the one before left, or none. Where nothing changes the text is the same.
///
/// # Errors
/// [`EditError`] where a change cannot be made, or the file is not sound as it stands.
pub fn edit(source: &Source, changes: &[Change]) -> Result<Edited, EditError> {
    if has_lone_carriage_return(source.text()) {
        return Err(EditError::Disputed("a carriage return stands alone; save the file with usual line ends".to_owned()));
    }
    let line_ends = LineEnds::of(source.text());
    if !source.text().ends_with('\n') {
        sound(source)?;
    }
    let before = closed(source.clone(), line_ends)?;
    let before_tree = sound(&before)?;
    let mut model = verify::lowered(before_tree.root.as_ref());
    let mut operations = Vec::new();
    for change in changes {
        for operation in resolve(&model, change)? {
            apply(&mut model, operation.clone());
            operations.push(operation);
        }
    }
    if operations.is_empty() {
        return Ok(Edited { source: source.clone(), removed_comments: Vec::new() });
    }
    let theirs = verify::read_by_libyaml(before.text(), &verify::lowered(before_tree.root.as_ref()))?;
    let so_far = verify::lowered(before_tree.root.as_ref());
    let mut page = Page { source: before.clone(), line_ends, removed_comments: Vec::new(), so_far };
    for operation in &operations {
        page.operate(operation)?;
    }
    let after = page.source;
    let tree = sound_again(&after)?;
    if !is_same(&verify::lowered(tree.root.as_ref()), &model) {
        return Err(EditError::Unverified("our own reader reads something else".to_owned()));
    }
    let comments = |source: &Source, tree: &Tree<'_>| {
        let outline = Outline::new(source.text(), tree.root.as_ref());
        outline.comments_in(0, source.text().len())
    };
    verify::keeps_comments(&comments(&before, &before_tree), &comments(&after, &tree), &page.removed_comments)?;
    verify::is_read_by_libyaml(theirs, operations, after.text())?;
    Ok(Edited { source: after, removed_comments: page.removed_comments })
}

/// Whether a line ends as on systems long gone, which readers of YAML take for different things.
fn has_lone_carriage_return(text: &str) -> bool {
    text.match_indices('\r').any(|(at, _)| text.as_bytes().get(at + 1) != Some(&b'\n'))
}

fn sound(source: &Source) -> Result<Tree<'_>, EditError> {
    if source.text().len() > MAX_FILE_BYTES {
        return Err(EditError::TooLarge);
    }
    let tree = read(source);
    if tree.problems.is_empty() { Ok(tree) } else { Err(EditError::NotSound(tree.problems)) }
}

/// Reads what we wrote ourselves: what is wrong there is our mistake.
fn sound_again(source: &Source) -> Result<Tree<'_>, EditError> {
    sound(source).map_err(|error| match error {
        EditError::NotSound(problems) => {
            let first = problems.into_iter().next().map(|problem| problem.message).unwrap_or_default();
            EditError::Unverified(first)
        }
        other => other,
    })
}

/// A text that ends in a block scalar gets an end of its last line: without one, readers disagree about what it says.
fn closed(source: Source, line_ends: LineEnds) -> Result<Source, EditError> {
    if source.text().is_empty() || source.text().ends_with('\n') {
        return Ok(source);
    }
    let ends_in_block = {
        let tree = sound_again(&source)?;
        let outline = Outline::new(source.text(), tree.root.as_ref());
        outline.root.as_ref().is_some_and(|root| matches!(root.last().form, Form::Block { .. }))
    };
    if !ends_in_block {
        return Ok(source);
    }
    Ok(Source::new(source.path().clone(), source.text().to_owned() + line_ends.text()))
}

/// The text while it is worked on.
struct Page {
    source: Source,
    line_ends: LineEnds,
    removed_comments: Vec<String>,
    /// What it says by now, if every step before did what it should: the end is compared with what was asked for.
    so_far: Value,
}

impl Page {
    /// Does one operation of a person, as the least that has to be done.
    fn operate(&mut self, operation: &Operation) -> Result<(), EditError> {
        let small = match operation {
            Operation::Replace { at, value } => refine::refined(change::at(&self.so_far, at), at, value),
            Operation::AddEntry { .. }
            | Operation::InsertItem { .. }
            | Operation::Remove { .. }
            | Operation::MoveItem { .. }
            | Operation::RenameKey { .. } => vec![operation.clone()],
        };
        small.into_iter().try_for_each(|operation| {
            self.step(&operation)?;
            apply(&mut self.so_far, operation);
            Ok(())
        })
    }

    fn step(&mut self, operation: &Operation) -> Result<(), EditError> {
        if let Operation::MoveItem { from, index, to, to_index } = operation {
            return self.carry(from, *index, to, *to_index);
        }
        self.splice(|scene, _| scene.splices(operation))
    }

    fn carry(&mut self, from: &[usize], index: usize, to: &[usize], to_index: usize) -> Result<(), EditError> {
        let item: Vec<usize> = from.iter().copied().chain([index]).collect();
        let mut newcomer = None;
        let removed = self.removed_comments.len();
        self.splice(|scene, tree| {
            let mut splices = Splices::default();
            if let (Some(list), Some(node)) = (scene.outline.piece(from), tree.root.as_ref().and_then(|root| node(root, &item))) {
                newcomer = carry::pick_up(scene, list, node, index);
                scene.remove(from, index, &mut splices);
            }
            splices
        })?;
        let newcomer = newcomer.ok_or_else(|| EditError::Unverified("an item is not where it should be".to_owned()))?;
        // What came along was not removed.
        let behind = newcomer.behind.iter().map(|comment| comment.trim_start());
        for comment in newcomer.above.iter().chain(&newcomer.inside).map(String::as_str).chain(behind) {
            let found = self.removed_comments.iter().skip(removed).position(|other| other == comment);
            if let Some(at) = found {
                self.removed_comments.remove(removed + at);
            }
        }
        let list = behind_removal(from, index, to);
        self.splice(|scene, _| {
            let mut splices = Splices::default();
            scene.insert(&list, to_index, &newcomer, &mut splices);
            splices
        })
    }

    fn splice(&mut self, plan: impl FnOnce(&Scene<'_>, &Tree<'_>) -> Splices) -> Result<(), EditError> {
        let text = {
            let tree = sound_again(&self.source)?;
            let outline = Outline::new(self.source.text(), tree.root.as_ref());
            let mut splices = plan(&Scene::new(&outline), &tree);
            self.removed_comments.append(&mut splices.removed_comments);
            splices.apply(self.source.text(), self.line_ends)
        };
        if text.len() > MAX_FILE_BYTES {
            return Err(EditError::TooLarge);
        }
        self.source = closed(Source::new(self.source.path().clone(), text), self.line_ends)?;
        Ok(())
    }
}

fn node<'n, 't>(root: &'n super::Node<'t>, place: &[usize]) -> Option<&'n super::Node<'t>> {
    place.iter().try_fold(root, |node, index| match &node.content {
        super::Content::List(list) => list.items.get(*index),
        super::Content::Mapping(mapping) => mapping.entries.get(*index).map(|entry| &entry.value),
        super::Content::Scalar(_) | super::Content::Unreadable => None,
    })
}
