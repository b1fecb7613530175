//! What goes on whatever the catalog says: sessions, and transactions that are prepared and not finished.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Name;

/// Sessions come and go; a prepared transaction stays until somebody finishes it, and nobody can see what it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Ours aside.
    pub sessions: Vec<Sessions>,
    pub prepared: Vec<Prepared>,
}

/// The sessions of one role in one database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sessions {
    /// Who logged in, not whom he acts as; of a role that was dropped, as `pg_get_userbyid` names it.
    pub role: Name,
    /// None: a walsender.
    pub database: Option<Name>,
    pub count: i64,
}

/// A transaction after PREPARE TRANSACTION.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Prepared {
    pub gid: String,
    /// Whom the session acted as when it was prepared: `current_user`, which may be another when it wrote.
    pub owner: Name,
    pub database: Name,
    /// Older than a minute, by the server's clock.
    pub old: bool,
    /// Its locks say that it changes the catalog of its database, or they don't say what else it does.
    pub alters: bool,
    /// Its locks say that it changes roles, memberships or settings.
    pub shared: bool,
    /// The roles that its locks say it names: as owner, in an ACL, or in a setting.
    pub roles: BTreeSet<Name>,
}

impl Activity {
    /// Nothing goes on.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Sessions {
    /// `3 sessions in shop`.
    #[must_use]
    pub fn counted(&self) -> String {
        let count = if self.count == 1 { "1 session".into() } else { format!("{} sessions", self.count) };
        self.database.as_ref().map_or(count.clone(), |database| format!("{count} in {}", database.shown()))
    }
}

impl Sessions {
    /// Ends them, and those that came since; by names, since process ids are another's tomorrow.
    #[must_use]
    pub fn end(&self) -> String {
        let literal = |name: &Name| super::literal(name.as_str());
        let place = match &self.database {
            Some(database) => format!("a.datname = {}", literal(database)),
            None => "a.datname IS NULL".into(),
        };
        format!(
            "SELECT pg_catalog.pg_terminate_backend(a.pid, '10000'::pg_catalog.int8) FROM pg_catalog.pg_stat_activity a WHERE {place} \
             AND pg_catalog.pg_get_userbyid(a.usesysid) = {} AND a.pid <> pg_catalog.pg_backend_pid()",
            literal(&self.role)
        )
    }
}

impl Prepared {
    /// How it ends without an effect, from a session in its database.
    #[must_use]
    pub fn rollback(&self) -> String {
        format!("ROLLBACK PREPARED {}", super::literal(&self.gid))
    }
}
