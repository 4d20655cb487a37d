//! Edits of a YAML file that change the lines they must and no other byte.
//! In come a source and changes by route, out comes the new source, read back by two readers before anybody sees it.
//! Comments, order, quotes, indentation, blank lines and line ends stay the person's; a wrong text is never given out.

mod block;
mod carry;
mod change;
mod error;
mod flow;
pub(super) mod outline;
mod refine;
mod route;
mod splice;
pub(super) mod verify;
mod write;

pub use change::{Change, change, is_same};
pub use error::EditError;
pub use route::{Route, Stop};
pub use serde_yaml::{Mapping, Number, Value};

use std::borrow::Cow;

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

/// A file that was read once, to be looked at and edited.
#[derive(Debug)]
pub struct Opened<'s> {
    source: &'s Source,
    tree: Tree<'s>,
    model: Value,
}

/// Reads a file for looking at it and editing it.
///
/// # Errors
/// [`EditError::NotSound`] where the file is no YAML that we take.
pub fn open(source: &Source) -> Result<Opened<'_>, EditError> {
    let tree = sound(source)?;
    let model = verify::lowered(tree.root.as_ref());
    Ok(Opened { source, tree, model })
}

/// The whole file as a value, as [`Opened::model`] has it.
///
/// # Errors
/// [`EditError::NotSound`] where the file is no YAML that we take.
pub fn model(source: &Source) -> Result<Value, EditError> {
    Ok(open(source)?.model)
}

/// The comments of a sound file that two readers read alike, from their `#` on, in order.
///
/// # Errors
/// [`EditError::NotSound`] where the file is no YAML that we take, [`EditError::Disputed`] where the readers disagree.
pub fn agreed(source: &Source) -> Result<Vec<String>, EditError> {
    let tree = sound(source)?;
    verify::read_by_libyaml(source.text(), &verify::lowered(tree.root.as_ref()))?;
    let outline = Outline::new(source.text(), tree.root.as_ref());
    Ok(outline.comments_in(0, source.text().len()))
}

/// Makes all changes, each on what the one before left, or none. Where nothing changes the text is the same.
///
/// # Errors
/// [`EditError`] where a change cannot be made, or the file is not sound as it stands.
pub fn edit(source: &Source, changes: &[Change]) -> Result<Edited, EditError> {
    open(source)?.edit(changes)
}

