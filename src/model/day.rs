//! A day of the calendar, for exceptions that end on one.

use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar, in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

impl Day {
    /// The day in UTC, so many seconds after the beginning of 1970.
    ///
    /// The years are counted from a March on, so that the day that not each of them has is their last: five months have
    /// 153 days, four years 1461, four centuries 146,097.
    #[must_use]
    pub fn of_unix(seconds: u64) -> Self {
        // days from 1 March of the year 0
        let days = seconds / 86_400 + 719_468;
        let (era, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        let small = |n: u64| u8::try_from(n).unwrap_or(u8::MAX);
        Self { year: u16::try_from(400 * era + year + later).unwrap_or(u16::MAX), month: small(month), day: small(day) }
    }
}

impl Day {
    /// Returns the second since 1970 (UTC) with which the day begins; 0 for a day before 1970.
    #[must_use]
    pub fn unix(self) -> u64 {
        let (month, year) = (u64::from(self.month), u64::from(self.year));
        // counted from a March on, as above
        let (month, year) = if month > 2 { (month - 3, year) } else { (month + 9, year.saturating_sub(1)) };
        let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + u64::from(self.day) - 1;
        days.saturating_sub(719_468) * 86_400
    }
}

/// "expected a day such as 2027-03-31"
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a day such as 2027-03-31")]
pub struct NoDay;

impl FromStr for Day {
    type Err = NoDay;

    /// Reads `2027-03-31`, a day from 1970 on that the calendar has.
    fn from_str(text: &str) -> Result<Self, NoDay> {
        let mut parts = text.split('-').map(|part| part.parse::<u16>().map_err(|_| NoDay));
        let mut part = || parts.next().unwrap_or(Err(NoDay));
        let (year, month, day) = (part()?, part()?, part()?);
        let small = |n: u16| u8::try_from(n).map_err(|_| NoDay);
        let day = Self { year, month: small(month)?, day: small(day)? };
        // what is written again is the same, or there is no such day
        let known = day.month > 0 && day.day > 0 && Self::of_unix(day.unix()) == day && day.to_string() == text;
        if known { Ok(day) } else { Err(NoDay) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        // as `date -u -d @N +%F` has them
        let known = [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (68_169_600, "1972-02-29"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_798_761_599, "2026-12-31"),
            (1_798_761_600, "2027-01-01"),
            (4_107_542_399, "2100-02-28"),
            (4_107_542_400, "2100-03-01"),
        ];
        for (seconds, day) in known {
            assert_eq!(Day::of_unix(seconds).to_string(), day, "{seconds}");
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for n in 0..60_000 {
            let day = Day::of_unix(n * 86_400);
            assert_eq!((day.unix(), day.to_string().parse()), (n * 86_400, Ok(day)));
        }
        for wrong in ["", "2027", "2027-02-29", "2027-13-01", "2027-00-01", "2027-1-1", "1969-12-31", "2027-01-01-01"] {
            assert_eq!(wrong.parse::<Day>(), Err(NoDay), "{wrong}");
        }
    }

    #[test]
    fn each_day_follows_the_one_before() {
        let mut before = Day::of_unix(0);
        for n in 1..60_000 {
            let day = Day::of_unix(n * 86_400);
            assert!(before < day, "{before} {day}");
            assert!(day.day == before.day + 1 || day.day == 1 && before.day >= 28, "{before} {day}");
            before = day;
        }
    }
}
