//! How long edits take: three changes in one file with everything verified, one change in a list of 2,000 items.
#![allow(missing_docs, clippy::disallowed_methods, reason = "criterion's macros; a bench may touch the disk")]

use criterion::{Criterion, criterion_group, criterion_main};
use segue::text::{FilePath, Source};
use segue::yaml::edit::{Change, Route, Value, edit};

fn benches(criterion: &mut Criterion) {
    let made = workspaces::workspace(workspaces::Recipe { sequences: 12, seed: 3, mistakes: 0, active: 0.0 });
    let (path, text) = made
        .files
        .iter()
        .filter(|(path, _)| path.starts_with("sequences/"))
        .max_by_key(|(_, text)| text.len())
        .expect("there are sequences");
    let source = Source::new(FilePath::new(path.as_str()), text.clone());
    let changes = [
        Change::Set { route: "name".into(), value: Value::from("Another name"), after: Vec::new() },
        Change::Set { route: "x-tags".into(), value: Value::from(vec!["a", "b"]), after: vec!["tags".to_owned()] },
        Change::Insert {
            list: "steps".into(),
            index: 1,
            value: serde_yaml::from_str("{id: more, type: wait, for: 2d}").expect("this is YAML"),
        },
    ];
    criterion.bench_function(&format!("three changes in {} bytes", text.len()), |bencher| {
        bencher.iter(|| edit(&source, &changes).expect("this can be done"));
    });
    let long: String = (0..2_000).map(|index| format!("  - id: step-{index}\n    type: wait\n    for: 2d\n\n")).collect();
    let long = Source::new(FilePath::new("long.yaml"), format!("steps:\n{long}"));
    let change = [Change::Remove { route: Route::from("steps").id("step-1000") }];
    criterion.bench_function("one change in a list of 2,000", |bencher| {
        bencher.iter(|| edit(&long, &change).expect("this can be done"));
    });
}

#[path = "../tests/workspaces/mod.rs"]
mod workspaces;

criterion_group!(all, benches);
criterion_main!(all);
