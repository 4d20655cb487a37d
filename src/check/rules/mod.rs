//! The rules: one file each, one line in a list.

pub mod ignored_file;
pub mod unreadable_file;
pub mod too_large;
pub mod not_utf8;
mod empty_sequence;
pub(super) mod too_many_steps;
mod duplicate_step_id;
mod wait_too_long;
mod within_too_long;
mod empty_condition;
mod condition_without_email;
mod condition_without_call;
mod ambiguous_result;
mod mixed_results;
mod unknown_result;
mod unknown_step;
mod trailing_wait;
mod step_after_end;
mod advance_not_last;
mod advance_first;
mod unreachable_step;
mod exit_without_email;
mod exit_before_result;
mod within_over;
mod equal_branches;
mod equal_variants;
mod crowded_emails;
mod email_after_reply;
mod text_at_any_hour;
mod missing_description;
mod duplicate_step_name;
pub mod stale_renamed_from;
pub(super) mod tag_too_deep;
mod bad_tag;
mod unknown_record_type;
pub mod unknown_field;
pub mod unknown_option;
mod unknown_process;
mod unknown_stage;
mod unknown_owner;
mod unknown_calendar;
mod duplicate_sequence_id;
mod duplicate_name;
mod unknown_sequence;
mod inactive_target;
mod advance_other_type;
mod advance_cycle;
mod too_many_tags;
mod unknown_template;
pub(super) mod bad_ignore;
pub(super) mod ignore_without_reason;
pub(super) mod unknown_code;
pub(super) mod unused_ignore;
pub(super) mod cannot_be_silenced;
pub mod breaks_running_version;

use crate::diagnostic::Diagnostic;
use crate::settings::Settings;

use super::keys_of_results::keys_of_results;
use super::library::Library;
use super::scene::Scene;
use super::summary::Summary;

/// The rules about one sequence.
pub(super) const SEQUENCE_RULES: &[fn(&Scene<'_>) -> Vec<Diagnostic>] = &[
    empty_sequence::empty_sequence,
    too_many_steps::too_many_steps,
    duplicate_step_id::duplicate_step_id,
    wait_too_long::wait_too_long,
    within_too_long::within_too_long,
    empty_condition::empty_condition,
    condition_without_email::condition_without_email,
    condition_without_call::condition_without_call,
    ambiguous_result::ambiguous_result,
    mixed_results::mixed_results,
    unknown_result::unknown_result,
    keys_of_results,
    unknown_step::unknown_step,
    trailing_wait::trailing_wait,
    step_after_end::step_after_end,
    advance_not_last::advance_not_last,
    advance_first::advance_first,
    unreachable_step::unreachable_step,
    exit_without_email::exit_without_email,
    exit_before_result::exit_before_result,
    within_over::within_over,
    equal_branches::equal_branches,
    equal_variants::equal_variants,
    crowded_emails::crowded_emails,
    email_after_reply::email_after_reply,
    text_at_any_hour::text_at_any_hour,
    missing_description::missing_description,
    duplicate_step_name::duplicate_step_name,
    stale_renamed_from::stale_renamed_from,
    tag_too_deep::tag_too_deep,
    bad_tag::bad_tag,
    unknown_record_type::unknown_record_type,
    unknown_field::unknown_field,
    unknown_option::unknown_option,
    unknown_process::unknown_process,
    unknown_stage::unknown_stage,
    unknown_owner::unknown_owner,
];

/// The rules about the settings.
pub(super) const SETTINGS_RULES: &[fn(&Settings) -> Vec<Diagnostic>] =
    &[unknown_calendar::unknown_calendar, unknown_code::in_settings, cannot_be_silenced::lowered];

/// The rules about a file among the others: what each finds is about that file.
pub(super) const LIBRARY_RULES: &[fn(&Summary, &Library) -> Vec<Diagnostic>] = &[
    duplicate_sequence_id::duplicate_sequence_id,
    duplicate_name::duplicate_name,
    unknown_sequence::unknown_sequence,
    inactive_target::inactive_target,
    advance_other_type::advance_other_type,
    unknown_template::unknown_template,
];

/// A rule about sequences that lead to each other in a circle, sorted by file.
type RoundRule = fn(&[&Summary], &Library) -> Vec<Diagnostic>;

/// The rules about such circles.
pub(super) const ROUND_RULES: &[RoundRule] = &[advance_cycle::advance_cycle];

/// A rule about all files together.
type WholeRule = fn(&Library) -> Vec<Diagnostic>;

/// The rules about the tags of all files: judged again when some file has other ones.
pub(super) const TAG_RULES: &[WholeRule] = &[too_many_tags::too_many_tags];
