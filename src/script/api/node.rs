//! Handles of a sequence, its steps and their parts: an id and a way, never a copy. Reading looks at the file as it stands now;
//! writing is for the handles that an open edit gave out.

use std::rc::Rc;

use rhai::Dynamic;

use crate::diagnostic::Code;
use crate::lifecycle::Verb;
use crate::operation::{Failure, Refusal};
use crate::script::rules::outside_edit::outside_edit;
use crate::sequence::{PlacedStep, SEQUENCE, SequenceId, StepType, step_in, step_shape};
use crate::shape::{Key, Kind, Shape};
use crate::text::suggest;
use crate::yaml::edit::{Change, Mapping, Route, Value, is_same};

use super::desk::{Desk, Told};
use super::kinds;
use super::listing::List;
use super::values::{to_file, to_script};

/// A mapping in a sequence's file.
#[derive(Clone)]
pub(super) struct Node {
    pub desk: Rc<Desk>,
    pub sequence: SequenceId,
    /// The edit that gave it out.
    pub edit: Option<u64>,
    pub at: At,
}

/// Which mapping.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum At {
    Root,
    Step(StepKey),
    /// The mapping under a key of another.
    Part(Box<At>, String),
}

/// What names a step.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum StepKey {
    /// Its id, and the one that the same line gave up for it: under that one Rhai hands the step back.
    Id { id: String, before: Option<String> },
    /// A step without an id, by its place in the file as it was then.
    Place(Route, usize),
}

/// A step.
#[derive(Clone)]
pub(super) struct Step(pub Node);

/// A mapping inside a step or a sequence.
#[derive(Clone)]
pub(super) struct Part(pub Node);

/// A list of steps: `steps` of a sequence, `then` or `else` of a condition.
#[derive(Clone)]
pub(super) struct Steps {
    pub node: Node,
    pub key: &'static str,
}

/// The keys that a mapping may have.
#[derive(Clone, Copy)]
enum Keys {
    Known(&'static Shape),
    Free(&'static Kind),
    /// It cannot be told; the file is read when it is taken in.
    Untold,
}

/// What a node stands for.
struct Found<'v> {
    route: Route,
    value: &'v Value,
    keys: Keys,
}

impl Node {
    fn at(&self, at: At) -> Node {
        Node { at, ..self.clone() }
    }

    /// The file as it stands, with a number that changes with it.
    pub(super) fn model(&self) -> Told<(usize, Rc<Value>)> {
        match self.edit {
            Some(number) => self.desk.model_in(&self.sequence, number),
            None => {
                let (source, model) = self.desk.model_of(&self.sequence)?;
                Ok((source.text().as_ptr().addr(), model))
            }
        }
    }

    /// What stands there now.
    pub(super) fn value(&self) -> Told<Value> {
        let (state, model) = self.model()?;
        Ok(self.find(&self.at, &model, state)?.value.clone())
    }

    fn is_same_as(&self, other: &Node) -> bool {
        self.sequence == other.sequence && self.edit == other.edit && self.at == other.at
    }

    /// What stands under a key.
    pub(super) fn get(&self, name: &str) -> Told<Dynamic> {
        let (state, model) = self.model()?;
        let found = self.find(&self.at, &model, state)?;
        let kind = self.kind_of(found.keys, name)?;
        if let Some(Kind::Steps) = kind {
            return Ok(Dynamic::from(Steps { node: self.clone(), key: steps_key(name) }));
        }
        let value = found.value.get(name).unwrap_or(&Value::Null);
        Ok(match (value, kind) {
            (Value::Null, Some(Kind::List(_))) => Dynamic::from(List::new(Vec::new())),
            (Value::Sequence(items), _) => Dynamic::from(List::new(items.iter().map(to_script).collect())),
            (Value::Mapping(_), _) => Dynamic::from(Part(self.at(At::Part(Box::new(self.at.clone()), name.to_owned())))),
            (single, _) => to_script(single),
        })
    }

