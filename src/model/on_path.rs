//! What names lead to that aren't qualified: code by its schema and owner, paths of routines, the system's own schemas.

use serde::{Deserialize, Serialize};

use super::{Acl, Name, Object};

/// What one database holds of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OnPath {
    /// Code of roles that aren't superusers, and whatever else of theirs a name finds, outside of those roles' own schemas.
    pub code: Vec<NamedCode>,
    pub routines: Vec<RoutinePath>,
    /// `pg_catalog` and `information_schema`.
    pub system: Vec<SystemSchema>,
}

/// What names lead to in the maintenance database, where no service is at home, and whoever is trusted connects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maintenance {
    pub database: Name,
    /// Without the system's own.
    pub schemas: Vec<SystemSchema>,
    pub on_path: OnPath,
}

/// Something that runs code when it is named, or decides what is done, of whatever class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedCode {
    pub schema: Name,
    /// As `pg_identify_object` says: `function`, `operator`, `view`, `table` with triggers or the like; or `domain`.
    pub kind: String,
    /// Its identity without the schema: `lower(character varying)`.
    pub name: String,
    pub owner: Name,
    /// False of a type that runs nothing itself.
    pub runs: bool,
    /// A member of an extension.
    pub member: bool,
}

/// A routine that sets `search_path` while it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutinePath {
    pub routine: Object,
    pub owner: Name,
    /// SECURITY DEFINER: `"$user"` is its owner.
    pub definer: bool,
    /// As it is stored.
    pub path: String,
}

/// A schema that PostgreSQL made, or one of the maintenance database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemSchema {
    pub name: Name,
    pub owner: Name,
    pub acl: Acl,
}
