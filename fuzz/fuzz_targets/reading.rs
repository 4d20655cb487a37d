//! Any bytes as a sequence and as the settings.
#![cfg_attr(fuzzing, no_main)]

#[macro_use]
#[path = "../target.rs"]
mod target;

target!(target::reading::reading);