    /// Writes what stands under a key; `()` takes the key away.
    pub(super) fn set(&mut self, name: &str, new: &Dynamic) -> Told<()> {
        // Rhai hands back what it took out of here, in case that was changed: `s.steps["intro"].name = "..."` ends so.
        let is_handed_back = new.read_lock::<Steps>().is_some_and(|steps| steps.node.is_same_as(self) && steps.key == name)
            || new
                .read_lock::<Part>()
                .is_some_and(|part| part.0.is_same_as(&self.at(At::Part(Box::new(self.at.clone()), name.to_owned()))));
        if is_handed_back {
            return Ok(());
        }
        let (state, model) = self.model()?;
        let found = self.find(&self.at, &model, state)?;
        let kind = self.kind_of(found.keys, name)?;
        let new = to_file(new)?;
        let old = found.value.get(name);
        let is_empty_list = |value: &Value| value.as_sequence().is_some_and(Vec::is_empty);
        let is_as_it_was = match old {
            Some(old) => is_same(old, &new),
            None => new.is_null() || (is_empty_list(&new) && matches!(kind, Some(Kind::List(_)))),
        };
        if is_as_it_was {
            return Ok(());
        }
        let Some(edit) = self.edit else {
            return Err(outside_edit(&self.sequence, &format!("`{name}`")).into());
        };
        let route = found.route.clone().key(name);
        let keeps_nothing = matches!(kind, Some(Kind::Value));
        let change = if new.is_null() && !keeps_nothing {
            Change::Remove { route }
        } else {
            let new = match kind {
                Some(kind) => kinds::fitted(kind, new, &format!("`{name}`")).map_err(|refusal| refusal.about(&self.sequence))?,
                None => new,
            };
            Change::Set { route, value: new, after: keys_before(found.keys, name) }
        };
        self.is_editable(name)?;
        let renamed = match (&self.at, &change) {
            (At::Step(_), Change::Set { value: Value::String(id), .. }) if name == "id" => Some(id.clone()),
            (At::Root | At::Step(_) | At::Part(..), _) => None,
        };
        self.desk.change(&self.sequence, edit, change)?;
        if let Some(id) = renamed {
            let before = match &self.at {
                At::Step(StepKey::Id { id, .. }) => Some(id.clone()),
                At::Root | At::Step(StepKey::Place(..)) | At::Part(..) => None,
            };
            self.at = At::Step(StepKey::Id { id, before });
        }
        Ok(())
    }

    /// Some lines say what happened, and only what happens writes them.
    fn is_editable(&self, name: &str) -> Told<()> {
        let help = match (&self.at, name) {
            (At::Root, "state" | "version" | "message") => "`activate` and `deactivate` write it, behind the edit",
            (At::Root, "cloned_from") => "`clone` writes it",
            (At::Root, "formerly") => "it holds the ids that a sequence had before",
            _ => return Ok(()),
        };
        let refusal = Refusal::new(Code::NotEditable, format!("`{name}` of `{}` is not edited", self.sequence));
        Err(refusal.about(&self.sequence).help(help).into())
    }

    /// The kind of a key.
    fn kind_of(&self, keys: Keys, name: &str) -> Told<Option<&'static Kind>> {
        match keys {
            Keys::Known(shape) => match key_of(shape, name) {
                Some(key) => Ok(Some(&key.kind)),
                None if self.at == At::Root && is_function(name) => {
                    Err(kinds::function_for_key(name).about(&self.sequence).into())
                }
                None => Err(kinds::unknown_key(shape, name).about(&self.sequence).into()),
            },
            Keys::Free(kind) => Ok(Some(kind)),
            Keys::Untold => Ok(None),
        }
    }

