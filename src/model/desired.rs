//! What a layout means on one cluster.

use std::collections::{BTreeMap, BTreeSet};

use super::{Attribute, Database, Day, Grantee, Membership, Name, Object, Privileges, Retire, Scope, Snapshot, State};

/// The wanted state, and how far it reaches.
#[derive(Debug, Clone)]
pub struct Desired {
    pub state: State,
    /// With `mode = "additive"`, in which `state` has all that is there: what the layout would want by itself.
    pub exclusive: Option<State>,
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
    /// What exceptions kept until they ended, so that the plan can say why it goes.
    pub ended: Ended,
    /// The roles and databases that go.
    pub retire: Retire,
    /// The roles that the layout itself names as admins, and the provisioner: who is a member of one is trusted as it is.
    pub admins: BTreeSet<Name>,
    /// What rules say of tables, by database and table.
    pub ruled: BTreeMap<(Name, Object), Ruled>,
    /// Attributes that an exception keeps, by role.
    pub attributes: BTreeMap<Name, BTreeSet<Attribute>>,
    /// Routines whose EXECUTE an exception keeps, and for whom: somebody has read what they do as their owner.
    pub vouched: BTreeMap<(Name, Object), BTreeSet<Grantee>>,
    /// Which service uses another's tables, in the order of the layout.
    pub uses: Vec<Use>,
}

/// Who writes a table besides its owner, by a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruled {
    /// The one login that does. None: dml, as far as the privileges go.
    pub writer: Option<Name>,
    pub privileges: Privileges,
}

/// A `uses`: its roles run whatever code the owner of the used tables attaches to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The key of the service that uses.
    pub consumer: String,
    /// The key of the service whose tables they are.
    pub provider: String,
    /// The provider's database.
    pub database: Name,
    /// The roles to which the privileges are granted.
    pub roles: BTreeSet<Name>,
    /// `trusts_code = true`: the provider's code may run with the rights of these roles.
    pub trusts_code: bool,
}

impl Desired {
    /// What was read, as far as the layout reaches; databases that are yet to be made or opened stand as they will be then.
    #[must_use]
    pub fn current(&self, snapshot: &Snapshot) -> State {
        let fresh: BTreeMap<Name, Database> = self
            .state
            .databases
            .iter()
            .filter_map(|(name, wanted)| Some((name.clone(), snapshot.fresh(name, &wanted.held.owner)?)))
            .collect();
        self.scope.restrict(&snapshot.state, &fresh)
    }
}

/// What exceptions that have ended would keep still, and since when they don't.
#[derive(Debug, Clone, Default)]
pub struct Ended {
    /// By database and object, of its columns too; without an object, of the database itself.
    pub rights: BTreeMap<(Name, Option<Object>, Grantee), (Privileges, Day)>,
    /// Default privileges: by database, schema, and who has them.
    pub defaults: BTreeMap<(Name, Name, Grantee), Day>,
    /// By role and member.
    pub memberships: BTreeMap<(Name, Name), Day>,
}

impl Ended {
    /// Since when nothing keeps one of these rights any more.
    #[must_use]
    pub fn right(&self, database: &Name, object: Option<&Object>, who: &Grantee, lost: Privileges) -> Option<Day> {
        if self.rights.is_empty() {
            return None;
        }
        let (privileges, day) = self.rights.get(&(database.clone(), object.cloned(), who.clone()))?;
        (!privileges.intersection(lost).is_empty()).then_some(*day)
    }

    /// Since when nothing keeps these default privileges any more.
    #[must_use]
    pub fn later(&self, database: &Name, schema: Option<&Name>, who: &Grantee) -> Option<Day> {
        self.defaults.get(&(database.clone(), schema?.clone(), who.clone())).copied()
    }

    /// Since when nothing keeps the membership any more.
    #[must_use]
    pub fn membership(&self, membership: &Membership) -> Option<Day> {
        self.memberships.get(&(membership.role.clone(), membership.member.clone())).copied()
    }
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
