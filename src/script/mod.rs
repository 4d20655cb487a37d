//! Scripts: Rhai under a guard, with what a host registers.
//! In come all sources by name, a request and a host; out come how it ended, as a diagnostic at the script's own line where
//! it failed, and what the host has to say. Never touches a disk or a clock; no value of a script leaves its thread.

pub mod api;
mod failure;
mod names;
mod place;
mod resolver;
pub mod rules;
mod run;
mod sources;

pub use run::{Ending, Host, Outcome, Output, Print, Request, Run, Spoiled, run};
pub use sources::{ENDING, FOLDER, Scripts, module_name};
