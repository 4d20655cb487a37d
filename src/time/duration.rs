//! Durations: days, hours, minutes, in that order.

use std::fmt;
use std::ops::Range;

/// How long to wait: days, hours and minutes as written. Days are kept apart from hours, because a day of working time is
/// not 24 hours of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Duration {
    /// Whole days.
    pub days: u32,
    /// Hours beside the days; may be 24 and more.
    pub hours: u32,
    /// Minutes beside the hours; may be 60 and more.
    pub minutes: u32,
}

/// Why a text is no duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadDuration {
    /// The bytes of the text that are wrong.
    pub part: Range<usize>,
    /// What is wrong with them.
    pub reason: String,
}

/// The longest duration.
const MOST_MINUTES: u64 = u32::MAX as u64;

const UNITS: [char; 3] = ['d', 'h', 'm'];

impl Duration {
    /// A duration of whole days.
    pub const fn of_days(days: u32) -> Self {
        Self { days, hours: 0, minutes: 0 }
    }

    /// Reads `2d`, `1d 4h`, `30m`.
    ///
    /// # Errors
    /// The part that is no number with a unit, stands in the wrong order or twice, or is too large for 32 bits of minutes.
    pub fn parse(text: &str) -> Result<Self, BadDuration> {
        let mut amounts = [None; 3];
        for (start, part) in parts(text) {
            let bad = |reason: String| BadDuration { part: start..start + part.len(), reason };
            let (unit, amount) = read_part(part).map_err(bad)?;
            if amounts[unit].is_some() {
                return Err(bad(format!("`{}` stands twice", UNITS[unit])));
            }
            if amounts[unit..].iter().any(Option::is_some) {
                return Err(bad("days come first, then hours, then minutes".to_owned()));
            }
            amounts[unit] = Some(amount);
        }
        let [days, hours, minutes] = amounts;
        if amounts.iter().all(Option::is_none) {
            return Err(BadDuration { part: 0..text.len(), reason: "it is empty".to_owned() });
        }
        let duration = Self { days: days.unwrap_or(0), hours: hours.unwrap_or(0), minutes: minutes.unwrap_or(0) };
        if duration.total_minutes() > MOST_MINUTES {
            return Err(BadDuration { part: 0..text.len(), reason: "it is longer than any wait can be".to_owned() });
        }
        Ok(duration)
    }

    /// The duration that somebody probably meant who wrote `2 days`, `3 weeks` or `4h 1d`; `None` where nothing is sure enough.
    pub fn guess(text: &str) -> Option<Self> {
        let [mut weeks, mut days, mut hours, mut minutes] = [None; 4];
        let mut rest = text.trim();
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let amount: u32 = rest[..digits].parse().ok()?;
            rest = rest[digits..].trim_start();
            let letters = rest.len() - rest.trim_start_matches(char::is_alphabetic).len();
            let unit = match rest[..letters].to_lowercase().as_str() {
                "w" | "week" | "weeks" => &mut weeks,
                "d" | "day" | "days" => &mut days,
                "h" | "hr" | "hrs" | "hour" | "hours" => &mut hours,
                "m" | "min" | "mins" | "minute" | "minutes" => &mut minutes,
                _ => return None,
            };
            // `1d 2d` is more likely a slip of the hand than a sum.
            if unit.replace(amount).is_some() {
                return None;
            }
            rest = rest[letters..].trim_start_matches([' ', ',', '\t']);
        }
        let days = weeks.unwrap_or(0_u32).checked_mul(7)?.checked_add(days.unwrap_or(0))?;
        let guess = Self { days, hours: hours.unwrap_or(0), minutes: minutes.unwrap_or(0) };
        (1..=MOST_MINUTES).contains(&guess.total_minutes()).then_some(guess)
    }

    /// All of it in minutes, a day taken as 24 hours.
    pub fn total_minutes(self) -> u64 {
        (u64::from(self.days) * 24 + u64::from(self.hours)) * 60 + u64::from(self.minutes)
    }

    /// Whether it is no time at all.
    pub fn is_zero(self) -> bool {
        self.total_minutes() == 0
    }
}

/// The parts between blanks, each with the byte at which it starts.
fn parts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(' ')
        .scan(0, |at, part| {
            let start = *at;
            *at += part.len() + 1;
            Some((start, part))
        })
        .filter(|(_, part)| !part.is_empty())
}

fn read_part(part: &str) -> Result<(usize, u32), String> {
    let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = part.split_at(digits);
    if number.is_empty() {
        return Err(format!("`{part}` is no number with a unit"));
    }
    if unit.is_empty() {
        return Err(format!("`{part}` has no unit"));
    }
    let unit = UNITS
        .iter()
        .position(|known| unit.len() == 1 && unit.starts_with(*known))
        .ok_or_else(|| format!("`{unit}` is no unit"))?;
    let amount = number.parse().map_err(|_| format!("`{number}` is too large"))?;
    Ok((unit, amount))
}

impl fmt::Display for Duration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amounts = [self.days, self.hours, self.minutes];
        let parts: Vec<String> = amounts
            .iter()
            .zip(UNITS)
            .filter(|(amount, _)| **amount > 0)
            .map(|(amount, unit)| format!("{amount}{unit}"))
            .collect();
        formatter.write_str(if parts.is_empty() { "0m".to_owned() } else { parts.join(" ") }.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_hours_and_minutes_are_read_in_that_order() {
        assert_eq!(Duration::parse("2d"), Ok(Duration::of_days(2)));
        assert_eq!(Duration::parse("1d 4h 30m"), Ok(Duration { days: 1, hours: 4, minutes: 30 }));
        assert_eq!(Duration::parse("1d 4h 30m").map(|duration| duration.to_string()), Ok("1d 4h 30m".to_owned()));
    }

    #[test]
    fn what_was_meant_is_guessed() {
        let guess = |text| Duration::guess(text).map(|guess| guess.to_string());
        assert_eq!(guess("2 days"), Some("2d".to_owned()));
        assert_eq!(guess("1 week, 4 hours"), Some("7d 4h".to_owned()));
        assert_eq!(guess("4h 1d"), Some("1d 4h".to_owned()));
        assert_eq!(guess("1d 1 week"), Some("8d".to_owned()));
        assert_eq!(guess("1d 2d"), None);
        assert_eq!(guess("4000000 days"), None);
        assert_eq!(guess("3"), None);
        assert_eq!(guess("soon"), None);
        assert_eq!(guess(""), None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let bad = |text: &str| Duration::parse(text).expect_err("it is no duration");
        assert_eq!(bad("soon 2d"), BadDuration { part: 0..4, reason: "`soon` is no number with a unit".to_owned() });
        assert_eq!(bad("2d 3w"), BadDuration { part: 3..5, reason: "`w` is no unit".to_owned() });
        assert_eq!(bad("4h 1d").reason, "days come first, then hours, then minutes");
        assert_eq!(bad("1d 2d").reason, "`d` stands twice");
        assert_eq!(bad("3").reason, "`3` has no unit");
        assert_eq!(bad("").reason, "it is empty");
        assert_eq!(bad("99999999999d").reason, "`99999999999` is too large");
    }
}
