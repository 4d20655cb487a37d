//! The store: what any engine must do, what the file may suffer, and what holds after any series of changes.

mod contract;
mod crash;
mod files;
mod importing;
mod purging;
pub mod series;
mod verbs;
mod views;
pub mod memory;
mod world;
