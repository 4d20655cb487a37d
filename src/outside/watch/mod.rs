//! Keeps an eye on a workspace: tells which files differ from what it told before.
//! In come hints of the file system and the clock; out go batches of files with their content.
//! Never believes an event, only the disk; never looks at what the bytes say; never writes.
#![allow(clippy::disallowed_methods, reason = "this room waits, asks the clock and looks at the disk")]

mod ears;
mod engine;
mod folders;
mod git;
mod hints;
mod mirror;
mod notice;
mod settle;
#[cfg(all(test, unix))]
mod tests;

pub use engine::{Batch, Next, Stopper, Watch, WatchOptions};
pub use notice::Notice;
