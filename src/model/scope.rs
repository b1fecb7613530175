//! What the layout owns. Applied to what was read **before** it is compared; there is no filter afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{
    Acl, Database, DefaultKey, Grantee, Holding, Kind, Membership, MembershipOptions, Name, Object, SettingKey, State,
    Thing, canonical_setting,
};

/// The part of a cluster that the layout speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Roles that the layout declares: everything about them is compared.
    pub roles: BTreeSet<Name>,
    /// Admins, superusers, the clouds' own roles, the provisioner: what they hold is never compared.
    pub trusted: BTreeSet<Name>,
    /// Roles that leave: default privileges of theirs go as a whole, whatever the layout says of later objects.
    pub retired: BTreeSet<Name>,
    pub databases: BTreeMap<Name, ScopedDatabase>,
    /// From 16 on, where no superuser plans: the bootstrap superuser, in whose name the server gives everybody who makes a role
    /// ADMIN OPTION on it. Those memberships are the server's, and nobody else's to take.
    pub implicit: Option<Name>,
}

/// The part of a database that the layout speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScopedDatabase {
    /// Schemas of services, with everything in them.
    pub schemas: BTreeSet<Name>,
    /// Is the ACL of schema `public` ours (and not what it holds)?
    pub public: bool,
    pub extensions: BTreeSet<Name>,
}

impl Scope {
    /// The state without what isn't ours to compare; `fresh` stands for databases that are yet to be made or opened.
    #[must_use]
    pub fn restrict(&self, state: &State, fresh: &BTreeMap<Name, Database>) -> State {
        let database = |name: &Name| fresh.get(name).or_else(|| state.databases.get(name));
        State {
            roles: state.roles.iter().filter(|(name, _)| self.roles.contains(name)).map(cloned).collect(),
            memberships: state
                .memberships
                .iter()
                .filter(|(membership, options)| self.has_membership(membership, **options))
                .map(cloned)
                .collect(),
            settings: state
                .settings
                .iter()
                .filter(|(key, _)| self.has_setting(key))
                .map(|(key, value)| (key.clone(), canonical_setting(&key.parameter, value)))
                .collect(),
            databases: self
                .databases
                .iter()
                .filter_map(|(name, scoped)| Some((name.clone(), self.database(scoped, database(name)?))))
                .collect(),
        }
    }

    /// Is the membership ours to compare?
    #[must_use]
    pub fn has_membership(&self, membership: &Membership, options: MembershipOptions) -> bool {
        let ours = self.roles.contains(&membership.role) || self.roles.contains(&membership.member);
        ours && !self.trusted.contains(&membership.member) && !self.is_implicit(membership, options)
    }

    /// The row that `CREATE ROLE` made for whoever ran it (`CreateRole` in src/backend/commands/user.c).
    #[must_use]
    pub fn is_implicit(&self, membership: &Membership, options: MembershipOptions) -> bool {
        let made = MembershipOptions { admin: true, inherit: false, set: false };
        self.implicit.as_ref() == Some(&membership.grantor) && options == made
    }

    /// `ALTER DATABASE … SET role` makes everybody's session run as another, so it is ours in a managed database;
    /// other settings of a database aren't.
    fn has_setting(&self, key: &SettingKey) -> bool {
        match (&key.role, &key.database) {
            (Some(role), _) => self.roles.contains(role),
            (None, Some(database)) => key.parameter == "role" && self.databases.contains_key(database),
            (None, None) => false,
        }
    }

    fn database(&self, scoped: &ScopedDatabase, database: &Database) -> Database {
        let mut shapes = Shapes { scope: self, last: None };
        Database {
            held: shapes.holding(&database.held),
            presence: database.presence,
            extensions: database.extensions.intersection(&scoped.extensions).cloned().collect(),
            objects: database
                .objects
                .iter()
                .filter(|(object, _)| scoped.has(object))
                .map(|(object, held)| (object.clone(), shapes.holding(held)))
                .collect(),
            things: database.things.iter().filter(|(thing, _)| scoped.has_thing(thing)).map(cloned).collect(),
            columns: database
                .columns
                .iter()
                .filter(|((object, _), _)| scoped.has(object))
                .map(|(key, acl)| (key.clone(), Arc::new(self.acl(acl))))
                .filter(|(_, acl)| **acl != Acl::default())
                .collect(),
            defaults: database
                .defaults
                .iter()
                .filter(|(key, _)| key.schema.as_ref().is_none_or(|s| scoped.schemas.contains(s)))
                .filter(|(key, _)| !self.retired.contains(&key.role))
                .map(|(key, acl)| (key.clone(), self.default_acl(key, acl)))
                .filter(|(key, acl)| *acl != key.built_in())
                .collect(),
        }
    }

    fn acl(&self, acl: &Acl) -> Acl {
        acl.without(|grantee, _| grantee.role().is_some_and(|role| self.trusted.contains(role)))
    }

    /// Default privileges as they are compared: without the owner's own entry, and without the trusted.
    fn default_acl(&self, key: &DefaultKey, acl: &Acl) -> Acl {
        self.acl(acl).without(|grantee, _| *grantee == Grantee::Role(key.role.clone()))
    }
}

impl ScopedDatabase {
    /// Is it in a schema of a service?
    #[must_use]
    pub fn has_thing(&self, thing: &Thing) -> bool {
        thing.schema.as_ref().is_some_and(|schema| self.schemas.contains(schema))
    }

    /// Is the object ours to compare?
    #[must_use]
    pub fn has(&self, object: &Object) -> bool {
        self.schemas.contains(&object.schema)
            || self.public && object.kind == Kind::Schema && object.name.as_str() == "public"
    }
}

fn cloned<K: Clone, V: Clone>((key, value): (&K, &V)) -> (K, V) {
    (key.clone(), value.clone())
}

/// Objects of one schema mostly share one ACL, and one value: restrict it once.
struct Shapes<'a> {
    scope: &'a Scope,
    last: Option<(Arc<Acl>, Arc<Acl>)>,
}

impl Shapes<'_> {
    fn holding(&mut self, held: &Holding) -> Holding {
        let acl = match &self.last {
            Some((from, to)) if Arc::ptr_eq(from, &held.acl) => Arc::clone(to),
            _ => {
                let to = Arc::new(self.scope.acl(&held.acl));
                self.last = Some((Arc::clone(&held.acl), Arc::clone(&to)));
                to
            }
        };
        Holding { owner: held.owner.clone(), acl, follows: held.follows.clone() }
    }
}
