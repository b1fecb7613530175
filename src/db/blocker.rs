//! Who holds a lock that a session of ours waits for.

use super::Row;

/// A session, or a prepared transaction, that holds what was waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Blocker {
    /// `None`: a prepared transaction, which `name` names.
    pid: Option<i32>,
    user: String,
    /// The application's name, or the prepared transaction's.
    name: String,
    since: String,
    /// `AccessExclusiveLock on s.t`.
    what: Option<String>,
}

impl Blocker {
    pub(super) fn read(row: &Row) -> Option<Blocker> {
        Some(Blocker {
            pid: row.try_get("pid").ok()?,
            user: row.try_get("user").ok()?,
            name: row.try_get("name").ok()?,
            since: row.try_get("since").ok()?,
            what: row.try_get("what").ok()?,
        })
    }

    /// Returns how to end it.
    pub(super) fn end(&self) -> String {
        match self.pid {
            Some(pid) => format!("SELECT pg_terminate_backend({pid})"),
            None => format!("ROLLBACK PREPARED '{}', in its database", self.name.replace('\'', "''")),
        }
    }
}

impl std::fmt::Display for Blocker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Blocker { pid, user, name, since, what } = self;
        match pid {
            Some(pid) => write!(f, "{user} ({name}, pid {pid}, since {since})")?,
            None => write!(f, "the prepared transaction '{name}' of {user} (since {since})")?,
        }
        match what {
            Some(what) => write!(f, " holds {what}"),
            None => f.write_str(" is before it"),
        }
    }
}