impl Opened<'_> {
    /// The file that was read.
    pub fn source(&self) -> &Source {
        self.source
    }

    /// The file as a tree; there is no problem in it.
    pub fn tree(&self) -> &Tree<'_> {
        &self.tree
    }

    /// The whole file as a value: JSON numbers, `true`, `false`, `null` and nothing at all are what they look like, everything
    /// else is text.
    pub fn model(&self) -> &Value {
        &self.model
    }

    /// Makes all changes, each on what the one before left, or none. Where nothing changes the text is the same.
    ///
    /// # Errors
    /// [`EditError`] where a change cannot be made.
    pub fn edit(&self, changes: &[Change]) -> Result<Edited, EditError> {
        self.edit_and(changes, |_, _| ()).map(|(edited, ())| edited)
    }

    /// As [`Opened::edit`], and gives what `look` makes of the new text and its tree, which are read here anyway.
    ///
    /// # Errors
    /// [`EditError`] where a change cannot be made.
    pub fn edit_and<T>(&self, changes: &[Change], look: impl Fn(&Source, &Tree<'_>) -> T) -> Result<(Edited, T), EditError> {
        if has_lone_carriage_return(self.source.text()) {
            return Err(EditError::Disputed("a carriage return stands alone; save the file with usual line ends".to_owned()));
        }
        let mut after = self.model.clone();
        let mut operations = Vec::new();
        for change in changes {
            for operation in resolve(&after, change)? {
                apply(&mut after, operation.clone());
                operations.push(operation);
            }
        }
        if operations.is_empty() {
            let same = Edited { source: self.source.clone(), removed_comments: Vec::new() };
            return Ok((same, look(self.source, &self.tree)));
        }
        let line_ends = LineEnds::of(self.source.text());
        let closed = closed(self.source.clone(), &self.tree, line_ends);
        if closed.text().len() != self.source.text().len() {
            return open(&closed).map_err(as_our_mistake)?.written(&Asked { line_ends, operations, model: after }, look);
        }
        self.written(&Asked { line_ends, operations, model: after }, look)
    }

    fn written<T>(&self, asked: &Asked, look: impl Fn(&Source, &Tree<'_>) -> T) -> Result<(Edited, T), EditError> {
        match self.written_at(Pace::Together, asked, &look) {
            // What does not touch itself is written at once; should that ever go wrong, one step after the other.
            Err(EditError::Unverified(_)) => self.written_at(Pace::OneByOne, asked, &look),
            written => written,
        }
    }

    /// The new text, verified.
    fn written_at<T>(
        &self,
        pace: Pace,
        asked: &Asked,
        look: &impl Fn(&Source, &Tree<'_>) -> T,
    ) -> Result<(Edited, T), EditError> {
        let before = Outline::new(self.source.text(), self.tree.root.as_ref());
        let mut page = Page { source: self.source.clone(), line_ends: asked.line_ends, removed_comments: Vec::new() };
        let mut known = Some(&before);
        for group in groups(self.steps(&asked.operations), pace) {
            page.operate(&group, known.take())?;
        }
        let after = page.source;
        // The two readers share nothing, so neither has to wait for the other.
        let (ours, theirs) = verify::beside(
            || {
                let tree = sound(&after).map_err(as_our_mistake)?;
                if !verify::says(tree.root.as_ref(), &asked.model) {
                    return Err(EditError::Unverified("our own reader reads something else".to_owned()));
                }
                let outline = Outline::new(after.text(), tree.root.as_ref());
                verify::keeps_comments(&before.comments(), &outline.comments(), &page.removed_comments)?;
                Ok(look(&after, &tree))
            },
            [self.source.text(), after.text()],
        );
        verify::is_read_by_libyaml(&self.model, &asked.operations, theirs)?;
        let look = ours?;
        Ok((Edited { source: after, removed_comments: page.removed_comments }, look))
    }

    /// The operations of a person as the least steps that do them.
    fn steps(&self, operations: &[Operation]) -> Vec<Operation> {
        let is_large =
            |operation: &Operation| matches!(operation, Operation::Replace { value: Value::Sequence(_) | Value::Mapping(_), .. });
        let Some(last) = operations.iter().rposition(is_large) else { return operations.to_vec() };
        let mut so_far = Cow::Borrowed(&self.model);
        let mut steps = Vec::new();
        for (index, operation) in operations[..=last].iter().enumerate() {
            let small = match operation {
                Operation::Replace { at, value } => refine::refined(change::at(&so_far, at), at, value),
                Operation::AddEntry { .. }
                | Operation::InsertItem { .. }
                | Operation::Remove { .. }
                | Operation::MoveItem { .. }
                | Operation::RenameKey { .. } => vec![operation.clone()],
            };
            if index < last {
                small.iter().for_each(|operation| apply(so_far.to_mut(), operation.clone()));
            }
            steps.extend(small);
        }
        steps.extend_from_slice(&operations[last + 1..]);
        steps
    }
}

/// An edit that is possible, and what it has to come to.
struct Asked {
    line_ends: LineEnds,
    operations: Vec<Operation>,
    /// What our own reader has to find.
    model: Value,
}

/// How many steps are done on one reading of the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// All that do not touch each other.
    Together,
    /// One.
    OneByOne,
}

/// Steps in groups, of which each can be done on one reading of the text.
fn groups(steps: Vec<Operation>, pace: Pace) -> Vec<Vec<Operation>> {
    let mut groups: Vec<Vec<Operation>> = Vec::new();
    for step in steps {
        match groups.last_mut() {
            Some(group) if pace == Pace::Together && group.iter().all(|earlier| leaves_alone(earlier, &step)) => group.push(step),
            Some(_) | None => groups.push(vec![step]),
        }
    }
    groups
}

/// Whether a step means the same place, and writes elsewhere, whether or not an earlier one was done.
fn leaves_alone(earlier: &Operation, later: &Operation) -> bool {
    let grows = |operation: &Operation| match operation {
        Operation::AddEntry { mapping, .. } => Some(mapping.clone()),
        Operation::InsertItem { list, .. } => Some(list.clone()),
        Operation::Replace { .. } | Operation::Remove { .. } | Operation::MoveItem { .. } | Operation::RenameKey { .. } => None,
    };
    let replaces = |operation: &Operation| match operation {
        Operation::Replace { at, .. } => Some(at.clone()),
        Operation::AddEntry { .. }
        | Operation::InsertItem { .. }
        | Operation::Remove { .. }
        | Operation::MoveItem { .. }
        | Operation::RenameKey { .. } => None,
    };
    match (grows(earlier), replaces(earlier), grows(later), replaces(later)) {
        // What stands in a list or mapping moves when it grows; what stands beside it does not.
        (Some(container), _, Some(place), _) | (Some(container), _, _, Some(place)) => !place.starts_with(&container),
        (_, Some(replaced), Some(container), _) => !container.starts_with(&replaced),
        (_, Some(replaced), _, Some(place)) => !place.starts_with(&replaced) && !replaced.starts_with(&place),
        _ => false,
    }
}

/// A text on one line, in quotes where it must be wherever it stands.
pub(super) fn text_on_one_line(text: &str) -> String {
    write::scalar(text, write::Around::Flow, None)
}

/// Whether a line ends as on systems long gone, which readers of YAML take for different things.
pub(super) fn has_lone_carriage_return(text: &str) -> bool {
    text.match_indices('\r').any(|(at, _)| text.as_bytes().get(at + 1) != Some(&b'\n'))
}

fn sound(source: &Source) -> Result<Tree<'_>, EditError> {
    if source.text().len() > MAX_FILE_BYTES {
        return Err(EditError::TooLarge);
    }
    let tree = read(source);
    if tree.problems.is_empty() { Ok(tree) } else { Err(EditError::NotSound(tree.problems)) }
}

