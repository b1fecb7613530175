//! Memberships: whose rights a role has, and whom it may become.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Name, State};

/// Who is a member of what, for the two things that a membership gives.
#[derive(Debug)]
pub(super) struct Graph {
    inherits: BTreeMap<Name, BTreeSet<Name>>,
    sets: BTreeMap<Name, BTreeSet<Name>>,
    superusers: BTreeSet<Name>,
    /// Before 16 the members that don't inherit: neither what they are members of, nor what the owner of a database has.
    closed: BTreeSet<Name>,
    everybody: BTreeSet<Name>,
}

impl Graph {
    pub(super) fn of(state: &State, server_version_num: u32) -> Self {
        let by_member = server_version_num < 160_000;
        let closed: BTreeSet<Name> =
            state.roles.iter().filter(|(_, role)| by_member && !role.inherit).map(|(name, _)| name.clone()).collect();
        let (mut inherits, mut sets) = (BTreeMap::<_, BTreeSet<Name>>::new(), BTreeMap::<_, BTreeSet<Name>>::new());
        for (membership, options) in &state.memberships {
            let (member, role) = (membership.member.clone(), membership.role.clone());
            let inherit = if by_member { !closed.contains(&member) } else { options.inherit };
            if inherit {
                inherits.entry(member.clone()).or_default().insert(role.clone());
            }
            if by_member || options.set {
                sets.entry(member).or_default().insert(role);
            }
        }
        let superusers = state.roles.iter().filter(|(_, role)| role.superuser).map(|(name, _)| name.clone()).collect();
        Self { inherits, sets, superusers, closed, everybody: state.roles.keys().cloned().collect() }
    }

    /// `has_privs_of_role` in src/backend/utils/adt/acl.c, with the implicit membership of a database's owner in
    /// `pg_database_owner`.
    pub(super) fn acts_with(&self, role: &Name, database_owner: Option<&Name>) -> BTreeSet<Name> {
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
    pub(super) fn may_become(&self, role: &Name) -> BTreeSet<Name> {
        if self.superusers.contains(role) {
            return self.everybody.clone();
        }
        closure(role, |of| self.sets.get(of).into_iter().flatten().cloned().collect())
    }
}

fn closure(from: &Name, next: impl Fn(&Name) -> Vec<Name>) -> BTreeSet<Name> {
    let (mut found, mut open) = (BTreeSet::from([from.clone()]), vec![from.clone()]);
    while let Some(name) = open.pop() {
        open.extend(next(&name).into_iter().filter(|further| found.insert(further.clone())));
    }
    found
}
