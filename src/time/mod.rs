//! Durations, dates, instants and calendars as people write them.
//! In comes text, out come values, or the reason why it is none with the part that is wrong.
//! Never asks a clock.

mod calendar;
mod duration;

pub use calendar::{BadHours, Calendar, Hours, time_zone, time_zone_names, weekday};
pub use duration::{BadDuration, Duration};
pub use jiff::Timestamp as Instant;
pub use jiff::civil::{Date, Weekday};
pub use jiff::tz::TimeZone;