    fn find<'v>(&self, at: &At, model: &'v Value, state: usize) -> Told<Found<'v>> {
        match at {
            At::Root => Ok(Found { route: Route::root(), value: model, keys: Keys::Known(&SEQUENCE) }),
            At::Step(key) => {
                let PlacedStep { list, index, value } = self.step(key, model, state)?;
                let step_type = value.get("type").and_then(Value::as_str).and_then(StepType::from_word);
                let keys = step_type.map_or(Keys::Untold, |step_type| Keys::Known(step_shape(step_type)));
                Ok(Found { route: list.index(index), value, keys })
            }
            At::Part(of, name) => {
                let holder = self.find(of, model, state)?;
                let kind = self.kind_of(holder.keys, name)?;
                let keys = match kind {
                    Some(Kind::Mapping(shape) | Kind::Either(_, shape)) => Keys::Known(shape),
                    Some(Kind::Table { value, .. }) => Keys::Free(value),
                    Some(_) | None => Keys::Untold,
                };
                let gone = || Refusal::new(Code::UnknownKey, format!("`{name}` is gone from `{}`", self.sequence));
                let value = holder.value.get(name.as_str()).ok_or_else(|| gone().about(&self.sequence))?;
                Ok(Found { route: holder.route.key(name.clone()), value, keys })
            }
        }
    }

    fn step<'v>(&self, key: &StepKey, model: &'v Value, state: usize) -> Told<PlacedStep<'v>> {
        let found = match key {
            StepKey::Id { id, .. } => step_in(model, id),
            StepKey::Place(place, then) if *then == state => steps_in(model, &["steps"])
                .into_iter()
                .map(|found| found.placed(&Route::root()))
                .find(|found| found.list.clone().index(found.index) == *place),
            StepKey::Place(..) => None,
        };
        found.ok_or_else(|| {
            let message = match key {
                StepKey::Id { id, .. } => format!("the step `{id}` is gone from `{}`", self.sequence),
                StepKey::Place(..) => format!("this step of `{}` has no id, and steps changed since", self.sequence),
            };
            let refusal = Refusal::new(Code::UnknownStep, message).about(&self.sequence);
            refusal.help("it was removed, or got another id; ask for it anew").into()
        })
    }
}

impl Steps {
    /// The steps of this list and of all branches below it, in the file's order.
    pub(super) fn all(&self) -> Told<Vec<Step>> {
        let (state, model) = self.node.model()?;
        let holder = self.node.find(&self.node.at, &model, state)?;
        let steps = steps_in(holder.value, &[self.key]).into_iter().map(|found| {
            let key = match id_of(found.value) {
                Some(id) => StepKey::of(id),
                None => {
                    let PlacedStep { list, index, .. } = found.placed(&holder.route);
                    StepKey::Place(list.index(index), state)
                }
            };
            Step(self.node.at(At::Step(key)))
        });
        Ok(steps.collect())
    }

    /// The step of that id, here or in a branch.
    pub(super) fn find(&self, id: &str) -> Told<Option<Step>> {
        let (state, model) = self.node.model()?;
        let holder = self.node.find(&self.node.at, &model, state)?;
        let is_there = steps_in(holder.value, &[self.key]).iter().any(|found| id_of(found.value) == Some(id));
        Ok(is_there.then(|| Step(self.node.at(At::Step(StepKey::of(id))))))
    }

    /// The step of that id.
    pub(super) fn get(&self, id: &str) -> Told<Step> {
        self.find(id)?.ok_or_else(|| self.unknown(id))
    }

    fn unknown(&self, id: &str) -> Failure {
        let sequence = &self.node.sequence;
        let refusal = Refusal::new(Code::UnknownStep, format!("no step of `{sequence}` is called `{id}`")).about(sequence);
        let known = self.all().unwrap_or_default();
        let ids = known.iter().filter_map(|step| match &step.0.at {
            At::Step(StepKey::Id { id, .. }) => Some(id.as_str()),
            At::Root | At::Step(StepKey::Place(..)) | At::Part(..) => None,
        });
        match suggest(id, ids) {
            Some(near) => refusal.help(format!("did you mean `{near}`?")).into(),
            None => refusal.into(),
        }
    }

    /// What stands there now.
    pub(super) fn value(&self) -> Told<Value> {
        let value = self.node.value()?;
        Ok(value.get(self.key).cloned().unwrap_or(Value::Sequence(Vec::new())))
    }

