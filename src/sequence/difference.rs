//! How two editions of a sequence differ, step by step.
//!
//! In come two sequences, out comes what people and plans ask of them: which steps came, went, moved, were renamed or say
//! something else. What counts as the same is what [`Meaning`] says of it, so that two editions differ here exactly where a new
//! version would be published, and nowhere else.

use std::collections::{HashMap, HashSet};
use std::fmt;

use crate::shape::Value;

use super::model::{Sequence, Step, StepKind};
use super::{Branch, Meaning};

/// How an edition of a sequence differs from an earlier one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// The sequence's own keys that say something else, in the order of the file.
    pub own: Vec<KeyDifference>,
    /// Steps that are not as they were, in the order of the later edition; one that went stands behind what it stood behind.
    pub steps: Vec<StepDifference>,
}

/// A key that says something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyDifference {
    /// The key, as in the file; `a.template` for one of an A/B test's emails.
    pub key: String,
    /// What it said: several where it is a list, none where it did not stand there.
    pub before: Vec<String>,
    /// What it says.
    pub after: Vec<String>,
}

/// A step that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepDifference {
    /// Its id in the later edition, or in the earlier where it went.
    pub id: String,
    /// What became of it.
    pub fate: Fate,
    /// The keys that say something else: all that it has, where it came or went.
    pub keys: Vec<KeyDifference>,
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is new.
    Added {
        /// Where it stands.
        at: Place,
    },
    /// It is gone.
    Removed {
        /// Where it stood.
        from: Place,
    },
    /// It is the same step, by its id or because it says what it was called.
    Kept {
        /// Where it stands.
        at: Place,
        /// What it was called, where that is not what it is called now.
        renamed_from: Option<String>,
        /// Where it stood, where that is elsewhere.
        moved_from: Option<Place>,
    },
}

/// Where a step stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The branches that lead there, from outside: each by its condition's id.
    pub branches: Vec<(String, Branch)>,
    /// The step before it in the same list; `None` for the first.
    pub behind: Option<String>,
}

/// Compares two editions of a sequence. A reference to another sequence means the one that it reaches: `resolve` gives its id as
/// it is called now. Costs what the editions say, times the logarithm of how many steps a list has.
pub fn differences(before: &Sequence, after: &Sequence, resolve: &dyn Fn(&str) -> String) -> Differences {
    let (before, after) = (Laid::out(before, resolve), Laid::out(after, resolve));
    let pairs = Pairs::of(&before, &after);
    let mut gone = gone_behind(&before, &pairs);
    let mut steps = gone.remove(&None).unwrap_or_default();
    let moved = moved(&before, &after, &pairs);
    for (index, node) in after.nodes.iter().enumerate() {
        let at = || after.place(index);
        steps.extend(match pairs.was[index] {
            None => Some(StepDifference { id: node.id(), fate: Fate::Added { at: at() }, keys: changed(None, Some(node)) }),
            Some(was) => {
                let old = &before.nodes[was];
                let renamed_from = (old.id() != node.id()).then(|| old.id());
                let moved_from = moved.contains(&index).then(|| before.place(was));
                let keys = changed(Some(old), Some(node));
                let is_same = renamed_from.is_none() && moved_from.is_none() && keys.is_empty();
                let kept = || Fate::Kept { at: at(), renamed_from, moved_from };
                (!is_same).then(|| StepDifference { id: node.id(), fate: kept(), keys })
            }
        });
        steps.extend(gone.remove(&Some(index)).into_iter().flatten());
    }
    Differences { own: changed_keys(&before.own, &after.own), steps }
}

impl Differences {
    /// Whether both say the same.
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.steps.is_empty()
    }
}

impl fmt::Display for Place {
    /// The branches alone: `opened > then`; nothing for a step of the sequence itself.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (condition, branch)) in self.branches.iter().enumerate() {
            let between = if number > 0 { " > " } else { "" };
            write!(formatter, "{between}{condition} > {branch}")?;
        }
        Ok(())
    }
}

/// What an edition says, by step.
struct Laid<'s> {
    own: Vec<Key>,
    /// The steps in the order of the file.
    nodes: Vec<Node<'s>>,
}

/// A key with all that it says.
struct Key {
    name: String,
    values: Vec<String>,
}

struct Node<'s> {
    step: &'s Step,
    list: List,
    /// The step before it in its list.
    behind: Option<usize>,
    keys: Vec<Key>,
}

/// A list of steps: the sequence's own, or a branch of a condition.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum List {
    Whole,
    Branch(usize, Branch),
}

