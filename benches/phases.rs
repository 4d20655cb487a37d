//! Where the time of a check goes: `phases ROOT CACHE` takes each part of one by itself, once, and prints milliseconds.
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a tool of its own, run by hand")]

use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use segue::outside::cache::Cache;
use segue::outside::disk::{self, Reader, Root};
use segue::text::{Digest, FilePath};
use segue::workspace::{Content, FileKind, Taken, Texts, Workspace, kind_of};

/// The allocator that the program has, without its count.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [root, cache] = arguments.as_slice() else { anyhow::bail!("usage: phases ROOT CACHE") };
    let root = Root::at(Path::new(root)).context("the workspace")?;
    let folder = Path::new(cache);

    let files = timed("list", || disk::list(&root).files);
    let files: Vec<FilePath> = files.into_iter().filter(|file| kind_of(file) != FileKind::Other).collect();
    let reader = Reader::new(&root);
    let read = |file: FilePath| {
        let content = reader.read(&file);
        (file, content)
    };
    let contents: Vec<(FilePath, Content)> = timed("read", || files.into_par_iter().map(read).collect());
    timed("hash", || contents.iter().collect::<Vec<_>>().into_par_iter().map(|(_, content)| first_byte(content)).sum::<usize>());
    let again = contents.clone();
    let mut cold = Workspace::new();
    timed("judge cold", || cold.update(again));
    let settings = cold.settings().digest();
    let before = timed("open empty", || opened(folder, &root, settings));
    // Where nothing was remembered yet this fills the cache.
    let mut first = Workspace::new();
    first.update_remembering(recalled(&before, contents.clone()), Box::new(Nowhere));
    timed("keep", || before.keep(&first));
    let cache = timed("open cache", || opened(folder, &root, settings));
    let taken = timed("recall", || recalled(&cache, contents));
    let mut warm = Workspace::new();
    timed("judge warm", || warm.update_remembering(taken, Box::new(Nowhere)));
    let findings = timed("findings", || warm.findings());
    assert_eq!(findings, cold.findings(), "what is remembered says what was read");
    timed("free", || drop((cold, first, warm)));
    Ok(())
}

fn opened(folder: &Path, root: &Root, settings: Digest) -> Cache {
    let cache = Cache::open(folder, root, settings);
    cache.look();
    cache
}

fn recalled(cache: &Cache, contents: Vec<(FilePath, Content)>) -> Vec<(FilePath, Taken)> {
    let recall = |(path, content): (FilePath, Content)| {
        let taken = cache.recall(&path, content);
        (path, taken)
    };
    contents.into_par_iter().map(recall).collect()
}

/// Nobody asks for a text here.
#[derive(Debug)]
struct Nowhere;

impl Texts for Nowhere {
    fn fetch(&self, _: &FilePath, _: Digest) -> Option<String> {
        None
    }
}

fn first_byte(content: &Content) -> usize {
    match content {
        Content::Bytes(bytes) => usize::from(Digest::of(bytes).as_bytes()[0]),
        Content::Gone | Content::TooLarge { .. } | Content::Unreadable(_) | Content::LeftOut(_) => 0,
    }
}

fn timed<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    println!("{name:10} {:9.3}", start.elapsed().as_secs_f64() * 1_000.0);
    done
}
