//! What can be wrong with a script: one file a code, which holds its page and the words of its findings.

pub mod import_cycle;
pub mod inside_edit;
pub mod internal;
pub mod limit_changes;
pub mod limit_depth;
pub mod limit_memory;
pub mod limit_operations;
pub mod limit_size;
pub mod limit_source;
pub mod limit_time;
pub mod outside_edit;
pub mod script_failed;
pub mod script_syntax;
pub mod script_threw;
pub mod unknown_function;
pub mod unknown_module;
pub mod unknown_property;
pub mod unknown_table;
pub mod unknown_variable;
pub mod wrong_arguments;
