//! The state of a cluster, as the layout wants it or as the catalog has it: the one type that is compared.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Acl, Future, Kind, Membership, MembershipOptions, Name, Object, Role, Settings, Thing};

/// Everything that pgmoat can change. Ordered maps throughout, so that equal states give equal bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    pub roles: BTreeMap<Name, Role>,
    pub memberships: BTreeMap<Membership, MembershipOptions>,
    pub settings: Settings,
    pub databases: BTreeMap<Name, Database>,
}

/// A database, and what is inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    pub held: Holding,
    pub presence: Presence,
    pub extensions: BTreeSet<Name>,
    pub objects: BTreeMap<Object, Holding>,
    /// Owners of what is none of these kinds, and stands in a schema: collations, operators …
    pub things: BTreeMap<Thing, Name>,
    /// ACLs of single columns.
    pub columns: BTreeMap<(Object, Name), Arc<Acl>>,
    /// Default privileges; what isn't here is as the server has it built in.
    pub defaults: BTreeMap<DefaultKey, Acl>,
}

/// Is the database there?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// To be created.
    Absent,
    /// `datallowconn` is false: ours between CREATE DATABASE and the REVOKE that keeps strangers out.
    Closed,
    Open,
}

/// Who owns something, and who may use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    pub owner: Name,
    pub acl: Arc<Acl>,
    /// A sequence that belongs to a column changes hands with its table (`ATExecChangeOwner`), never alone.
    pub follows: Option<Arc<Object>>,
}

/// `ALTER DEFAULT PRIVILEGES FOR ROLE … [IN SCHEMA …] … ON TABLES`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct DefaultKey {
    pub role: Name,
    pub schema: Option<Name>,
    pub future: Future,
}

impl DefaultKey {
    /// The ACL that stands for "no row": per schema nothing is added; globally the built-in default, here without the
    /// owner's own entry, which is never compared.
    #[must_use]
    pub fn built_in(&self) -> Acl {
        let mut acl = Acl::default();
        if self.schema.is_none() {
            acl.grant(super::Grantee::Public, &self.role, self.future.public());
        }
        acl
    }
}

impl State {
    /// Is it a member of the role, by whomever?
    #[must_use]
    pub fn has_member(&self, role: &Name, member: &Name) -> bool {
        let first = Membership { role: role.clone(), member: member.clone(), grantor: Name::of_server("") };
        let next = self.memberships.range(first..).next();
        next.is_some_and(|(membership, _)| membership.role == *role && membership.member == *member)
    }
}

impl Database {
    /// The objects of one schema, the schema itself among them.
    pub fn in_schema<'a>(&'a self, schema: &'a Name) -> impl Iterator<Item = (&'a Object, &'a Holding)> {
        self.objects.range(Object::first_of(schema)..).take_while(move |(object, _)| object.schema == *schema)
    }

    /// The objects of one kind and name: of functions several, by their arguments.
    pub fn named<'a>(
        &'a self,
        schema: &Name,
        kind: Kind,
        name: &Name,
    ) -> impl Iterator<Item = (&'a Object, &'a Holding)> + use<'a> {
        let first = Object { schema: schema.clone(), kind, name: name.clone(), args: Arc::from("") };
        let like = first.clone();
        let is_one =
            move |object: &Object| (&object.schema, object.kind, &object.name) == (&like.schema, kind, &like.name);
        self.objects.range(first..).take_while(move |(object, _)| is_one(object))
    }

    /// The ACLs of a table's columns.
    pub fn columns_of(&self, table: &Object) -> impl Iterator<Item = (&(Object, Name), &Arc<Acl>)> {
        let like = table.clone();
        let columns = self.columns.range((table.clone(), Name::of_server(""))..);
        columns.take_while(move |((object, _), _)| *object == like)
    }

    /// A database without anything inside.
    #[must_use]
    pub fn new(owner: Name, acl: Acl) -> Self {
        Self {
            held: Holding::new(owner, acl),
            presence: Presence::Open,
            extensions: BTreeSet::new(),
            objects: BTreeMap::new(),
            things: BTreeMap::new(),
            columns: BTreeMap::new(),
            defaults: BTreeMap::new(),
        }
    }
}

impl Holding {
    /// Something that follows nothing.
    #[must_use]
    pub fn new(owner: Name, acl: impl Into<Arc<Acl>>) -> Self {
        Self { owner, acl: acl.into(), follows: None }
    }
}
