//! A cold check of a whole workspace, beside the floor under it.
//!
//! `SEGUE_BENCH_FILES` says how many sequences, 1,000 if it does not. Both sides walk, and read on the same threads; what
//! is above the floor is ours: trees, sequences, rules.
#![allow(missing_docs, reason = "criterion's macros make public functions")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a bench may fail, and touches the disk")]

use std::fs;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rayon::prelude::*;
use segue::text::FilePath;
use segue::workspace::{Content, Workspace};

mod work;

#[path = "../tests/workspaces/mod.rs"]
mod workspaces;

use work::Work;
use workspaces::Recipe;

fn cold(criterion: &mut Criterion) {
    let sequences = std::env::var("SEGUE_BENCH_FILES").map_or(1000, |files| files.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    workspaces::workspace(Recipe { sequences, seed: 1, mistakes: 0, active: 0.0 }).write(folder.path()).unwrap();
    let bytes = work::floor(folder.path(), Work::Events).bytes as u64;

    let mut group = criterion.benchmark_group(format!("cold {sequences}"));
    group.throughput(Throughput::Bytes(bytes)).sample_size(20);
    group.bench_function("floor", |bencher| bencher.iter(|| work::floor(folder.path(), Work::Events)));
    group.bench_function("floor of a second run", |bencher| bencher.iter(|| work::floor(folder.path(), Work::Hash)));
    group.bench_function("validate", |bencher| bencher.iter(|| validate(folder.path())));
    group.finish();
}

/// Walks, reads and judges; returns how many findings there are.
fn validate(root: &Path) -> usize {
    let files = work::walk(root).into_par_iter().map(|path| {
        let relative = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        (FilePath::new(relative), Content::Bytes(fs::read(&path).unwrap()))
    });
    let mut workspace = Workspace::new();
    workspace.update(files.collect());
    workspace.findings().len()
}

criterion_group!(benches, cold);
criterion_main!(benches);
