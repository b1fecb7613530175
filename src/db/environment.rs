//! What the process was given: variables, a home folder, a user name.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// What the process knows about itself. Only `cli` fills it in from the real environment, so everything that depends
/// on it can be tried without touching the process.
#[derive(Clone, Default)]
pub struct Environment {
    /// The environment variables.
    pub vars: BTreeMap<String, String>,
    /// The home folder, where `.pgpass`, `.pg_service.conf` and `.postgresql/` are looked for.
    pub home: Option<PathBuf>,
    /// The name of the operating system's user: PostgreSQL's default user name.
    pub os_user: Option<String>,
}

impl Environment {
    /// A variable's value; a variable that is empty counts as not set.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.vars
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// A file or folder below the home folder.
    pub(super) fn in_home(&self, path: &str) -> Option<PathBuf> {
        self.home.as_ref().map(|home| home.join(path))
    }
}

/// Names of variables only: `PGPASSWORD` is among the values.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment")
            .field("vars", &self.vars.keys().collect::<Vec<_>>())
            .field("home", &self.home)
            .field("os_user", &self.os_user)
            .finish()
    }
}
