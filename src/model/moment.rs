//! A moment in UTC, to the second.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Day;

/// The seconds of a day.
const DAY: u64 = 86_400;

/// A moment, in seconds since 1970 (UTC), in the order of time. JSON has it as in RFC 3339: `2026-11-29T16:40:03Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub u64);

impl Moment {
    /// Returns the seconds that have passed from an earlier moment to this one; 0 where the other is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    fn clock(self) -> String {
        let seconds = self.0 % DAY;
        format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }

    fn rfc3339(self) -> String {
        format!("{}T{}Z", Day::of_unix(self.0), self.clock())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} UTC", Day::of_unix(self.0), self.clock())
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "expected a moment such as 2026-11-29T16:40:03Z".to_owned();
        let (day, clock) = text.split_once('T').ok_or_else(wrong)?;
        let day: Day = day.parse().map_err(|_| wrong())?;
        let part = |text: Option<&str>| text.filter(|text| text.len() == 2).and_then(|text| text.parse::<u64>().ok());
        let mut parts = clock.strip_suffix('Z').ok_or_else(wrong)?.split(':');
        let [hours, minutes, seconds] = [(); 3].map(|()| part(parts.next()));
        let seconds = hours.zip(minutes).zip(seconds).map(|((h, m), s)| h * 3600 + m * 60 + s).ok_or_else(wrong)?;
        let moment = Self(day.unix() + seconds);
        // what is written again is the same, or it was no moment
        if moment.rfc3339() == text { Ok(moment) } else { Err(wrong()) }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_and_read() {
        let moment = Moment(1_798_761_599);
        assert_eq!(moment.to_string(), "2026-12-31 23:59:59 UTC");
        assert_eq!(serde_json::to_string(&moment).unwrap(), "\"2026-12-31T23:59:59Z\"");
        for seconds in [0, 951_782_400, 1_798_761_599, 4_107_542_400] {
            let text = serde_json::to_string(&Moment(seconds)).unwrap();
            assert_eq!(serde_json::from_str::<Moment>(&text).unwrap(), Moment(seconds));
        }
        let wrong = ["", "2026-11-29", "2026-02-30T00:00:00Z", "2026-11-29T24:00:00Z", "2026-11-29T1:00:00Z"];
        for wrong in wrong.into_iter().chain(["2026-11-29T00:00:00", "2026-11-29T00:60:00Z", "2026-11-29T00:00:00:00Z"])
        {
            assert!(wrong.parse::<Moment>().is_err(), "{wrong}");
        }
    }
}
