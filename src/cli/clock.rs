//! What day and time it is; the only place that reads the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::Day;

/// Today in UTC, so that an exception ends in the same moment for everybody who plans.
#[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
pub(super) fn today() -> Day {
    // a clock before 1970 is no clock: then no exception has ended
    Day::of_unix(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}

/// The seconds since 1970, by which the ages of snapshots are counted.
pub(super) fn seconds() -> u64 {
    now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// By which the ages of passwords are counted.
#[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
pub(super) fn now() -> SystemTime {
    SystemTime::now()
}
