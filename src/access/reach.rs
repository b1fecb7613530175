//! Who can do what, for all principals of a cluster at once.

use std::collections::{BTreeMap, BTreeSet};

use super::standing::{Roles, Standing};
use super::{Hop, Inside};
use crate::model::{Contents, Database, Grantee, Name, Presence, Privileges, Role, State};

/// Its one member is the owner of the database that one is in (`roles_is_member_of` in src/backend/utils/adt/acl.c).
pub(super) fn is_database_owner(role: &Name) -> bool {
    role.as_str() == "pg_database_owner"
}

/// Answers for one state of a cluster and some principals, who are known by their place in the list.
#[derive(Debug)]
pub struct Reach<'a> {
    pub(super) databases: &'a BTreeMap<Name, Database>,
    pub(super) server_version_num: u32,
    pub(super) owners_have_all: bool,
    pub(super) roles: Roles,
    pub(super) principals: Vec<Principal>,
    /// Role to the principals, and the contexts of theirs, that act with it.
    pub(super) index: Vec<Vec<(usize, usize)>>,
    /// Role to the principals that have its rights when they log in.
    logins: Vec<Vec<usize>>,
    /// The principals that may enter some database without more ado.
    pub(super) enters: BTreeSet<usize>,
}

/// Somebody whose reach is asked for.
#[derive(Debug)]
pub struct Principal {
    pub who: Grantee,
    /// None: PUBLIC, or a role that this state doesn't have.
    pub(super) standing: Option<Standing>,
    /// May it log in? What nobody can log in as needs no CONNECT to be worth knowing.
    pub login: bool,
}

impl<'a> Reach<'a> {
    /// Prepares answers. PUBLIC may be among the principals, and then stands for whatever role there may be.
    #[must_use]
    pub fn of(state: &'a State, server_version_num: u32, principals: &[Grantee]) -> Self {
        Self { owners_have_all: false, ..Self::over(state, &state.databases, server_version_num, principals) }
    }

    /// The same, with the databases of a wanted state, in which no owner's own rights are written down: it has them all.
    #[must_use]
    pub fn over(
        state: &State,
        databases: &'a BTreeMap<Name, Database>,
        server_version_num: u32,
        principals: &[Grantee],
    ) -> Self {
        let roles = Roles::of(state, server_version_num);
        let principals: Vec<Principal> = principals
            .iter()
            .map(|who| {
                let id = who.role().and_then(|role| roles.id(role));
                let login = id.is_none_or(|id| roles.attributes(id).login);
                Principal { who: who.clone(), standing: id.map(|id| roles.standing(id)), login }
            })
            .collect();
        let mut index = vec![Vec::new(); roles.names.len()];
        for (at, principal) in principals.iter().enumerate() {
            let contexts = principal.standing.iter().flat_map(|standing| standing.contexts.iter().enumerate());
            for (context, found) in contexts {
                found.acts_with.iter().for_each(|role| index[*role as usize].push((at, context)));
            }
        }
        let mut logins = vec![Vec::new(); roles.names.len()];
        for (at, principal) in principals.iter().enumerate() {
            let inherited = principal.standing.iter().flat_map(|standing| roles.inherited(standing.start()));
            inherited.for_each(|role| logins[role as usize].push(at));
        }
        let enters = BTreeSet::new();
        let mut reach =
            Self { databases, server_version_num, owners_have_all: true, roles, principals, index, logins, enters };
        reach.enters = databases.values().flat_map(|database| reach.entering(database)).collect();
        reach
    }

    /// Who may enter a database as it is: by the ACL's CONNECT, which its owner needs like anybody else.
    pub(super) fn entering(&self, database: &Database) -> BTreeSet<usize> {
        if database.presence != Presence::Open {
            return BTreeSet::new();
        }
        let mut found = BTreeSet::new();
        let entries = database.held.acl.entries();
        for (who, ..) in entries.filter(|(_, _, granted)| granted.privileges.contains(Privileges::CONNECT)) {
            let Some(role) = who.role() else {
                found.extend((0..self.principals.len()).filter(|at| self.principals[*at].who != Grantee::Public));
                continue;
            };
            let is_owner = is_database_owner(role);
            let role = if is_owner { &database.held.owner } else { role };
            let id = self.roles.id(role).filter(|id| !is_owner || !self.roles.is_closed(*id));
            found.extend(id.into_iter().flat_map(|id| &self.logins[id as usize]));
        }
        let all = self.principals.iter().enumerate();
        let open = |standing: &Standing| self.roles.attributes(standing.start()).superuser;
        found.extend(all.filter(|(_, p)| !p.login || p.standing.as_ref().is_some_and(open)).map(|(at, _)| at));
        found
    }

