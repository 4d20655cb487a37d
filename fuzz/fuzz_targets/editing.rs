//! Any changes to any file.
#![cfg_attr(fuzzing, no_main)]

#[macro_use]
#[path = "../target.rs"]
mod target;

target!(target::editing::editing);
