//! Writes a workspace made to measure, for benches and tests under load.
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a tool of its own, run by hand")]

use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;

#[path = "../tests/workspaces/mod.rs"]
mod workspaces;

use workspaces::Recipe;

/// Writes OUT/segue.yaml and OUT/sequences/TEAM/REGION/ID.yaml; the same arguments give the same bytes.
///
/// OUT/planted.json says for each file with a planted mistake its code, its line and the codes that may follow from it.
#[derive(Parser)]
#[command(name = "generate")]
struct Arguments {
    /// The folder; it is made if it is not there
    out: PathBuf,
    /// How many sequences
    sequences: usize,
    /// Where chance starts
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many mistakes are planted, at most one a file
    #[arg(long, default_value_t = 0)]
    errors: usize,
    /// The share of sequences written as active, 0 to 1
    #[arg(long, default_value_t = 0.0)]
    active: f64,
    /// How many leads are written to OUT/records.csv
    #[arg(long, default_value_t = 0)]
    records: usize,
}

fn main() -> anyhow::Result<()> {
    let Arguments { out, sequences, seed, errors, active, records } = Arguments::parse();
    let made = workspaces::workspace(Recipe { sequences, seed, mistakes: errors, active });
    let written = || format!("cannot write to {}", out.display());
    made.write(&out).with_context(written)?;
    if records > 0 {
        workspaces::write_records(&out, records, seed).with_context(written)?;
    }
    let bytes: usize = made.files.iter().map(|(_, text)| text.len()).sum();
    println!("{sequences} sequences, {bytes} bytes, {} mistakes planted, {records} records", made.planted.len());
    Ok(())
}
