//! The floor as a process: `floor ROOT` takes the parser's events, `floor ROOT hash` hashes. `cold.sh` sets them beside
//! `segue validate`.
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a tool of its own, run by hand")]

use std::path::Path;

use anyhow::{Context, bail};

mod work;

use work::Work;

/// The allocator that the program has, without its count.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = arguments.first().context("usage: floor ROOT [events|hash]")?;
    let work = match arguments.get(1).map_or("events", String::as_str) {
        "events" => Work::Events,
        "hash" => Work::Hash,
        other => bail!("no work is called `{other}`: events or hash"),
    };
    let done = work::floor(Path::new(root), work);
    println!("{} files, {} bytes, {}", done.files, done.bytes, done.outcome);
    Ok(())
}
