//! What can be wrong with tests by themselves: one file a code.

pub mod timeline_order;
