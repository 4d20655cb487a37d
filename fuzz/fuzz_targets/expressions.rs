//! Any text as an expression.
#![cfg_attr(fuzzing, no_main)]

#[macro_use]
#[path = "../target.rs"]
mod target;

target!(target::expressions::expressions);
