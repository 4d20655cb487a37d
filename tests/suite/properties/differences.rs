//! Differences by step: two editions differ where a new version would be published, and nowhere else; who follows what is told
//! comes from the steps of the one to those of the other.

use std::collections::{BTreeMap, BTreeSet};

use segue::sequence::{Differences, Fate, Meaning, Sequence, SequenceId, Step, differences, read_published};

use super::cases;
use super::chance::Chance;

#[test]
fn what_is_told_is_all_that_differs() {
    let failures: Vec<String> = (0..cases(3_000).cases).filter_map(|seed| two_editions(seed.into()).err()).take(3).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn two_editions(seed: u64) -> Result<(), String> {
    let mut chance = Chance(seed);
    let before = text(&mut chance);
    // Often one is little else than the other.
    let after = match chance.below(4) {
        0 => text(&mut chance),
        1 => before.clone(),
        2 => before.replacen("task", "email", 1),
        _ => before.replacen("name: N1", "name: N2", 1),
    };
    holds(&edition(&before), &edition(&after)).map_err(|why| format!("seed {seed}: {why}\n{before}\n{after}"))
}

fn holds(before: &Sequence, after: &Sequence) -> Result<(), String> {
    let found = differences(before, after, &str::to_owned);
    let meaning = |sequence: &Sequence| Meaning::of(sequence, &str::to_owned);
    if found.is_empty() != (meaning(before) == meaning(after)) {
        return Err(format!("a new version: {}; told: {found:?}", meaning(before) != meaning(after)));
    }
    let former = formers(&found, after);
    let (was, is) = (lists(before, &|id| id.to_owned()), lists(after, &|id| former.get(id).cloned().unwrap_or(id.to_owned())));
    let moved = ids(&found, |fate| matches!(fate, Fate::Kept { moved_from: Some(_), .. }));
    let added = ids(&found, |fate| matches!(fate, Fate::Added { .. }));
    let removed = ids(&found, |fate| matches!(fate, Fate::Removed { .. }));
    let moved_by_old: BTreeSet<String> = moved.iter().map(|id| former.get(id).cloned().unwrap_or(id.clone())).collect();
    let stayed = |lists: &BTreeMap<String, Vec<String>>, gone: &BTreeSet<String>| -> BTreeMap<String, Vec<String>> {
        let kept =
            |steps: &Vec<String>| steps.iter().filter(|id| !gone.contains(*id) && !moved_by_old.contains(*id)).cloned().collect();
        lists
            .iter()
            .map(|(list, steps)| (list.clone(), kept(steps)))
            .filter(|(_, steps): &(_, Vec<_>)| !steps.is_empty())
            .collect()
    };
    // Steps that neither came nor went nor moved stand where they stood, in their order.
    let new = added.iter().map(|id| format!("new {id}")).collect();
    let (was, is) = (stayed(&was, &removed), stayed(&is, &new));
    if was == is { Ok(()) } else { Err(format!("what stayed stood so: {was:?}, and stands so: {is:?}; told: {found:?}")) }
}

fn ids(found: &Differences, is_so: impl Fn(&Fate) -> bool) -> BTreeSet<String> {
    found.steps.iter().filter(|step| is_so(&step.fate)).map(|step| step.id.clone()).collect()
}

/// What steps of the later edition were called, where that is another name; new ones get a name that no step had.
fn formers(found: &Differences, after: &Sequence) -> BTreeMap<String, String> {
    let told = found.steps.iter().filter_map(|step| match &step.fate {
        Fate::Kept { renamed_from: Some(former), .. } => Some((step.id.clone(), former.clone())),
        Fate::Added { .. } => Some((step.id.clone(), format!("new {}", step.id))),
        Fate::Kept { renamed_from: None, .. } | Fate::Removed { .. } => None,
    });
    let ids: BTreeSet<&str> = after.steps.walk().map(Step::label).collect();
    told.filter(|(id, _)| ids.contains(id.as_str())).collect()
}

/// The steps of each list, which is called by the way there.
fn lists(sequence: &Sequence, name: &dyn Fn(&str) -> String) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    let mut open = vec![(String::new(), &sequence.steps)];
    while let Some((way, steps)) = open.pop() {
        all.insert(way, steps.list.iter().map(|step| name(step.label())).collect());
        for step in &steps.list {
            if let Some(condition) = step.kind.as_condition() {
                let id = name(step.label());
                open.push((format!("{id} then"), &condition.then));
                open.push((format!("{id} else"), &condition.otherwise));
            }
        }
    }
    all
}

fn edition(text: &str) -> Sequence {
    read_published(text, &SequenceId::parse("a").unwrap()).unwrap()
}

/// A sequence of a few steps, each with another id of ten.
fn text(chance: &mut Chance) -> String {
    let mut free: Vec<char> = ('a'..='j').collect();
    let count = 1 + chance.below(4);
    let steps = steps(chance, &mut free, count, 0);
    format!("name: N{}\nrecord_type: lead\nowner: ana\nsteps: [{steps}]\n", chance.below(3))
}

fn steps(chance: &mut Chance, free: &mut Vec<char>, count: usize, depth: usize) -> String {
    let mut list = Vec::new();
    for _ in 0..count.min(free.len()) {
        if free.is_empty() {
            break;
        }
        let id = free.remove(chance.below(free.len()));
        let former = if chance.below(3) == 0 {
            format!(", renamed_from: {}", ('a'..='j').nth(chance.below(10)).unwrap())
        } else {
            String::new()
        };
        list.push(if depth < 3 && chance.below(3) == 0 {
            let (then, other) = (chance.below(3), chance.below(3));
            let (then, other) = (steps(chance, free, then, depth + 1), steps(chance, free, other, depth + 1));
            format!("{{id: {id}{former}, type: condition, when: record.x > 1, then: [{then}], else: [{other}]}}")
        } else {
            format!("{{id: {id}{former}, type: task, name: N{}}}", chance.below(3))
        });
    }
    list.join(", ")
}