    fn edit(&self) -> Told<u64> {
        self.node.edit.ok_or_else(|| outside_edit(&self.node.sequence, "the list of steps").into())
    }

    /// The list itself: its route and its length.
    fn list(&self) -> Told<(Route, usize)> {
        let (state, model) = self.node.model()?;
        let holder = self.node.find(&self.node.at, &model, state)?;
        let length = holder.value.get(self.key).and_then(Value::as_sequence).map_or(0, Vec::len);
        Ok((holder.route.key(self.key), length))
    }

    /// Where a step stands: its list and its index there.
    fn place(&self, id: &str) -> Told<(Route, usize)> {
        let (state, model) = self.node.model()?;
        let holder = self.node.find(&self.node.at, &model, state)?;
        let found = steps_in(holder.value, &[self.key]).into_iter().find(|found| id_of(found.value) == Some(id));
        let placed = found.map(|found| found.placed(&holder.route));
        placed.map(|placed| (placed.list, placed.index)).ok_or_else(|| self.unknown(id))
    }

    /// Puts a new step to the end of this list.
    pub(super) fn append(&self, step: &Dynamic) -> Told<()> {
        let edit = self.edit()?;
        let value = self.new_step(step, None)?;
        let (list, index) = self.list()?;
        self.node.desk.change(&self.node.sequence, edit, Change::Insert { list, index, value })
    }

    /// Puts a new step beside another.
    pub(super) fn insert(&self, beside: Beside<'_>, step: &Dynamic) -> Told<()> {
        let edit = self.edit()?;
        let value = self.new_step(step, None)?;
        let (list, index) = match beside {
            Beside::Before(id) => self.place(id)?,
            Beside::Behind(id) => self.place(id).map(|(list, index)| (list, index + 1))?,
        };
        self.node.desk.change(&self.node.sequence, edit, Change::Insert { list, index, value })
    }

    /// A step as it is written, whose id nothing else has, but for the one in whose place it comes.
    fn new_step(&self, step: &Dynamic, in_place_of: Option<&str>) -> Told<Value> {
        let sequence = &self.node.sequence;
        let value = kinds::step(to_file(step)?).map_err(|refusal| refusal.about(sequence))?;
        let root = Steps { node: self.node.at(At::Root), key: "steps" };
        if let Some(id) = id_of(&value).filter(|id| in_place_of != Some(id))
            && root.find(id)?.is_some()
        {
            let message = format!("a step of `{sequence}` is called `{id}` already");
            return Err(Refusal::new(Code::DuplicateStepId, message).about(sequence).help("give it another id").into());
        }
        Ok(value)
    }

    /// Takes a step out, with its branches.
    pub(super) fn remove(&self, id: &str) -> Told<()> {
        let edit = self.edit()?;
        let (list, index) = self.place(id)?;
        self.node.desk.change(&self.node.sequence, edit, Change::Remove { route: list.index(index) })
    }

    /// Moves a step, with its comments, beside another.
    pub(super) fn move_step(&self, id: &str, beside: Beside<'_>) -> Told<()> {
        let edit = self.edit()?;
        let (from_list, from_index) = self.place(id)?;
        let (list, target) = match beside {
            Beside::Before(other) => self.place(other)?,
            Beside::Behind(other) => self.place(other).map(|(list, index)| (list, index + 1))?,
        };
        let other = match beside {
            Beside::Before(other) | Beside::Behind(other) => other,
        };
        if other == id {
            return Ok(());
        }
        // The place counts once the step is gone from where it was.
        let index = if list == from_list && from_index < target { target - 1 } else { target };
        self.node.desk.change(&self.node.sequence, edit, Change::Move { from: from_list.index(from_index), list, index })
    }

    /// Puts a step that there is, with its comments, to the end of this list.
    pub(super) fn move_here(&self, id: &str) -> Told<()> {
        let edit = self.edit()?;
        let root = Steps { node: self.node.at(At::Root), key: "steps" };
        let (from_list, from_index) = root.place(id)?;
        let (list, length) = self.list()?;
        let index = if list == from_list { length.saturating_sub(1) } else { length };
        self.node.desk.change(&self.node.sequence, edit, Change::Move { from: from_list.index(from_index), list, index })
    }

