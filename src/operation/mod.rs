//! What may be done, and what it changes.
//! In come what stands in the files and what the store knows, out come refusals, or changes of files and rows.
//! Never writes anything: whoever asked writes the changes, wholly or not at all.

mod changes;
mod facts;

pub use changes::{Changes, FileChange, JournalEntry, RowChange};
pub use facts::{Facts, Published, Standing, Unavailable, Version};
