//! The refusals: one file each. Those that the table of verbs and states gives have their page here and no
//! code of their own.

mod already_active;
pub(super) mod already_connected;
mod already_inactive;
pub(super) mod changed_since;
mod commit_diverged;
pub(super) mod message_missing;
mod not_active;
pub(super) mod not_allowed;
pub(super) mod not_connected;
pub(super) mod not_editable;
pub(super) mod not_sound;
pub(super) mod not_undoable;
pub(super) mod nothing_changed;
pub(super) mod nothing_to_undo;
pub(super) mod record_closed;
pub(super) mod sequence_exists;
pub(super) mod too_many_active;
pub(super) mod unknown_actor;
pub(super) mod unknown_operation;
pub(super) mod unknown_record;
pub(super) mod unknown_tag;
pub(super) mod unknown_version;
pub(super) mod wrong_record_type;
