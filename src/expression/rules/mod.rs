//! What can be wrong with an expression: one file a code, which holds its page and the words of its findings.

pub mod bad_expression;
pub mod constant_expression;
pub mod mismatched_kinds;
