//! How a role leaves: what the layout retires, and what hangs on it, as `pg_shdepend` tells for all databases at once.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Acl, AdoptableCode, DefaultKey, Name, Thing};

/// What the layout retires and the server still has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retire {
    pub roles: BTreeMap<Name, Retired>,
    /// Databases that go, each with the key of the service that it belonged to.
    pub databases: BTreeMap<Name, String>,
}

/// A role that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retired {
    /// Who gets what it owns.
    pub to: Name,
    /// The key of the retired service that it belongs to.
    pub service: Option<String>,
}

/// What was read of the roles and databases that the layout retires.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retiring {
    /// The roles that were asked about.
    pub asked: BTreeSet<Name>,
    /// How many sessions each role has; those without any aren't here.
    pub sessions: BTreeMap<Name, i64>,
    /// The sessions in each database that goes.
    pub connected: BTreeMap<Name, i64>,
    /// Transactions that the roles left prepared: role, gid.
    pub prepared: BTreeSet<(Name, String)>,
    /// Databases in which something hangs on a role, and that role; those that accept no connections can't be looked into.
    pub databases: BTreeSet<(Name, Name)>,
    pub dependents: BTreeSet<Dependent>,
    /// The code that the roles own in each database that was looked into; absent in older files.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub code: BTreeMap<Name, Vec<AdoptableCode>>,
}

/// Something that hangs on a role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dependent {
    /// None: it is shared by all databases.
    pub database: Option<Name>,
    pub role: Name,
    pub thing: Thing,
    pub hold: Hold,
}

/// How it hangs on the role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    /// The role owns it. Some things only a superuser can own.
    Owner { superuser_only: bool },
    /// The role stands in its ACL, as grantee or as grantor.
    Rights { owner: Name, acl: Acl },
    /// Default privileges, of the role or for it.
    Default { key: DefaultKey, acl: Acl },
    /// A row security policy names it.
    Policy(Policy),
    /// A user mapping for a foreign server, whose name this is.
    Mapping { server: Name },
    /// The ACL that an extension's script gave (from 17 on).
    Initial,
}

/// A row security policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Policy {
    pub name: Name,
    /// All roles that it is for; PUBLIC, which stands alone, isn't among them.
    pub roles: BTreeSet<Name>,
    pub permissive: bool,
    /// `ALL`, `SELECT` …
    pub command: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
}

impl Retire {
    /// Is it a role that goes?
    #[must_use]
    pub fn has(&self, role: &Name) -> bool {
        self.roles.contains_key(role)
    }
}
