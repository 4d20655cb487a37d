//! The only code that touches files, the clock, the terminal and the environment.

pub mod cli;
pub mod disk;
pub mod report;
pub mod watch;
