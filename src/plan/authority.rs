//! What the role that plans may do on this server, and what it lacks. Only for those who are no superuser.

use std::collections::BTreeSet;

use crate::model::{Membership, MembershipOptions, Name, Role, RoleGraph, Server, Snapshot};

/// A right that is lacking.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lack {
    /// For people.
    pub(super) needs: String,
    pub(super) once: Once,
}

/// What somebody with the right must run once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Once {
    /// The step itself.
    Step,
    /// This, and then the step is ours to do.
    Statement(String),
    /// Nothing: it follows when something else is done.
    Nothing,
}

/// Rights taken for the length of a transaction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Loan {
    pub(super) membership: Membership,
    /// What this very membership gave before, and must give afterwards.
    pub(super) before: Option<MembershipOptions>,
}

/// The role that plans, on the server as it was read.
pub(super) struct Authority<'a> {
    snapshot: &'a Snapshot,
    attributes: Role,
    graph: RoleGraph,
    acts_with: BTreeSet<Name>,
    may_become: BTreeSet<Name>,
    /// Made by this plan, and so ours.
    new_roles: BTreeSet<Name>,
}

impl<'a> Authority<'a> {
    pub(super) fn of(snapshot: &'a Snapshot, new_roles: BTreeSet<Name>) -> Self {
        let (server, state) = (&snapshot.server, &snapshot.state);
        let graph = RoleGraph::of(state, server.version_num);
        let user = &server.user;
        Self {
            snapshot,
            attributes: state.roles.get(user).copied().unwrap_or(Role::PLAIN),
            acts_with: graph.acts_with(user, None),
            may_become: graph.may_become(user),
            graph,
            new_roles,
        }
    }

    pub(super) fn server(&self) -> &'a Server {
        &self.snapshot.server
    }

    pub(super) fn attributes(&self) -> Role {
        self.attributes
    }

    /// May we act as this role, as if its objects were ours? Answers what must be borrowed for it, if anything.
    pub(super) fn be(&self, role: &Name) -> Result<Option<Loan>, Lack> {
        if self.acts_with.contains(role) && self.may_become.contains(role) {
            return Ok(None);
        }
        let user = &self.server().user;
        if self.is_superuser(role) {
            return Err(step(format!("{} is a superuser, as whom nobody else may act", role.shown())));
        }
        if role.as_str().starts_with("pg_") {
            return Err(step(format!("nobody may act as {}", role.shown())));
        }
        let Some(grantor) = self.grantor(role) else {
            let declared = if self.server().has_membership_options() { "ADMIN OPTION on it" } else { "CREATEROLE" };
            return Err(step(format!("{} may not act as {}: it lacks {declared}", user.shown(), role.shown())));
        };
        if !self.server().has_membership_options() && (self.may_become.contains(role) || !self.attributes.inherit) {
            let statement = format!("ALTER ROLE {} INHERIT", user.quoted());
            return Err(once(format!("{} is NOINHERIT", user.shown()), statement));
        }
        let membership = Membership { role: role.clone(), member: user.clone(), grantor };
        let before = self.snapshot.state.memberships.get(&membership).copied();
        Ok(Some(Loan { membership, before }))
    }

    /// May we change this role, and grant it to others?
    pub(super) fn administer(&self, role: &Name) -> Result<(), Lack> {
        if self.is_superuser(role) {
            return Err(step(format!("{} is a superuser, whom only another may change", role.shown())));
        }
        if self.grantor(role).is_some() {
            return Ok(());
        }
        let user = &self.server().user;
        if !self.server().has_membership_options() {
            return Err(self.create_role().err().unwrap_or_else(|| step(format!("nobody may grant {}", role.shown()))));
        }
        let statement =
            format!("GRANT {} TO {} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE", role.quoted(), user.quoted());
        Err(once(format!("{} lacks ADMIN OPTION on {}, which it didn't make", user.shown(), role.shown()), statement))
    }

    /// The same for several; what lacks on all of them can be given at once.
    pub(super) fn administer_all<'n>(&self, roles: impl Iterator<Item = &'n Name>) -> Result<(), Lack> {
        let lacks: Vec<(&Name, Lack)> = roles.filter_map(|role| Some((role, self.administer(role).err()?))).collect();
        let Some((_, first)) = lacks.first() else { return Ok(()) };
        if !self.server().has_membership_options() || lacks.iter().any(|(_, lack)| lack.once == Once::Step) {
            return Err(first.clone());
        }
        let names =
            |shown: fn(&Name) -> String| lacks.iter().map(|(role, _)| shown(role)).collect::<Vec<_>>().join(", ");
        let (user, list) = (&self.server().user, names(Name::quoted));
        let statement = format!("GRANT {list} TO {} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE", user.quoted());
        Err(once(format!("{} lacks ADMIN OPTION on {}", user.shown(), names(Name::shown)), statement))
    }

    /// May we make roles, and change them at all?
    pub(super) fn create_role(&self) -> Result<(), Lack> {
        self.attribute(self.attributes.create_role, "CREATEROLE")
    }

    pub(super) fn create_database(&self) -> Result<(), Lack> {
        self.attribute(self.attributes.create_db, "CREATEDB")
    }

    fn attribute(&self, has: bool, keyword: &str) -> Result<(), Lack> {
        let user = &self.server().user;
        let lacks =
            || once(format!("{} lacks {keyword}", user.shown()), format!("ALTER ROLE {} {keyword}", user.quoted()));
        if has { Ok(()) } else { Err(lacks()) }
    }

    /// Whose name stands in a membership that we grant in this role. Before 16 CREATEROLE is enough for every role but
    /// superusers; from 16 on it takes ADMIN OPTION, which who makes a role has on it.
    /// <https://www.postgresql.org/docs/16/release-16.html>
    fn grantor(&self, role: &Name) -> Option<Name> {
        let user = &self.server().user;
        if self.new_roles.contains(role) {
            return Some(user.clone());
        }
        let by_attribute = !self.server().has_membership_options() && self.attributes.create_role;
        if by_attribute { Some(user.clone()) } else { self.graph.administers(user, role) }
    }

    /// Has the role itself, or one whose rights it has, this name?
    pub(super) fn has_rights_of(&self, role: &Name) -> bool {
        self.acts_with.contains(role)
    }

    fn is_superuser(&self, role: &Name) -> bool {
        self.snapshot.state.roles.get(role).is_some_and(|role| role.superuser)
    }
}

/// Somebody else must do the step.
pub(super) fn step(needs: String) -> Lack {
    Lack { needs, once: Once::Step }
}

/// After this statement the step is ours.
pub(super) fn once(needs: String, statement: String) -> Lack {
    Lack { needs, once: Once::Statement(statement) }
}

/// Something else must be done first.
pub(super) fn after(needs: String) -> Lack {
    Lack { needs, once: Once::Nothing }
}
