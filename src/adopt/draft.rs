//! A layout in the making: with the names of roles where the file has keys.

use std::collections::{BTreeMap, BTreeSet};

use crate::layout::{Auth, Group, NewTables, PublicSchema, SearchPath};
use crate::model::{Grantee, Name, Object, Privileges};

#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) day: String,
    pub(super) maintenance: Name,
    pub(super) provisioner: Option<Name>,
    pub(super) admins: BTreeSet<Name>,
    pub(super) inspector: Option<Name>,
    pub(super) services: Vec<Service>,
    pub(super) allows: Vec<Allow>,
    /// What the reader of the file should know besides.
    pub(super) notes: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Service {
    pub(super) key: String,
    pub(super) database: Name,
    pub(super) schemas: Vec<Name>,
    /// Who owns most of what the schemas hold today.
    pub(super) owner: Name,
    pub(super) ddl: Name,
    pub(super) dml: Name,
    pub(super) ro: Name,
    pub(super) logins: Vec<Login>,
    pub(super) extensions: BTreeSet<Name>,
    pub(super) temporary: bool,
    pub(super) create_schemas: bool,
    pub(super) public_schema: PublicSchema,
    pub(super) search_path: SearchPath,
    pub(super) new_tables: NewTables,
    pub(super) rules: Vec<Rule>,
    pub(super) uses: Vec<Uses>,
}

#[derive(Debug, Clone)]
pub(super) struct Login {
    pub(super) key: String,
    pub(super) name: Name,
    pub(super) group: Group,
    pub(super) connection_limit: i32,
    pub(super) settings: BTreeMap<String, String>,
    pub(super) auth: Auth,
}

/// A table that isn't as `new_tables` has it.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) table: Object,
    /// The role of a login.
    pub(super) writer: Option<Name>,
    pub(super) privileges: Privileges,
}

#[derive(Debug, Clone)]
pub(super) struct Uses {
    /// The provider's key.
    pub(super) provider: String,
    /// None: SELECT on every table, now and later.
    pub(super) tables: Option<Vec<Object>>,
    pub(super) privileges: Privileges,
    /// The roles of logins; empty: the dml role.
    pub(super) logins: Vec<Name>,
}

/// What the layout doesn't give, and somebody has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Allow {
    pub(super) role: Grantee,
    pub(super) what: Kept,
    /// Who granted it, besides the owner.
    pub(super) grantors: BTreeSet<Name>,
    /// The group that gives the same to this login of the layout.
    pub(super) by_group: Option<Name>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kept {
    MemberOf(Name),
    Rights { on: On, privileges: Privileges, future: bool },
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum On {
    Database(Name),
    Schema(Name, Name),
    /// Everything in a schema.
    All(Name, Name),
    Named(Name, Name, Name),
}

impl Draft {
    /// The service of a login, and the login.
    pub(super) fn login(&self, role: &Name) -> Option<(&Service, &Login)> {
        self.services.iter().find_map(|s| Some((s, s.logins.iter().find(|login| login.name == *role)?)))
    }
}
