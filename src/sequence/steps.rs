//! Where steps stand in a file's value: found by id in every branch.

use crate::yaml::edit::{Route, Value};

/// The keys under which steps stand.
pub const LISTS_OF_STEPS: [&str; 3] = ["steps", "then", "else"];

/// The way to the step of that id, wherever it stands; `None` where there is none.
pub fn route_of_step(file: &Value, id: &str) -> Option<Route> {
    find(file, &Route::root(), id)
}

fn find(value: &Value, here: &Route, id: &str) -> Option<Route> {
    LISTS_OF_STEPS.iter().find_map(|list| {
        let steps = value.get(*list)?.as_sequence()?;
        steps.iter().enumerate().find_map(|(index, step)| {
            let there = here.clone().key(*list).index(index);
            if step.get("id").and_then(Value::as_str) == Some(id) { Some(there) } else { find(step, &there, id) }
        })
    })
}
