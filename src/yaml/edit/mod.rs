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
    let asked = Asked { before: &before, tree: &before_tree, line_ends, operations, model, theirs };
    match asked.written(Pace::Together) {
        // What does not touch itself is written at once; should that ever go wrong, one step after the other.
        Err(EditError::Unverified(_)) => asked.written(Pace::OneByOne),
        written => written,
    }
}

/// An edit that is possible, and what it has to come to.
struct Asked<'a> {
    before: &'a Source,
    tree: &'a Tree<'a>,
    line_ends: LineEnds,
    operations: Vec<Operation>,
    /// What our own reader has to find.
    model: Value,
    /// What the other reader found before.
    theirs: Value,
}

/// How many steps are done on one reading of the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// All that do not touch each other.
    Together,
    /// One.
    OneByOne,
}

impl Asked<'_> {
    /// The new text, verified.
    fn written(&self, pace: Pace) -> Result<Edited, EditError> {
        let mut page = Page { source: self.before.clone(), line_ends: self.line_ends, removed_comments: Vec::new() };
        let mut known = Some(self.tree);
        for group in groups(self.steps(), pace) {
            page.operate(&group, known.take())?;
        }
        let after = page.source;
        let tree = sound_again(&after)?;
        if !is_same(&verify::lowered(tree.root.as_ref()), &self.model) {
            return Err(EditError::Unverified("our own reader reads something else".to_owned()));
        }
        let comments = |source: &Source, tree: &Tree<'_>| {
            let outline = Outline::new(source.text(), tree.root.as_ref());
            outline.comments_in(0, source.text().len())
        };
        verify::keeps_comments(&comments(self.before, self.tree), &comments(&after, &tree), &page.removed_comments)?;
        verify::is_read_by_libyaml(self.theirs.clone(), self.operations.clone(), after.text())?;
        Ok(Edited { source: after, removed_comments: page.removed_comments })
    }

    /// The operations of a person as the least steps that do them.
    fn steps(&self) -> Vec<Operation> {
        let mut so_far = verify::lowered(self.tree.root.as_ref());
        let mut steps = Vec::new();
        for operation in &self.operations {
            let small = match operation {
                Operation::Replace { at, value } => refine::refined(change::at(&so_far, at), at, value),
                Operation::AddEntry { .. }
                | Operation::InsertItem { .. }
                | Operation::Remove { .. }
                | Operation::MoveItem { .. }
                | Operation::RenameKey { .. } => vec![operation.clone()],
            };
            small.iter().for_each(|operation| apply(&mut so_far, operation.clone()));
            steps.extend(small);
        }
        steps
    }
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
}

impl Page {
    /// Does some steps on one reading of the text, which may be known already.
    fn operate(&mut self, group: &[Operation], known: Option<&Tree<'_>>) -> Result<(), EditError> {
        if let [Operation::MoveItem { from, index, to, to_index }] = group {
            return self.carry(from, *index, to, *to_index);
        }
        self.splice(known, |scene, _| {
            let mut all = Splices::default();
            group.iter().for_each(|operation| all.join(scene.splices(operation)));
            all
        })
    }

    fn carry(&mut self, from: &[usize], index: usize, to: &[usize], to_index: usize) -> Result<(), EditError> {
        let item: Vec<usize> = from.iter().copied().chain([index]).collect();
        let mut newcomer = None;
        let removed = self.removed_comments.len();
        self.splice(None, |scene, tree| {
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
        self.splice(None, |scene, _| {
            let mut splices = Splices::default();
            scene.insert(&list, to_index, &newcomer, &mut splices);
            splices
        })
    }

    fn splice(&mut self, known: Option<&Tree<'_>>, plan: impl FnOnce(&Scene<'_>, &Tree<'_>) -> Splices) -> Result<(), EditError> {
        let text = {
            let read = if known.is_none() { Some(sound_again(&self.source)?) } else { None };
            let Some(tree) = known.or(read.as_ref()) else { return Ok(()) };
            let outline = Outline::new(self.source.text(), tree.root.as_ref());
            let mut splices = plan(&Scene::new(&outline), tree);
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
