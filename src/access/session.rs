//! What one role can do in one database, as `src/backend/catalog/aclchk.c` computes it.

use std::collections::BTreeSet;

use super::{Access, Subject};
use crate::model::{Acl, Database, Grantee, Holding, Kind, Name, Object, Privileges};

const WRITE: Privileges = Privileges::INSERT.union(Privileges::UPDATE).union(Privileges::DELETE);
const COLUMN: Privileges =
    Privileges::SELECT.union(Privileges::INSERT).union(Privileges::UPDATE).union(Privileges::REFERENCES);

/// A role in a database, with the rights of every role that it inherits from.
#[derive(Debug)]
pub struct Session<'a> {
    /// None: the state has no such database, so nothing is held in it.
    database: Option<&'a Database>,
    server_version_num: u32,
    superuser: bool,
    roles: BTreeSet<Name>,
}

impl<'a> Session<'a> {
    pub(super) fn of(access: &Access<'a>, role: &Name, database: &Name) -> Self {
        let database = access.state.databases.get(database);
        Self {
            database,
            server_version_num: access.server_version_num,
            superuser: access.state.roles.get(role).is_some_and(|role| role.superuser),
            roles: access.graph.acts_with(role, database.map(|database| &database.held.owner)),
        }
    }

    /// The roles whose rights it has, itself included: what `pg_has_role(…, 'USAGE')` affirms.
    #[must_use]
    pub fn acts_with(&self) -> &BTreeSet<Name> {
        &self.roles
    }

    /// What the server lets it do: the answer of `has_table_privilege` and its like.
    #[must_use]
    pub fn held(&self, subject: Subject<'_>) -> Privileges {
        let Some(holding) = self.holding(subject) else { return Privileges::NONE };
        let all = self.all(subject);
        if self.superuser { all } else { (self.by_acl(&holding.acl) | self.predefined(subject)).intersection(all) }
    }

    /// The same, and what an owner that has no right of its own left can give itself back.
    #[must_use]
    pub fn with_ownership(&self, subject: Subject<'_>) -> Privileges {
        let owns = self.holding(subject).is_some_and(|holding| self.roles.contains(&holding.owner));
        if owns { self.all(subject) } else { self.held(subject) }
    }

    /// What it can do on at least one column of a relation: `has_any_column_privilege`.
    #[must_use]
    pub fn held_on_some_column(&self, relation: &Object) -> Privileges {
        let on_table = self.held(Subject::Object(relation)).intersection(COLUMN);
        let columns = self.database.into_iter().flat_map(|database| &database.columns);
        let acls = columns.filter(|((object, _), _)| object == relation).map(|(_, acl)| acl);
        acls.fold(on_table, |all, acl| all | self.by_acl(acl))
    }

    fn holding(&self, subject: Subject<'_>) -> Option<&'a Holding> {
        match subject {
            Subject::Database => self.database.map(|database| &database.held),
            Subject::Object(object) => self.database?.objects.get(object),
        }
    }

    fn all(&self, subject: Subject<'_>) -> Privileges {
        let kind = match subject {
            Subject::Database => Kind::Database,
            Subject::Object(object) => object.kind,
        };
        kind.privileges(self.server_version_num)
    }

    fn by_acl(&self, acl: &Acl) -> Privileges {
        let mine = |grantee: &Grantee| grantee.role().is_none_or(|role| self.roles.contains(role));
        acl.entries()
            .filter(|(grantee, _, _)| mine(grantee))
            .fold(Privileges::NONE, |all, (_, _, g)| all | g.privileges)
    }

    /// What a predefined role gives on everything of a kind, without an entry in any ACL.
    /// <https://www.postgresql.org/docs/current/predefined-roles.html>
    fn predefined(&self, subject: Subject<'_>) -> Privileges {
        let Subject::Object(object) = subject else { return Privileges::NONE };
        let has = |role: &str| self.roles.contains(&Name::of_server(role));
        let given = |role: &str, privileges| if has(role) { privileges } else { Privileges::NONE };
        match object.kind {
            Kind::Schema if has("pg_read_all_data") || has("pg_write_all_data") => Privileges::USAGE,
            // a sequence is a relation too (`pg_class_aclmask_ext`)
            kind if kind.is_relation() || kind == Kind::Sequence => {
                given("pg_read_all_data", Privileges::SELECT)
                    | given("pg_write_all_data", WRITE)
                    | given("pg_maintain", Privileges::MAINTAIN)
            }
            _ => Privileges::NONE,
        }
    }
}
