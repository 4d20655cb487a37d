//! Every integration test, in one binary: one module a theme.
//!
//! Most tests are data. What is wrong with a file, and how the program says so, is a file under `tests/cases/check`; what a
//! person types and reads is a page under `tests/cases/cli`. `UPDATE=1 cargo test` writes what the program says today into
//! both; read the difference before you commit it.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may fail, and may touch the disk and the environment")]

mod automation;
mod cases;
mod committing;
mod data;
mod doctor;
mod edits;
mod formats;
mod hostile;
mod formatting;
mod killed;
mod layers;
mod misfortunes;
mod pages;
mod pipelines;
mod planted;
mod properties;
mod remembering;
mod schemas;
mod scripts;
mod sessions;
mod store;
mod together;
mod undoing;
mod watching;

#[path = "../workspaces/hostile.rs"]
mod hostile_texts;
#[path = "../workspaces/mod.rs"]
mod workspaces;