impl<'s> Laid<'s> {
    fn out(sequence: &'s Sequence, resolve: &dyn Fn(&str) -> String) -> Self {
        let meaning = Meaning::of(sequence, resolve);
        let mut steps = sequence.steps.walk();
        let mut laid = Self { own: Vec::new(), nodes: Vec::new() };
        // The lists that are open, each with its last step, and whose keys come next.
        let mut open: Vec<(List, Option<usize>)> = Vec::new();
        let mut current: Option<usize> = None;
        for (key, value) in meaning.said() {
            match (key, value, list_under(key, current)) {
                (_, "{", Some(list)) => open.push((list, None)),
                (_, "}", Some(_)) => {
                    current = open.pop().and_then(|(list, _)| match list {
                        List::Whole => None,
                        List::Branch(condition, _) => Some(condition),
                    });
                }
                ("step", ..) => {
                    let step = steps.next().expect("steps are said in the order in which they are walked");
                    let (list, last) = open.last_mut().expect("a step is said within a list");
                    laid.nodes.push(Node { step, list: *list, behind: *last, keys: Vec::new() });
                    current = Some(laid.nodes.len() - 1);
                    *last = current;
                }
                (key, value, _) => {
                    let keys = current.map_or(&mut laid.own, |current| &mut laid.nodes[current].keys);
                    say(keys, key, value);
                }
            }
        }
        laid
    }

    fn place(&self, index: usize) -> Place {
        let node = &self.nodes[index];
        let mut branches = Vec::new();
        let mut list = node.list;
        while let List::Branch(condition, branch) = list {
            branches.push((self.nodes[condition].id(), branch));
            list = self.nodes[condition].list;
        }
        branches.reverse();
        Place { branches, behind: node.behind.map(|behind| self.nodes[behind].id()) }
    }
}

impl Node<'_> {
    fn id(&self) -> String {
        self.step.label().to_owned()
    }
}

/// The list that stands under a key, if it is one of steps.
fn list_under(key: &str, current: Option<usize>) -> Option<List> {
    match (key, current) {
        ("steps", _) => Some(List::Whole),
        (key, Some(condition)) => Branch::from_word(key).map(|branch| List::Branch(condition, branch)),
        (_, None) => None,
    }
}

/// Adds one statement to what a step or a sequence says. What is said several times under a key is a list; the emails of an A/B
/// test are mappings of their own.
fn say(keys: &mut Vec<Key>, key: &str, value: &str) {
    let inside = keys.last().and_then(|last| {
        let test = last.name.split('.').next().filter(|name| matches!(*name, "a" | "b"))?;
        matches!(key, "name" | "template").then(|| format!("{test}.{key}"))
    });
    if inside.is_some() {
        // That the mapping is there goes without saying once something stands in it.
        keys.pop_if(|last| !last.name.contains('.') && last.values == [""]);
    }
    let name = inside.unwrap_or_else(|| key.to_owned());
    match keys.last_mut().filter(|last| last.name == name) {
        Some(last) => last.values.push(value.to_owned()),
        None => keys.push(Key { name, values: vec![value.to_owned()] }),
    }
}

/// Which step of one edition is which of the other.
struct Pairs {
    /// By the later edition's steps.
    was: Vec<Option<usize>>,
    /// By the earlier edition's steps.
    is: Vec<Option<usize>>,
}

impl Pairs {
    fn of(before: &Laid<'_>, after: &Laid<'_>) -> Self {
        let mut pairs = Self { was: vec![None; after.nodes.len()], is: vec![None; before.nodes.len()] };
        let mut free: HashMap<&str, Vec<usize>> = HashMap::new();
        // From the end, so that the first of those with one id is taken first.
        for (index, node) in before.nodes.iter().enumerate().rev() {
            free.entry(node.step.label()).or_default().push(index);
        }
        let mut pair = |index: usize, id: &str, pairs: &mut Self| {
            if let Some(was) = free.get_mut(id).and_then(Vec::pop) {
                (pairs.was[index], pairs.is[was]) = (Some(was), Some(index));
            }
        };
        for (index, node) in after.nodes.iter().enumerate() {
            pair(index, node.step.label(), &mut pairs);
        }
        // Whoever still has an id did not give it away.
        let held: HashSet<&str> = after.nodes.iter().map(|node| node.step.label()).collect();
        for (index, node) in after.nodes.iter().enumerate() {
            let former = node.step.renamed_from.as_ref().map(|former| former.value.as_str());
            if let (None, Some(former)) = (pairs.was[index], former.filter(|former| !held.contains(former))) {
                pair(index, former, &mut pairs);
            }
        }
        pairs
    }

    /// Whether a list of the later edition is that one of the earlier.
    fn is_same_list(&self, after: List, before: List) -> bool {
        match (after, before) {
            (List::Whole, List::Whole) => true,
            (List::Branch(condition, branch), List::Branch(was, was_branch)) => {
                branch == was_branch && self.was[condition] == Some(was)
            }
            (List::Whole, List::Branch(..)) | (List::Branch(..), List::Whole) => false,
        }
    }
}

