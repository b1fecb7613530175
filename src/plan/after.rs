//! Who may be whom, and connect where, when some changes were made.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::{Change, Retirement, Revoke, Target};
use crate::model::{Granted, Grantee, Name, Privileges, Role, RoleGraph, Snapshot, State};

/// The cluster as the changes leave it, beside what it was.
pub(super) struct After<'a> {
    snapshot: &'a Snapshot,
    state: State,
    before: RoleGraph,
    after: RoleGraph,
    doors: BTreeMap<&'a Name, Door>,
}

/// Who may connect to a database, and by whose word.
struct Door {
    owner: Name,
    connects: BTreeSet<(Grantee, Name)>,
}

impl<'a> After<'a> {
    pub(super) fn of(snapshot: &'a Snapshot, changes: &[Change]) -> Self {
        let version = snapshot.server.version_num;
        let (roles, memberships) = (snapshot.state.roles.clone(), snapshot.state.memberships.clone());
        let mut state = State { roles, memberships, ..State::default() };
        let mut doors: BTreeMap<&Name, Door> = snapshot
            .state
            .databases
            .iter()
            .map(|(name, found)| {
                let held = &found.held;
                let connects = held.acl.entries().filter(|(_, _, granted)| has(granted.privileges));
                let connects = connects.map(|(grantee, grantor, _)| (grantee.clone(), grantor.clone())).collect();
                (name, Door { owner: held.owner.clone(), connects })
            })
            .collect();
        for change in changes {
            shared(&mut state, change);
            door(&mut doors, change);
        }
        let (before, after) = (RoleGraph::of(&snapshot.state, version), RoleGraph::of(&state, version));
        Self { snapshot, state, before, after, doors }
    }

    pub(super) fn roles(&self) -> &BTreeMap<Name, Role> {
        &self.state.roles
    }

    /// As whom a session of the role might have acted, and can't any more.
    pub(super) fn no_longer(&self, role: &Name) -> Vec<Name> {
        if !self.snapshot.state.roles.contains_key(role) {
            return Vec::new();
        }
        self.before.may_become(role).difference(&self.after.may_become(role)).cloned().collect()
    }

    /// Whose rights it had, or could take.
    pub(super) fn had(&self, role: &Name) -> BTreeSet<Name> {
        let mut had = self.before.may_become(role);
        had.extend(self.before.acts_with(role, None));
        had
    }

    /// Whose rights it has.
    pub(super) fn rights_of(&self, role: &Name) -> BTreeSet<Name> {
        self.after.acts_with(role, None)
    }

    /// May a session of the role begin there?
    pub(super) fn may_connect(&self, role: &Name, database: &Name) -> bool {
        let Some(door) = self.doors.get(database) else { return true };
        let rights = self.after.acts_with(role, Some(&door.owner));
        let his = |grantee: &Grantee| grantee.role().is_none_or(|grantee| rights.contains(grantee));
        self.state.roles.get(role).is_some_and(|role| role.login)
            && door.connects.iter().any(|(grantee, _)| his(grantee))
    }
}

fn has(privileges: Privileges) -> bool {
    privileges.contains(Privileges::CONNECT)
}

fn shared(state: &mut State, change: &Change) {
    match change {
        Change::CreateRole { name, role } => {
            state.roles.insert(name.clone(), *role);
        }
        Change::AlterRole { name, to, .. } => {
            state.roles.insert(name.clone(), *to);
        }
        Change::Join { membership, options } | Change::Retire(Retirement::JoinAgain { membership, options, .. }) => {
            state.memberships.insert(membership.clone(), *options);
        }
        Change::AlterMembership { membership, to, .. } => {
            state.memberships.insert(membership.clone(), *to);
        }
        Change::Leave { membership, .. } => {
            state.memberships.remove(membership);
        }
        _ => {}
    }
}

fn door(doors: &mut BTreeMap<&Name, Door>, change: &Change) {
    match change {
        Change::Own { target: Target::Database(name), from, to } => {
            let Some(door) = doors.get_mut(name) else { return };
            let other = |role: Name| if role == *from { to.clone() } else { role };
            let moved = std::mem::take(&mut door.connects).into_iter().map(|(grantee, grantor)| match grantee {
                Grantee::Role(role) => (Grantee::Role(other(role)), other(grantor)),
                Grantee::Public => (Grantee::Public, other(grantor)),
            });
            door.connects = moved.collect();
            door.owner = to.clone();
        }
        Change::Grant { target: Target::Database(name), owner, grantee, privileges } if has(*privileges) => {
            doors.get_mut(name).map(|door| door.connects.insert((grantee.clone(), owner.clone())));
        }
        Change::Revoke(Revoke { target: Target::Database(name), grantor, grantee, privileges, with_it, .. })
            if has(*privileges) =>
        {
            let Some(door) = doors.get_mut(name) else { return };
            door.connects.remove(&(grantee.clone(), grantor.clone()));
            let too = |(_, _, granted): &&(Grantee, Name, Granted)| has(granted.privileges);
            for (grantee, grantor, _) in with_it.iter().filter(too) {
                door.connects.remove(&(grantee.clone(), grantor.clone()));
            }
        }
        Change::OpenDatabase { database, .. } => {
            if let Some(door) = doors.get_mut(database) {
                door.connects.retain(|(grantee, _)| *grantee != Grantee::Public);
            }
        }
        _ => {}
    }
}
