//! How long a session waits: for a lock, for a statement, and for a server that keeps neither limit.

use std::time::Duration;

/// The limits of a session, which the server keeps, and this side a little later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long a statement waits for a lock; zero is for ever.
    pub lock_timeout: Duration,
    /// How long a statement may take; zero is for ever.
    pub statement_timeout: Duration,
}

/// How much longer than `statement_timeout` is waited for the server's own error.
const GRACE: Duration = Duration::from_secs(10);

/// The longest time between two looks at who holds a lock.
const LOOK: Duration = Duration::from_secs(2);

impl Limits {
    /// Returns the startup options that make the server keep the limits.
    pub(super) fn options(self) -> String {
        let (lock, statement) = (self.lock_timeout.as_millis(), self.statement_timeout.as_millis());
        format!(" -c lock_timeout={lock} -c statement_timeout={statement}")
    }

    /// Returns how long this side waits for the answer to one statement; `None` is for ever.
    pub(super) fn patience(self) -> Option<Duration> {
        (!self.statement_timeout.is_zero()).then(|| self.statement_timeout + GRACE)
    }

    /// Returns how long a statement runs before another session asks who holds a lock that it waits for: short enough
    /// to be in time before the lock timeout.
    pub(super) fn look(self) -> Duration {
        let shortest = [self.lock_timeout, self.statement_timeout].into_iter().filter(|limit| !limit.is_zero()).min();
        shortest.map_or(LOOK, |limit| (limit / 3).clamp(Duration::from_millis(10), LOOK))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_for_ever() {
        let limits = |lock, statement| Limits {
            lock_timeout: Duration::from_millis(lock),
            statement_timeout: Duration::from_millis(statement),
        };
        assert_eq!(limits(0, 0).patience(), None);
        assert_eq!(limits(0, 0).look(), LOOK);
        assert_eq!(limits(0, 5000).patience(), Some(Duration::from_secs(15)));
        assert_eq!(limits(300, 60_000).look(), Duration::from_millis(100));
        assert_eq!(limits(0, 5000).options(), " -c lock_timeout=0 -c statement_timeout=5000");
    }
}