/// The steps of the later edition that stand elsewhere: in another list, or in another order. Of those in another order the
/// fewest are said to have moved.
fn moved(before: &Laid<'_>, after: &Laid<'_>, pairs: &Pairs) -> HashSet<usize> {
    let mut moved = HashSet::new();
    let mut stayed: HashMap<List, Vec<(usize, usize)>> = HashMap::new();
    for (index, node) in after.nodes.iter().enumerate() {
        let Some(was) = pairs.was[index] else { continue };
        if pairs.is_same_list(node.list, before.nodes[was].list) {
            stayed.entry(node.list).or_default().push((index, was));
        } else {
            moved.insert(index);
        }
    }
    for steps in stayed.into_values() {
        let places: Vec<usize> = steps.iter().map(|(_, was)| *was).collect();
        let in_order = longest_increasing(&places);
        moved.extend(steps.iter().enumerate().filter(|(at, _)| !in_order.contains(at)).map(|(_, (index, _))| *index));
    }
    moved
}

/// Which of these numbers, all different, make the longest series that only goes up.
fn longest_increasing(numbers: &[usize]) -> HashSet<usize> {
    // By length, the place where the best series of that length ends: the one with the lowest end.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (at, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers[*end] < *number);
        previous.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    std::iter::successors(ends.last().copied(), |at| previous[*at]).collect()
}

/// The steps that went, by the step of the later edition behind which they are told of: the last one before them that stayed.
fn gone_behind(before: &Laid<'_>, pairs: &Pairs) -> HashMap<Option<usize>, Vec<StepDifference>> {
    let mut gone: HashMap<Option<usize>, Vec<StepDifference>> = HashMap::new();
    let mut behind = None;
    for (index, node) in before.nodes.iter().enumerate() {
        match pairs.is[index] {
            Some(is) => behind = Some(is),
            None => {
                let fate = Fate::Removed { from: before.place(index) };
                let step = StepDifference { id: node.id(), fate, keys: changed(Some(node), None) };
                gone.entry(behind).or_default().push(step);
            }
        }
    }
    gone
}

/// The keys of a step that say something else.
fn changed(before: Option<&Node<'_>>, after: Option<&Node<'_>>) -> Vec<KeyDifference> {
    let mut changed = changed_keys(before.map_or(&[], |node| &node.keys), after.map_or(&[], |node| &node.keys));
    // Of values the meaning keeps the kind, in words of its own; people get what the file says.
    for key in changed.iter_mut().filter(|key| key.key == "value") {
        key.before = before.and_then(written_value).into_iter().collect();
        key.after = after.and_then(written_value).into_iter().collect();
    }
    changed
}

/// The keys that say something else, in the later edition's order; one that went stands at the end.
fn changed_keys(before: &[Key], after: &[Key]) -> Vec<KeyDifference> {
    let values =
        |keys: &[Key], name: &str| keys.iter().find(|key| key.name == name).map_or_else(Vec::new, |key| key.values.clone());
    let gone = before.iter().filter(|key| after.iter().all(|other| other.name != key.name));
    let names = after.iter().chain(gone).map(|key| &key.name);
    names
        .map(|name| KeyDifference { key: name.clone(), before: values(before, name), after: values(after, name) })
        .filter(|key| key.before != key.after)
        .collect()
}