/// What is wrong in a text that we wrote ourselves is our mistake.
fn as_our_mistake(error: EditError) -> EditError {
    match error {
        EditError::NotSound(problems) => {
            let first = problems.into_iter().next().map(|problem| problem.message).unwrap_or_default();
            EditError::Unverified(first)
        }
        other => other,
    }
}

/// A text that ends in a block scalar gets an end of its last line: without one, readers disagree about what it says.
fn closed(source: Source, tree: &Tree<'_>, line_ends: LineEnds) -> Source {
    if source.text().is_empty() || source.text().ends_with('\n') {
        return source;
    }
    let outline = Outline::new(source.text(), tree.root.as_ref());
    if !outline.root.as_ref().is_some_and(|root| matches!(root.last().form, Form::Block { .. })) {
        return source;
    }
    Source::new(source.path().clone(), source.text().to_owned() + line_ends.text())
}

/// The text while it is worked on.
struct Page {
    source: Source,
    line_ends: LineEnds,
    removed_comments: Vec<String>,
}

impl Page {
    /// Does some steps on one reading of the text, whose outline may be known already.
    fn operate(&mut self, group: &[Operation], known: Option<&Outline<'_>>) -> Result<(), EditError> {
        if let [Operation::MoveItem { from, index, to, to_index }] = group {
            return self.carry(from, *index, to, *to_index);
        }
        let plan = |scene: &Scene<'_>| {
            let mut all = Splices::default();
            group.iter().for_each(|operation| all.join(scene.splices(operation)));
            all
        };
        match known {
            Some(outline) => self.put(plan(&Scene::new(outline))),
            None => self.splice(|scene, _| plan(scene)),
        }
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
        let splices = {
            let tree = sound(&self.source).map_err(as_our_mistake)?;
            let outline = Outline::new(self.source.text(), tree.root.as_ref());
            plan(&Scene::new(&outline), &tree)
        };
        self.put(splices)
    }

    fn put(&mut self, mut splices: Splices) -> Result<(), EditError> {
        self.removed_comments.append(&mut splices.removed_comments);
        let text = splices.apply(self.source.text(), self.line_ends);
        if text.len() > MAX_FILE_BYTES {
            return Err(EditError::TooLarge);
        }
        self.source = Source::new(self.source.path().clone(), text);
        if !self.source.text().ends_with('\n') {
            let tree = sound(&self.source).map_err(as_our_mistake)?;
            self.source = closed(self.source.clone(), &tree, self.line_ends);
        }
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
