//! Any bytes as a table of records.
#![cfg_attr(fuzzing, no_main)]

#[macro_use]
#[path = "../target.rs"]
mod target;

target!(target::rows::rows);