/// The value of a field update, as a file writes it: text that looks like something else stands in quotes.
fn written_value(node: &Node<'_>) -> Option<String> {
    let StepKind::UpdateField { value: Some(value), .. } = &node.step.kind else { return None };
    Some(match &value.value {
        Value::Text(text) if serde_json::from_str::<serde_json::Value>(text).is_err() => text.clone(),
        other => serde_json::Value::from(other).to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sequence::{SequenceId, read_published};

    /// An edition with these steps.
    fn edition(steps: &str) -> Sequence {
        let text = format!("name: A\nrecord_type: lead\nowner: ana\nsteps: [{steps}]\n");
        read_published(&text, &SequenceId::parse("a").expect("it is an id")).expect("it can be read")
    }

    /// What differs, a word and an id for each step.
    fn told(before: &str, after: &str) -> Vec<String> {
        let found = differences(&edition(before), &edition(after), &str::to_owned);
        let keys = |step: &StepDifference| {
            let key = |key: &KeyDifference| format!(" {}:{}->{}", key.key, key.before.join("+"), key.after.join("+"));
            step.keys.iter().map(key).collect::<String>()
        };
        let told = |step: &StepDifference| match &step.fate {
            Fate::Added { at } => format!("+{} {}", step.id, place(at)),
            Fate::Removed { from } => format!("-{} {}", step.id, place(from)),
            Fate::Kept { at, renamed_from, moved_from } => {
                let renamed = renamed_from.as_ref().map_or_else(String::new, |former| format!(" was {former}"));
                let moved =
                    moved_from.as_ref().map_or_else(String::new, |from| format!(" from {} to {}", place(from), place(at)));
                format!("~{}{renamed}{moved}{}", step.id, keys(step))
            }
        };
        found.steps.iter().map(told).collect()
    }

    fn place(place: &Place) -> String {
        format!("[{place}|{}]", place.behind.as_deref().unwrap_or_default())
    }

    const A: &str = "{id: a, type: task, name: A}";
    const B: &str = "{id: b, type: task, name: B}";
    const C: &str = "{id: c, type: task, name: C}";

    fn condition(then: &str, other: &str) -> String {
        format!("{{id: q, type: condition, when: record.x > 1, then: [{then}], else: [{other}]}}")
    }

    #[test]
    fn steps_come_and_go_where_they_stand() {
        assert_eq!(told(&format!("{A}, {B}"), &format!("{A}, {B}")), [""; 0]);
        assert_eq!(told(&format!("{A}, {B}"), &format!("{A}, {C}, {B}")), ["+c [|a]"]);
        assert_eq!(told(&format!("{A}, {B}, {C}"), &format!("{A}, {C}")), ["-b [|a]"]);
        assert_eq!(told(&condition(A, B), &condition(A, &format!("{B}, {C}"))), ["+c [q > else|b]"]);
        assert_eq!(told(&condition(A, B), A), ["-q [|]", "~a from [q > then|] to [|]", "-b [q > else|]"]);
    }

    #[test]
    fn the_fewest_steps_are_said_to_have_moved() {
        assert_eq!(told(&format!("{A}, {B}, {C}"), &format!("{C}, {A}, {B}")), ["~c from [|b] to [|]"]);
        assert_eq!(
            told(&condition(&format!("{A}, {B}"), C), &condition(B, &format!("{C}, {A}"))),
            ["~a from [q > then|] to [q > else|c]"]
        );
    }

    #[test]
    fn a_renamed_step_is_the_same_and_so_is_what_stands_in_its_branches() {
        let renamed = condition(A, B).replace("id: q", "id: r, renamed_from: q");
        assert_eq!(told(&condition(A, B), &renamed), ["~r was q"]);
        // An id in use was not given away, and two cannot have had the same.
        let stale = format!("{A}, {{id: b, renamed_from: a, type: task, name: B}}");
        assert_eq!(told(A, &stale), ["+b [|a]"]);
        let twice = "{id: b, renamed_from: a, type: task, name: A}, {id: c, renamed_from: a, type: task, name: A}";
        assert_eq!(told(A, twice), ["~b was a", "+c [|b]"]);
    }

    #[test]
    fn keys_say_what_they_said() {
        let warm = |value: &str| format!("{{id: u, type: update_field, field: rating, value: {value}}}");
        assert_eq!(told(&warm("5"), &warm("'5'")), ["~u value:5->\"5\""]);
        assert_eq!(told(&warm("warm"), &warm("null")), ["~u value:warm->null"]);
        let test = |a: &str| format!("{{id: t, type: ab_test, name: T, a: {a}, b: {{name: S, template: s}}, metric: opens}}");
        let (long, short) = (test("{name: L, template: l}"), test("{name: L, template: m}"));
        assert_eq!(told(&long, &short), ["~t a.template:l->m"]);
        let asks = |results: &str| {
            format!("{{id: m, type: email, name: M}}, {{id: q, type: condition, {results}, within: 1d, then: [{A}]}}")
        };
        let (one, two) = (asks("any_of: [replied]"), asks("any_of: [replied, link_opened]"));
        assert_eq!(told(&one, &two), ["~q any_of:replied->link_opened+replied"]);
        assert_eq!(told(&one, &asks("all_of: [replied]")), ["~q all_of:->replied any_of:replied->"]);
        assert_eq!(told(A, &A.replace("task", "email")), ["~a type:task->email"]);
    }

    #[test]
    fn steps_without_an_id_or_with_the_same_are_taken_in_their_order() {
        assert_eq!(told(&format!("{A}, {A}"), &format!("{A}, {A}, {A}")), ["+a [|a]"]);
        assert_eq!(told("{type: task, name: A}", "{type: task, name: B}"), ["~? name:A->B"]);
    }

    #[test]
    fn thousands_of_steps_are_compared_at_once() {
        let step = |number: usize| format!("{{id: s{number}, type: task, name: S}}");
        let steps = |numbers: &mut dyn Iterator<Item = usize>| numbers.map(step).collect::<Vec<_>>().join(", ");
        let (up, down) = (steps(&mut (0..3_000)), steps(&mut (0..3_000).rev()));
        assert_eq!(told(&up, &down).len(), 2_999);
        assert_eq!(told(&up, &steps(&mut (3_000..6_000))).len(), 6_000);
    }
}