    /// The principals, in the order in which they are numbered.
    #[must_use]
    pub fn principals(&self) -> &[Principal] {
        &self.principals
    }

    /// Every role that it reaches, itself first: whose rights it has, and whom it may become.
    pub fn roles_of(&self, principal: usize) -> BTreeSet<&Name> {
        let standing = self.principals[principal].standing.as_ref();
        standing.into_iter().flat_map(|s| s.roles()).map(|role| self.roles.name(role)).collect()
    }

    /// Does it reach the role?
    #[must_use]
    pub fn reaches(&self, principal: usize, role: &Name) -> bool {
        let standing = self.principals[principal].standing.as_ref();
        standing.zip(self.roles.id(role)).is_some_and(|(standing, role)| standing.reaches(role))
    }

    /// May a session of it be this role?
    #[must_use]
    pub fn becomes(&self, principal: usize, role: &Name) -> bool {
        let standing = self.principals[principal].standing.as_ref();
        standing.zip(self.roles.id(role)).is_some_and(|(standing, role)| standing.becomes(role))
    }

    /// By which hops it reaches the role; none for itself.
    #[must_use]
    pub fn path_to(&self, principal: usize, role: &Name) -> Vec<Hop> {
        let standing = self.principals[principal].standing.as_ref();
        standing.zip(self.roles.id(role)).map(|(standing, role)| standing.path(&self.roles, role)).unwrap_or_default()
    }

    /// The roles on which it has ADMIN OPTION, and so may let others in.
    pub fn administered(&self, principal: usize) -> BTreeSet<&Name> {
        let standing = self.principals[principal].standing.as_ref();
        standing.into_iter().flat_map(Standing::administered).map(|role| self.roles.name(role)).collect()
    }

    /// By which hops it has it.
    #[must_use]
    pub fn path_to_admin(&self, principal: usize, role: &Name) -> Vec<Hop> {
        let standing = self.principals[principal].standing.as_ref();
        let path = standing.zip(self.roles.id(role)).map(|(standing, role)| standing.path_to_admin(&self.roles, role));
        path.unwrap_or_default()
    }

    /// Where it can act with a superuser's rights, or before 16 as a role that may grant itself every other: which, and its attribute.
    #[must_use]
    pub fn everything(&self, principal: usize) -> Option<(&Name, &'static str)> {
        let (role, attribute) = self.principals[principal].standing.as_ref()?.everything?;
        Some((self.roles.name(role), attribute))
    }

    /// The roles that it may become, each with its attributes, which no membership passes on.
    pub fn attributes(&self, principal: usize) -> impl Iterator<Item = (&Name, &Role)> {
        let standing = self.principals[principal].standing.as_ref();
        let roles = standing.into_iter().flat_map(Standing::becoming);
        roles.map(|role| (self.roles.name(role), self.roles.attributes(role)))
    }

    /// The principals that act with a role's rights, or as it.
    pub fn who_reaches(&self, role: &Name) -> BTreeSet<usize> {
        let index = self.roles.id(role).map(|role| &self.index[role as usize]);
        index.into_iter().flatten().map(|(principal, _)| *principal).collect()
    }

    /// Answers about one database; none if the state hasn't it.
    #[must_use]
    pub fn inside(&self, database: &Name, contents: &'a Contents) -> Option<Inside<'_>> {
        Some(Inside::of(self, self.databases.get_key_value(database)?, contents))
    }

    /// Answers about a database that stands elsewhere than in the state.
    #[must_use]
    pub fn over_one<'i>(&'i self, database: (&'i Name, &'i Database), contents: &'i Contents) -> Inside<'i> {
        Inside::of(self, database, contents)
    }

    /// Is it itself the role?
    pub(super) fn is(&self, principal: usize, role: u32) -> bool {
        self.principals[principal].standing.as_ref().is_some_and(|standing| standing.start() == role)
    }
}
