//! When people work: time zone, weekdays, hours, holidays.

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;

/// When somebody works. Holidays are whole days.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// The zone in which days and hours are meant.
    pub zone: TimeZone,
    /// The weekdays on which there is work.
    pub days: Vec<Weekday>,
    /// From when to when.
    pub hours: Hours,
    /// Days off.
    pub holidays: BTreeSet<Date>,
}

impl Default for Calendar {
    /// UTC, every day, around the clock: what counts where nobody declared a calendar.
    fn default() -> Self {
        let days = vec![
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
            Weekday::Saturday,
            Weekday::Sunday,
        ];
        Self { zone: TimeZone::UTC, days, hours: Hours::ALL_DAY, holidays: BTreeSet::new() }
    }
}

/// Working hours of one day, in minutes since midnight, end exclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours(pub Range<u16>);

/// Why a text is no working hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadHours {
    /// It does not look like `08:00-17:00`.
    Form,
    /// The end is not behind the start.
    Order,
}

impl Hours {
    /// From midnight to midnight.
    pub const ALL_DAY: Hours = Hours(0..24 * 60);

    /// Reads `08:00-17:00`; `24:00` may end a day.
    ///
    /// # Errors
    /// [`BadHours`] says whether the form or the order is wrong.
    pub fn parse(text: &str) -> Result<Self, BadHours> {
        let (start, end) = text.split_once('-').ok_or(BadHours::Form)?;
        let (start, end) = (minutes(start.trim())?, minutes(end.trim())?);
        if start < end { Ok(Self(start..end)) } else { Err(BadHours::Order) }
    }
}

fn minutes(text: &str) -> Result<u16, BadHours> {
    if text == "24:00" {
        return Ok(24 * 60);
    }
    let (hour, minute) = text.split_once(':').ok_or(BadHours::Form)?;
    let number = |part: &str| part.parse::<i8>().map_err(|_| BadHours::Form);
    if hour.len() != 2 || minute.len() != 2 {
        return Err(BadHours::Form);
    }
    let time = Time::new(number(hour)?, number(minute)?, 0, 0).map_err(|_| BadHours::Form)?;
    let minutes = i16::from(time.hour()) * 60 + i16::from(time.minute());
    u16::try_from(minutes).map_err(|_| BadHours::Form)
}

/// The time zone of that name in the IANA database that the program carries, the same on every machine.
pub fn time_zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// The names of all time zones that the program carries.
pub fn time_zone_names() -> impl Iterator<Item = String> {
    jiff::tz::db().available().map(|name| name.to_string())
}

/// The weekday of that English name in lower case.
pub fn weekday(name: &str) -> Option<Weekday> {
    match name {
        "monday" => Some(Weekday::Monday),
        "tuesday" => Some(Weekday::Tuesday),
        "wednesday" => Some(Weekday::Wednesday),
        "thursday" => Some(Weekday::Thursday),
        "friday" => Some(Weekday::Friday),
        "saturday" => Some(Weekday::Saturday),
        "sunday" => Some(Weekday::Sunday),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_and_wrong_ones_refused() {
        assert_eq!(Hours::parse("08:00-17:30"), Ok(Hours(480..1050)));
        assert_eq!(Hours::parse("00:00-24:00"), Ok(Hours::ALL_DAY));
        assert_eq!(Hours::parse("17:00-08:00"), Err(BadHours::Order));
        assert_eq!(Hours::parse("8-17"), Err(BadHours::Form));
        assert_eq!(Hours::parse("08:00-25:00"), Err(BadHours::Form));
    }

    #[test]
    fn zones_come_with_the_program() {
        assert!(time_zone("Europe/Madrid").is_some());
        assert!(time_zone("Europe/Atlantis").is_none());
    }
}
