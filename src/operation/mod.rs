//! What may be done, and what it changes.
//! In come what stands in the files and what the store knows, out come refusals, or changes of files and rows.
//! Never writes anything: whoever asked writes the changes, wholly or not at all.

mod changes;
mod facts;
mod ground;
mod happened;
mod house;
mod permission;
mod refusal;
mod rules;
mod staging;
mod text;
mod verbs;
mod versions;

pub use changes::{Changes, FileChange, JournalEntry, RowChange};
pub use facts::{Facts, Kept, Standing, Unavailable};
pub use ground::{Failure, Ground};
pub use happened::{Happened, Happening, Left, Since, Ways, sequence_of};
pub use house::{Asked, House, NoRules, perform};
pub use permission::may_import;
pub use refusal::Refusal;
pub use rules::unknown_operation::unknown_operation;
pub use rules::unknown_record::unknown_record;
pub use rules::unknown_version::unknown_version;
pub use staging::{Base, Decision, Held, Staging};
pub use text::failure;
pub use verbs::{
    Application, Blank, Copy, Followed, Following, RESTORE, Undoing, activate, apply, assign, change, clone, connect, deactivate,
    delete, delete_tag, discard, disconnect, edit, editable, new, purge, rename, rename_tag, restore, revise, sequences_with_tag,
    tag, undo, untag,
};
