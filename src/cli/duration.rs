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

fn wrong() -> String {
    "expected a time such as 500ms, 5s or 2min".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(parse("5s"), Ok(Duration::from_secs(5)));
        assert_eq!(parse("250"), Ok(Duration::from_millis(250)));
        assert_eq!(parse("2 min"), Ok(Duration::from_secs(120)));
        for wrong in ["", "s", "5 parsecs", "-1s", "9999999999h"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
