//! Is it sound? One rule, one file, one line in the list.
//! In come a source and the settings, out come a summary with the file's own findings; then summaries alone, and out come
//! the findings between files. Never reads a disk; a rule that looks beyond its file sees summaries only.

mod catalogue;
mod ignores;
mod kept;
mod keys_of_results;
mod library;
mod results;
mod rules;
mod scene;
mod stages;
mod summary;
mod ways;
mod without;

pub use catalogue::{Layer, Page, layer, page};
pub use ignores::{Ignores, Told, told, told_by_file};
pub use library::{Judged, Library};
pub use rules::{
    breaks_running_version, ignored_file, not_utf8, stale_renamed_from, too_large, unknown_field, unknown_option, unreadable_file,
};
pub use scene::{judge_sequence, judge_settings, read_sequence};
pub use summary::{Advance, Rename, Summary};
