//! # unknown-calendar
//!
//! A calendar that is not declared.

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::settings::Settings;
use crate::text::suggest;

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
            match suggest(&name.value, settings.calendars.keys().map(String::as_str)) {
                Some(near) => problem.did_you_mean(Some(near)).fix(format!("write `{near}`"), Safety::Guess, name.span, near),
                None => problem.help("declare it under `calendars`"),
            }
        })
        .collect()
}
