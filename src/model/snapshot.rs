//! What was read from a server: its state, and what only a server knows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{
    Acl, Activity, Adoptable, Code, Database, Grantee, Holding, Kind, Look, Maintenance, Name, Object, Other, Presence,
    Privileges, Retiring, RoleGraph, State,
};

/// A cluster as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    pub server: Server,
    /// All roles and databases; contents only of those in `contents`.
    pub state: State,
    /// Extensions that `CREATE EXTENSION` would find.
    pub available: BTreeMap<Name, Extension>,
    /// The databases whose inside was read.
    pub contents: BTreeMap<Name, Contents>,
    /// What hangs on the roles that the layout retires.
    pub retiring: Retiring,
    /// Parameters that somebody may set by a right of their own (from 15 on), where it was asked for.
    pub parameters: BTreeMap<String, Acl>,
    /// What goes on whatever the catalog says.
    pub activity: Activity,
    /// When, where and by whom it was read; None in a file that an earlier pgmoat wrote.
    pub look: Option<Look>,
    /// Where the maintenance database is no service's, what names lead to there, where it was asked for.
    pub maintenance: Option<Maintenance>,
}

/// The server, and who asks.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Server {
    /// `server_version_num`: 150018.
    pub version_num: u32,
    pub system_identifier: String,
    /// The role that plans and applies: `current_user` of the connection, or the provisioner that it acts as.
    pub user: Name,
    pub superuser: bool,
    /// Who logged in, where that is somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<Name>,
    /// Those that only a superuser may set.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub superuser_parameters: BTreeSet<String>,
    /// Those that are set for some role or database, and that whoever logs in may set for himself. Empty in older files.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub user_parameters: BTreeSet<String>,
    /// The role with oid 10: from 16 on the grantor of every membership that a superuser grants.
    pub bootstrap: Name,
    pub in_recovery: bool,
}

/// An extension's control file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Extension {
    /// The schema that it insists on.
    pub schema: Option<Name>,
    /// Only a superuser may create it: it is not trusted.
    #[serde(default)]
    pub superuser: bool,
}

/// How the objects of a database hang together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contents {
    /// Sequence to the table whose column owns it.
    pub sequences: BTreeMap<Object, OwnedBy>,
    /// Partition or child to its parents.
    pub parents: BTreeMap<Object, BTreeSet<Object>>,
    /// View to the relations that it reads, and so may write.
    pub views: BTreeMap<Object, ViewOf>,
    /// What else hangs on roles; None where a file is from before that was read.
    pub others: Option<Vec<Other>>,
    /// What acts for another, where it was asked for.
    pub code: Option<Code>,
    /// What an apply may take over and what executes, where it was asked for.
    pub adoptable: Option<Adoptable>,
}

/// A sequence's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedBy {
    pub table: Arc<Object>,
    /// An identity column: INSERT needs no right on its sequence; serial's does.
    pub identity: bool,
}

/// What stands behind a view.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ViewOf {
    /// Runs with its caller's rights (`security_invoker`, from 15 on).
    pub invoker: bool,
    pub relations: BTreeSet<Object>,
}

impl Snapshot {
    /// A managed database as CREATE DATABASE would make it, if it is absent, or if it is closed and so unreadable.
    /// Opening takes away what PUBLIC holds.
    #[must_use]
    pub fn fresh(&self, name: &Name, owner: &Name) -> Option<Database> {
        match self.state.databases.get(name) {
            None => Some(self.server.fresh_database(owner, Presence::Absent)),
            Some(_) if self.contents.contains_key(name) => None,
            Some(closed) => {
                let mut fresh = self.server.fresh_database(&closed.held.owner, Presence::Closed);
                fresh.held.acl = Arc::new(closed.held.acl.without(|grantee, _| *grantee == Grantee::Public));
                Some(fresh)
            }
        }
    }
}

impl Snapshot {
    /// The role that the server writes down as grantor when we make somebody a member of this one: from 16 on that through which
    /// we hold ADMIN OPTION on it.
    #[must_use]
    pub fn membership_grantor(&self, role: &Name) -> Name {
        let server = &self.server;
        let ours = || server.membership_grantor().clone();
        if server.superuser || !server.has_membership_options() {
            return ours();
        }
        let mut memberships = self.state.memberships.iter();
        if memberships.any(|(m, options)| options.admin && m.role == *role && m.member == server.user) {
            return ours();
        }
        let graph = RoleGraph::of(&self.state, server.version_num);
        graph.administers(&server.user, role).unwrap_or_else(ours)
    }
}

impl Server {
    /// From 16 on memberships have a grantor in their key, and options.
    #[must_use]
    pub fn has_membership_options(&self) -> bool {
        self.version_num >= 160_000
    }

    /// The major version: 15.
    #[must_use]
    pub fn major(&self) -> u32 {
        self.version_num / 10_000
    }

    /// The role that the server writes down as grantor of a membership that we grant: from 16 on the bootstrap
    /// superuser whichever superuser grants (`check_role_grantor` in src/backend/commands/user.c).
    #[must_use]
    pub fn membership_grantor(&self) -> &Name {
        if self.superuser { &self.bootstrap } else { &self.user }
    }

    /// The role that plans, unless it is a superuser who acts as himself.
    #[must_use]
    pub fn acting_as(&self) -> Option<&Name> {
        (!self.superuser || self.login.is_some()).then_some(&self.user)
    }

    /// Makes the session ours again, after it was somebody else for a while. For who acts as the provisioner, `SET ROLE NONE`
    /// would lead back to his login.
    #[must_use]
    pub fn set_role_back(&self) -> String {
        format!("SET LOCAL ROLE {}", self.acting_as().map_or_else(|| "NONE".into(), Name::quoted))
    }

    /// What a database made from template0 holds, after it was opened: the schema `public` and nothing else.
    /// <https://www.postgresql.org/docs/release/15.0/> took CREATE from PUBLIC and gave it to the database's owner.
    #[must_use]
    pub fn fresh_database(&self, owner: &Name, presence: Presence) -> Database {
        let mut database = Database { presence, ..Database::new(owner.clone(), Acl::default()) };
        let (public_owner, privileges) = if self.version_num < 150_000 {
            (self.bootstrap.clone(), Privileges::USAGE | Privileges::CREATE)
        } else {
            (Name::of_server("pg_database_owner"), Privileges::USAGE)
        };
        // template0 has it
        database.extensions.insert(Name::of_server("plpgsql"));
        let mut acl = Acl::default();
        acl.grant(Grantee::Role(public_owner.clone()), &public_owner, Kind::Schema.privileges(self.version_num));
        acl.grant(Grantee::Public, &public_owner, privileges);
        database.objects.insert(Object::schema(&Name::of_server("public")), Holding::new(public_owner, acl));
        database
    }
}
