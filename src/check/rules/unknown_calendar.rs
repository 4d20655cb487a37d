//! # unknown-calendar
//!
//! segue.yaml names a calendar, for the workspace or for a person, that is not declared there.
//!
//! ## Why
//!
//! Without a calendar there is neither a time zone nor a day off. Steps of that seller would fall due around
//! the clock and on holidays, and the reminder for a customer in Madrid goes out at night.
//!
//! ## Bad
//!
//! ```yaml
//! # segue.yaml
//! calendars:
//!   madrid: {time_zone: Europe/Madrid}
//! people:
//!   ana.ruiz: {roles: [sequence_manager], calendar: barcelona}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # segue.yaml
//! calendars:
//!   madrid: {time_zone: Europe/Madrid}
//! people:
//!   ana.ruiz: {roles: [sequence_manager], calendar: madrid}
//! ```
//!
//! ## Settings
//!
//! `calendars` in segue.yaml declares calendars, `calendar` names the workspace's own.
//!
//! ## See also
//!
//! `unknown-owner`, `bad-date`

use crate::diagnostic::{Code, Diagnostic};
use crate::settings::Settings;
use crate::text::suggest;
use crate::yaml::did_you_mean_or;

pub(super) fn unknown_calendar(settings: &Settings) -> Vec<Diagnostic> {
    let of_people = settings.people.iter().flat_map(|people| people.values()).filter_map(|person| person.calendar.as_ref());
    let used = settings.calendar.iter().chain(of_people);
    used.filter(|name| !settings.calendars.contains_key(&name.value))
        .map(|name| {
            let problem = Diagnostic::new(
                Code::UnknownCalendar,
                settings.file.at(name.span),
                format!("no calendar is called `{}`", name.value),
            );
            did_you_mean_or(
                problem,
                suggest(&name.value, settings.calendars.keys().map(String::as_str)),
                name.span,
                "declare it under `calendars`",
            )
        })
        .collect()
}
