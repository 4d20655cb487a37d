//! The only code that touches files, the clock, the terminal, the environment and the database.

pub mod cache;
pub mod cli;
pub mod commit;
pub mod disk;
pub mod doctor;
pub mod git;
pub mod records;
pub mod report;
pub mod store;
pub mod watch;
