//! What a layout means on one cluster.

use std::collections::BTreeMap;

use super::{Name, Retire, Scope, State};

/// The wanted state, and how far it reaches.
#[derive(Debug, Clone)]
pub struct Desired {
    pub state: State,
    pub scope: Scope,
    /// How databases are made that don't exist yet.
    pub create: BTreeMap<Name, CreateDatabase>,
    /// The maintenance database, where everything without a home runs.
    pub maintenance: Name,
    /// Tables that the layout names and the database doesn't have yet: not drift.
    pub pending: Vec<String>,
    /// What a DBA should know besides: schemas that nobody declares, databases that can't be read yet.
    pub notes: Vec<String>,
    /// The service of each role, and so the database in whose transaction everything about the role happens.
    pub homes: BTreeMap<Name, Home>,
    /// The service of each schema, by database and schema.
    pub schemas: BTreeMap<(Name, Name), String>,
    /// The roles and databases that go.
    pub retire: Retire,
}

/// Where a role belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The service's key.
    pub service: String,
    pub database: Name,
    /// What the role is to its service: `ddl`, `dml`, `ro` or `login`.
    pub part: &'static str,
}

/// How a database is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CreateDatabase {
    pub encoding: Option<String>,
    pub locale: Option<String>,
    /// Default template0, which holds nothing that somebody may have left.
    pub template: Option<Name>,
}
