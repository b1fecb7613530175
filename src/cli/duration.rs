//! Times on the command line: `500ms`, `5s`, `2min`; a bare number is milliseconds, as PostgreSQL has it.

use std::time::Duration;

pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let milliseconds: u64 = match unit.trim() {
        "" | "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        _ => return Err(wrong()),
    };
    // lock_timeout and statement_timeout are 32-bit integers of milliseconds
    let total = number.checked_mul(milliseconds).filter(|total| i32::try_from(*total).is_ok());
    total.map(Duration::from_millis).ok_or_else(|| "the longest time is 24 days".into())
}

/// Of ages: `30d`, `12h`, `90min`, `45s`; 0 is 0.
pub(super) fn long(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let seconds: Option<u64> = match unit.trim() {
        "" if number == "0" => Some(0),
        "s" => Some(1),
        "min" => Some(60),
        "h" => Some(3600),
        "d" => Some(86400),
        _ => None,
    };
    let total = seconds.zip(number.parse::<u64>().ok()).and_then(|(seconds, number)| number.checked_mul(seconds));
    total.map(Duration::from_secs).ok_or_else(|| "expected a time such as 30d, 12h or 90min".into())
}

/// Returns an age for people, in the largest unit of which it has at least two: `45 s`, `90 min`, `47 h`, `30 d`.
pub(super) fn shown(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

fn wrong() -> String {
    "expected a time such as 500ms, 5s or 2min".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages() {
        let known =
            [(0, "0 s"), (119, "119 s"), (5_400, "90 min"), (86_400, "24 h"), (172_800, "2 d"), (2_600_000, "30 d")];
        known.iter().for_each(|(seconds, age)| assert_eq!(shown(*seconds), *age));
    }

    #[test]
    fn times() {
        assert_eq!(parse("5s"), Ok(Duration::from_secs(5)));
        assert_eq!(parse("250"), Ok(Duration::from_millis(250)));
        assert_eq!(parse("2 min"), Ok(Duration::from_secs(120)));
        assert_eq!(long("30d"), Ok(Duration::from_secs(30 * 86400)));
        assert_eq!(long("0"), Ok(Duration::ZERO));
        for wrong in ["", "d", "5", "-1d", "99999999999999999d", "1w"] {
            assert!(long(wrong).is_err(), "{wrong}");
        }
        for wrong in ["", "s", "5 parsecs", "-1s", "9999999999h"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
