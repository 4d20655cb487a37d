//! Where steps stand in a file's value: found by id in every branch.

use crate::yaml::edit::{Route, Value};

/// The keys under which steps stand.
pub const LISTS_OF_STEPS: [&str; 3] = ["steps", "then", "else"];

/// A step in a file's value.
#[derive(Clone, Debug)]
pub struct PlacedStep<'v> {
    /// The list that it stands in.
    pub list: Route,
    /// Its place there, from 0.
    pub index: usize,
    /// The step.
    pub value: &'v Value,
}

impl PlacedStep<'_> {
    /// The way to it.
    pub fn route(&self) -> Route {
        self.list.clone().index(self.index)
    }
}

/// The step of that id, wherever it stands; `None` where there is none.
pub fn step_in<'v>(file: &'v Value, id: &str) -> Option<PlacedStep<'v>> {
    let mut path = Vec::new();
    let value = find(file, id, &mut path)?;
    let (list, index) = path.first().copied()?;
    let around = path[1..].iter().rev().fold(Route::root(), |route, (list, index)| route.key(*list).index(*index));
    Some(PlacedStep { list: around.key(list), index, value })
}

/// Every step, in the file's order: one before those in its branches.
pub fn steps_in(file: &Value) -> Vec<PlacedStep<'_>> {
    let mut found = Vec::new();
    collect(file, &Route::root(), &mut found);
    found
}

fn collect<'v>(value: &'v Value, here: &Route, found: &mut Vec<PlacedStep<'v>>) {
    for (key, steps) in value.as_mapping().into_iter().flatten() {
        let Some(key) = key.as_str().filter(|key| LISTS_OF_STEPS.contains(key)) else { continue };
        let list = here.clone().key(key);
        for (index, value) in steps.as_sequence().into_iter().flatten().enumerate() {
            found.push(PlacedStep { list: list.clone(), index, value });
            collect(value, &list.clone().index(index), found);
        }
    }
}

/// The way to the step of that id, wherever it stands; `None` where there is none.
pub fn route_of_step(file: &Value, id: &str) -> Option<Route> {
    step_in(file, id).map(|step| step.route())
}

/// Looks for a step, and notes the way to it from its end: most steps are looked at in vain, and need no way.
fn find<'v>(value: &'v Value, id: &str, path: &mut Vec<(&'static str, usize)>) -> Option<&'v Value> {
    // A step has few keys: to look at each is faster than to look one up.
    value.as_mapping()?.iter().find_map(|(key, steps)| {
        let key = key.as_str()?;
        let list = LISTS_OF_STEPS.into_iter().find(|list| *list == key)?;
        steps.as_sequence()?.iter().enumerate().find_map(|(index, step)| {
            let found = if is_called(step, id) { Some(step) } else { find(step, id, path) }?;
            path.push((list, index));
            Some(found)
        })
    })
}

fn is_called(step: &Value, id: &str) -> bool {
    let own = step.as_mapping().and_then(|keys| keys.iter().find(|(key, _)| key.as_str() == Some("id")));
    own.is_some_and(|(_, own)| own.as_str() == Some(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_found_in_any_branch_with_the_way_to_it() {
        let text = "steps: [{id: a}, {id: b, then: [{id: c, else: [{id: d}]}], else: [{id: e}]}]";
        let file: Value = serde_yaml::from_str(text).expect("this is YAML");
        let way = |id| route_of_step(&file, id).map(|route| route.to_string());
        assert_eq!(way("a").as_deref(), Some("steps[0]"));
        assert_eq!(way("d").as_deref(), Some("steps[1].then[0].else[0]"));
        assert_eq!(way("e").as_deref(), Some("steps[1].else[0]"));
        assert_eq!(way("f"), None);
        let all: Vec<String> = steps_in(&file).iter().map(|step| step.route().to_string()).collect();
        assert_eq!(all, ["steps[0]", "steps[1]", "steps[1].then[0]", "steps[1].then[0].else[0]", "steps[1].else[0]"]);
        assert_eq!(step_in(&file, "d").and_then(|step| step.value.get("id")), Some(&Value::from("d")));
    }
}
