//! What an edit costs among 1,000 and among 20,000 files: it must be the same.
//!
//! Each bench saves a file as an editor would, to and fro, and asks which findings are others than before. The larger one
//! takes half a minute to make.
#![allow(missing_docs, reason = "criterion's macros make public functions")]
#![allow(clippy::disallowed_methods, reason = "whoever makes workspaces may write them too")]

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use segue::text::FilePath;
use segue::workspace::{Content, Workspace};

#[path = "../tests/workspaces/mod.rs"]
mod workspaces;

use workspaces::Recipe;

/// How many sequences lead to each other in the circle that is edited.
const ROUND: usize = 10;

/// How many sequences lead to the one that is renamed.
const REFERRERS: usize = 10;

fn update(criterion: &mut Criterion) {
    for sequences in [1_000, 20_000] {
        let mut workspace = filled(sequences);
        let mut group = criterion.benchmark_group(format!("edit among {sequences}"));
        group.sample_size(50);
        bench(&mut group, "comment", &mut workspace, &[("edited", "# one\n", "hub"), ("edited", "# two\n# lines\n", "hub")]);
        bench(&mut group, "reference", &mut workspace, &[("edited", "", "hub"), ("edited", "", "round-0")]);
        bench(&mut group, "broken reference", &mut workspace, &[("edited", "", "hub"), ("edited", "", "huub")]);
        bench(&mut group, "comment in a round", &mut workspace, &[("round-3", "# one\n", "round-4"), ("round-3", "", "round-4")]);
        bench(&mut group, "round broken and closed", &mut workspace, &[("round-3", "", "hub"), ("round-3", "", "round-4")]);
        group.bench_function("id renamed", |bencher| {
            let mut names = ["renamed", "renamed-too"].into_iter().cycle();
            let mut last = "renamed";
            bencher.iter(|| {
                let next = names.next().expect("it goes on for ever");
                workspace.update(vec![(path(last), Content::Gone), (path(next), sequence("", "hub"))]);
                last = next;
                workspace.take_changed().len()
            });
        });
        group.finish();
    }
}

/// Saves texts in turn.
fn bench(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, workspace: &mut Workspace, saves: &[(&str, &str, &str)]) {
    let saves: Vec<_> = saves.iter().map(|(id, comment, target)| (path(id), sequence(comment, target))).collect();
    let mut next = saves.iter().cycle();
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            workspace.update(vec![next.next().expect("it goes on for ever").clone()]);
            workspace.take_changed().len()
        });
    });
}

/// A workspace of that many sequences, with those among them that are edited.
fn filled(sequences: usize) -> Workspace {
    let made = workspaces::workspace(Recipe { sequences, seed: 1, mistakes: sequences / 20, active: 0.0 });
    let made = made.files.into_iter().map(|(path, text)| (FilePath::new(path), Content::Bytes(text.into_bytes())));
    let round =
        (0..ROUND).map(|number| (path(&format!("round-{number}")), sequence("", &format!("round-{}", (number + 1) % ROUND))));
    let referrers = (0..REFERRERS).map(|number| (path(&format!("referrer-{number}")), sequence("", "renamed")));
    let others = [
        (path("hub"), sequence("", "edited")),
        (path("edited"), sequence("", "renamed")),
        (path("renamed"), sequence("", "hub")),
    ];
    let mut workspace = Workspace::new();
    workspace.update(made.chain(round).chain(referrers).chain(others).collect());
    workspace.take_changed();
    workspace
}

fn path(id: &str) -> FilePath {
    FilePath::new(format!("sequences/{id}.yaml"))
}

fn sequence(comment: &str, target: &str) -> Content {
    let text = format!(
        "{comment}name: To {target}\nrecord_type: lead\nowner: ana.ruiz\nsteps:\n  - {{id: rest, type: wait, for: 2d}}\n  \
         - {{id: on, type: advance_to, sequence: {target}}}\n"
    );
    Content::Bytes(text.into_bytes())
}

criterion_group!(benches, update);
criterion_main!(benches);
