//! Which step runs in which transaction. Our own transactions must never wait for each other: from 16 on GRANT of a role
//! locks it until commit, so everything about a service's role runs where the service lives.

use std::collections::BTreeSet;

use super::Stage;
use super::circles::{self, First};
use crate::diff::{Change, Retirement, Target};
use crate::model::{Desired, Membership, Name, Presence, Snapshot};

/// Where a change belongs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) stage: Stage,
    pub(super) database: Name,
}

/// The rule, for one plan.
pub(super) struct Placement<'a> {
    desired: &'a Desired,
    /// All changes concern this one existing database: everything is one transaction in it.
    single: Option<Name>,
    /// Databases whose owner changes, where that takes borrowed rights: in their own transaction, with all else that is done as
    /// their owner.
    moved: BTreeSet<Name>,
    /// Databases that stay closed, because to open them is out of reach: nothing runs in them.
    unopened: BTreeSet<Name>,
    first: First,
}

impl<'a> Placement<'a> {
    pub(super) fn new(changes: &[Change], snapshot: &Snapshot, desired: &'a Desired, unopened: BTreeSet<Name>) -> Self {
        let moves = |change: &Change| match change {
            Change::Own { target: Target::Database(name), .. } if !snapshot.server.superuser => Some(name.clone()),
            _ => None,
        };
        let moved = changes.iter().filter_map(moves).collect();
        let first = circles::first(changes, snapshot);
        let mut placement = Self { desired, single: None, moved, unopened, first };
        let opens = changes.iter().any(|change| matches!(change, Change::OpenDatabase { .. }));
        let changes = changes.iter().filter(|change| !is_last(change));
        let homes: BTreeSet<Name> = changes.map(|change| placement.home(change)).collect();
        let mut elsewhere = homes.into_iter().filter(|home| *home != desired.maintenance);
        placement.single = match (elsewhere.next(), elsewhere.next(), opens) {
            (only, None, false) => Some(only.unwrap_or_else(|| desired.maintenance.clone())),
            _ => None,
        };
        placement
    }

    pub(super) fn of(&self, change: &Change) -> Place {
        if is_last(change) {
            return Place { stage: Stage::Retire, database: self.desired.maintenance.clone() };
        }
        if let Some(database) = &self.single {
            return Place { stage: Stage::Converge, database: database.clone() };
        }
        let stage = match change {
            Change::CreateRole { .. } => Stage::Prepare,
            // another database's transaction must see that it is gone
            Change::Leave { membership, .. } if self.is_in_the_way_elsewhere(membership) => {
                return Place { stage: Stage::Prepare, database: self.desired.maintenance.clone() };
            }
            Change::OpenDatabase { .. } => Stage::Database,
            _ => Stage::Converge,
        };
        Place { stage, database: self.home(change) }
    }

    /// The database in which the change would be made, if it stays closed.
    pub(super) fn closed(&self, change: &Change) -> Option<&Name> {
        let place = self.of(change);
        self.unopened.get(&place.database).filter(|_| place.stage == Stage::Converge)
    }

    /// Does it go before others come, which it would close a circle with?
    pub(super) fn goes_first(&self, role: &str, members: &[String]) -> bool {
        let is_it =
            |m: &Membership| m.role.as_str() == role && members.iter().any(|member| m.member.as_str() == member);
        self.first.keys().any(is_it)
    }

    /// What waits for such a membership to go: role and member.
    pub(super) fn waiting_for(&self, membership: &Membership) -> impl Iterator<Item = &circles::Pair> {
        self.first.get(membership).into_iter().flatten()
    }

    fn is_in_the_way_elsewhere(&self, membership: &Membership) -> bool {
        let home = self.of_role(&membership.role);
        self.waiting_for(membership).any(|(role, _)| self.of_role(role) != home)
    }

    fn of_role(&self, role: &Name) -> Name {
        match self.desired.homes.get(role) {
            Some(home) if self.is_open(&home.database) => home.database.clone(),
            _ => self.desired.maintenance.clone(),
        }
    }

    fn home(&self, change: &Change) -> Name {
        let of_role = |role: &Name| self.of_role(role);
        match change {
            Change::Join { membership, .. }
            | Change::AlterMembership { membership, .. }
            | Change::Leave { membership, .. } => of_role(&membership.role),
            Change::Set { key, .. } | Change::Reset { key, .. } => {
                key.role.as_ref().map_or_else(|| self.desired.maintenance.clone(), of_role)
            }
            Change::CreateSchema { database, .. }
            | Change::CreateExtension { database, .. }
            | Change::Move { database, .. }
            | Change::GrantDefault { database, .. }
            | Change::RevokeDefault { database, .. } => database.clone(),
            Change::Retire(Retirement::JoinAgain { membership, .. }) => of_role(&membership.role),
            Change::Retire(retirement) => retirement.database().unwrap_or(&self.desired.maintenance).clone(),
            Change::Own { target, .. } | Change::Grant { target, .. } => self.of_target(target),
            Change::Revoke(revoke) => self.of_target(&revoke.target),
            Change::CreateRole { .. } | Change::AlterRole { .. } | Change::OpenDatabase { .. } => {
                self.desired.maintenance.clone()
            }
        }
    }

    fn of_target(&self, target: &Target) -> Name {
        match target {
            Target::Database(name) if self.moved.contains(name) && !self.unopened.contains(name) => name.clone(),
            Target::Database(_) => self.desired.maintenance.clone(),
            Target::Object(database, _) | Target::Column(database, ..) => database.clone(),
        }
    }

    fn is_open(&self, database: &Name) -> bool {
        let opens = self.desired.state.databases.get(database).is_some_and(|d| d.presence == Presence::Open);
        opens && !self.unopened.contains(database)
    }
}

/// Only when nothing hangs on it any more in any database.
fn is_last(change: &Change) -> bool {
    matches!(change, Change::Retire(retirement) if retirement.is_last())
}
