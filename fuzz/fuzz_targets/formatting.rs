//! Any bytes, laid out.
#![cfg_attr(fuzzing, no_main)]

#[macro_use]
#[path = "../target.rs"]
mod target;

target!(target::formatting::formatting);