    /// Writes a step anew.
    pub(super) fn replace(&self, id: &str, step: &Dynamic) -> Told<()> {
        if step.read_lock::<Step>().is_some_and(|step| self.is_handed_back(id, &step)) {
            return Ok(());
        }
        let edit = self.edit()?;
        let (list, index) = self.place(id)?;
        let value = self.new_step(step, Some(id))?;
        self.node.desk.change(&self.node.sequence, edit, Change::Set { route: list.index(index), value, after: Vec::new() })
    }

    /// Whether Rhai hands back what it took out of here: `s.steps["intro"].name = "..."` ends so.
    fn is_handed_back(&self, id: &str, step: &Step) -> bool {
        let Step(Node { sequence, edit, at, .. }) = step;
        let is_it = match at {
            At::Step(StepKey::Id { id: now, before }) => now == id || before.as_deref() == Some(id),
            At::Root | At::Step(StepKey::Place(..)) | At::Part(..) => false,
        };
        is_it && *sequence == self.node.sequence && *edit == self.node.edit
    }
}

impl StepKey {
    fn of(id: &str) -> Self {
        Self::Id { id: id.to_owned(), before: None }
    }
}

/// Beside which step.
#[derive(Clone, Copy)]
pub(super) enum Beside<'a> {
    Before(&'a str),
    Behind(&'a str),
}

/// Whether a sequence has a function of that name.
fn is_function(name: &str) -> bool {
    let is_verb = Verb::from_word(name).is_some_and(|verb| verb.is_offered() && verb != Verb::New);
    is_verb || matches!(name, "restore" | "connections")
}

fn key_of(shape: &'static Shape, name: &str) -> Option<&'static Key> {
    shape.keys().find(|key| key.name == name)
}

fn keys_before(keys: Keys, name: &str) -> Vec<String> {
    match keys {
        Keys::Known(shape) => shape.keys().map(|key| key.name).take_while(|key| *key != name).map(str::to_owned).collect(),
        Keys::Free(_) | Keys::Untold => Vec::new(),
    }
}

/// The lists of steps that a mapping can have.
fn steps_key(name: &str) -> &'static str {
    match name {
        "then" => "then",
        "else" => "else",
        _ => "steps",
    }
}

fn id_of(step: &Value) -> Option<&str> {
    step.get("id").and_then(Value::as_str)
}

/// A step below some mapping, and the lists and places on the way to it. Most are only looked at, and need no route.
struct Below<'v> {
    way: Vec<(&'v str, usize)>,
    value: &'v Value,
}

impl<'v> Below<'v> {
    /// The step with its place in the file, where the mapping stands at `holder`.
    fn placed(&self, holder: &Route) -> PlacedStep<'v> {
        let mut list = holder.clone();
        let mut place = 0;
        for (count, (key, index)) in self.way.iter().enumerate() {
            list = if count == 0 { list.key(*key) } else { list.index(place).key(*key) };
            place = *index;
        }
        PlacedStep { list, index: place, value: self.value }
    }
}

/// All steps in some lists of a mapping, branches included, in the file's order.
fn steps_in<'v>(holder: &'v Value, keys: &[&str]) -> Vec<Below<'v>> {
    let mut found = Vec::new();
    collect(holder, &mut Vec::new(), keys, &mut found);
    found
}

fn collect<'v>(holder: &'v Value, way: &mut Vec<(&'v str, usize)>, keys: &[&str], found: &mut Vec<Below<'v>>) {
    let lists = holder.as_mapping().into_iter().flat_map(Mapping::iter);
    let lists = lists.filter_map(|(key, value)| Some((key.as_str()?, value.as_sequence()?)));
    for (key, items) in lists.filter(|(key, _)| keys.contains(key)) {
        for (index, value) in items.iter().enumerate() {
            way.push((key, index));
            found.push(Below { way: way.clone(), value });
            collect(value, way, &["then", "else"], found);
            way.pop();
        }
    }
}
