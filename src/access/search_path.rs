//! The role that a login's session acts as, and the schemas that it then looks for names in.

use super::{Access, Subject};
use crate::model::{Name, Object, Privileges, SearchPath, Settings, settings_of};

/// A session of a login in a database, as its settings make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    pub acting: Name,
    pub path: SearchPath,
}

impl Start {
    /// Returns how a session starts. A `role` that it may not become, or that isn't there, is passed over with a warning: the next
    /// setting counts, or the login itself.
    #[must_use]
    pub fn of(settings: &Settings, login: &Name, database: &Name, becomes: impl Fn(&Name) -> bool) -> Self {
        let path = SearchPath::of_login(settings, login, database);
        for role in settings_of(settings, login, database, "role") {
            // `check_role` in src/backend/commands/variable.c
            if role == "none" {
                break;
            }
            let acting = Name::of_server(role);
            if becomes(&acting) {
                return Self { acting, path };
            }
        }
        Self { acting: login.clone(), path }
    }
}

impl Access<'_> {
    /// Returns how a login's session starts in a database.
    #[must_use]
    pub fn start(&self, login: &Name, database: &Name) -> Start {
        let superuser = self.state.roles.get(login).is_some_and(|role| role.superuser);
        let roles = self.may_become(login);
        let becomes = |role: &Name| {
            // any role, of those that are there
            self.state.roles.contains_key(role) && (superuser || roles.contains(role))
        };
        Start::of(&self.state.settings, login, database, becomes)
    }

    /// Returns what `current_schemas(true)` answers in a new session: `recomputeNamespacePath` in src/backend/catalog/namespace.c.
    #[must_use]
    pub fn current_schemas(&self, login: &Name, database: &Name) -> Vec<Name> {
        let Start { acting, path } = self.start(login, database);
        let session = self.session(&acting, database);
        let there = |schema: &Name| match schema.as_str() {
            "pg_catalog" | "information_schema" => true,
            _ => session.held(Subject::Object(&Object::schema(schema))).contains(Privileges::USAGE),
        };
        let mut schemas = path.schemas(&acting);
        schemas.retain(there);
        let system = Name::of_server("pg_catalog");
        if !schemas.contains(&system) {
            schemas.insert(0, system);
        }
        schemas
    }
}
