//! Memberships: whose rights a role has, whom it may become, and whom it may grant to others.

use std::collections::{BTreeMap, BTreeSet};

use super::{Name, State};

/// Who is a member of what, for the three things that a membership gives.
#[derive(Debug)]
pub struct RoleGraph {
    inherits: BTreeMap<Name, BTreeSet<Name>>,
    sets: BTreeMap<Name, BTreeSet<Name>>,
    /// Role to those that hold ADMIN OPTION on it.
    admins: BTreeMap<Name, BTreeSet<Name>>,
    by_member: bool,
    superusers: BTreeSet<Name>,
    /// Before 16 the members that don't inherit: neither what they are members of, nor what the owner of a database has.
    closed: BTreeSet<Name>,
    everybody: BTreeSet<Name>,
}

impl RoleGraph {
    /// From memberships and attributes; the version decides how memberships inherit.
    #[must_use]
    pub fn of(state: &State, server_version_num: u32) -> Self {
        let by_member = server_version_num < 160_000;
        let closed: BTreeSet<Name> =
            state.roles.iter().filter(|(_, role)| by_member && !role.inherit).map(|(name, _)| name.clone()).collect();
        let mut inherits = BTreeMap::<_, BTreeSet<Name>>::new();
        let (mut sets, mut admins) = (inherits.clone(), inherits.clone());
        for (membership, options) in &state.memberships {
            let (member, role) = (membership.member.clone(), membership.role.clone());
            if options.admin {
                admins.entry(role.clone()).or_default().insert(member.clone());
            }
            let inherit = if by_member { !closed.contains(&member) } else { options.inherit };
            if inherit {
                inherits.entry(member.clone()).or_default().insert(role.clone());
            }
            if by_member || options.set {
                sets.entry(member).or_default().insert(role);
            }
        }
        let superusers = state.roles.iter().filter(|(_, role)| role.superuser).map(|(name, _)| name.clone()).collect();
        let everybody = state.roles.keys().cloned().collect();
        Self { inherits, sets, admins, by_member, superusers, closed, everybody }
    }

    /// `has_privs_of_role` in src/backend/utils/adt/acl.c, with the implicit membership of a database's owner in
    /// `pg_database_owner`.
    #[must_use]
    pub fn acts_with(&self, role: &Name, database_owner: Option<&Name>) -> BTreeSet<Name> {
        if self.superusers.contains(role) {
            return self.everybody.clone();
        }
        closure(role, |of| {
            let owns = database_owner == Some(of) && !self.closed.contains(of);
            let implicit = owns.then(|| Name::of_server("pg_database_owner"));
            self.inherits.get(of).into_iter().flatten().cloned().chain(implicit).collect()
        })
    }

    /// `member_can_set_role`: a session goes from its own role, step by step over memberships that allow it.
    #[must_use]
    pub fn may_become(&self, role: &Name) -> BTreeSet<Name> {
        if self.superusers.contains(role) {
            return self.everybody.clone();
        }
        closure(role, |of| self.sets.get(of).into_iter().flatten().cloned().collect())
    }

    /// Through which role it holds ADMIN OPTION on another, itself if it can: the grantor that the server writes down
    /// (`select_best_admin` in src/backend/utils/adt/acl.c). ADMIN OPTION is inherited from 16 on, and before reached by any
    /// membership.
    #[must_use]
    pub fn administers(&self, role: &Name, other: &Name) -> Option<Name> {
        let admins = self.admins.get(other)?;
        let edges = if self.by_member { &self.sets } else { &self.inherits };
        let through = closure(role, |of| edges.get(of).into_iter().flatten().cloned().collect());
        if admins.contains(role) { Some(role.clone()) } else { through.intersection(admins).next().cloned() }
    }
}

fn closure(from: &Name, next: impl Fn(&Name) -> Vec<Name>) -> BTreeSet<Name> {
    let (mut found, mut open) = (BTreeSet::from([from.clone()]), vec![from.clone()]);
    while let Some(name) = open.pop() {
        open.extend(next(&name).into_iter().filter(|further| found.insert(further.clone())));
    }
    found
}
