//! Which step runs in which transaction. Our own transactions must never wait for each other: from 16 on GRANT of a role
//! locks it until commit, so everything about a service's role runs where the service lives.

use std::collections::BTreeSet;

use super::Stage;
use crate::diff::{Change, Target};
use crate::model::{Desired, Name, Presence};

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
}

impl<'a> Placement<'a> {
    pub(super) fn new(changes: &[Change], desired: &'a Desired) -> Self {
        let mut placement = Self { desired, single: None };
        let opens = changes.iter().any(|change| matches!(change, Change::OpenDatabase { .. }));
        let homes: BTreeSet<Name> = changes.iter().map(|change| placement.home(change)).collect();
        let mut elsewhere = homes.into_iter().filter(|home| *home != desired.maintenance);
        placement.single = match (elsewhere.next(), elsewhere.next(), opens) {
            (only, None, false) => Some(only.unwrap_or_else(|| desired.maintenance.clone())),
            _ => None,
        };
        placement
    }

    pub(super) fn of(&self, change: &Change) -> Place {
        if let Some(database) = &self.single {
            return Place { stage: Stage::Converge, database: database.clone() };
        }
        let stage = match change {
            Change::CreateRole { .. } => Stage::Prepare,
            Change::OpenDatabase { .. } => Stage::Database,
            _ => Stage::Converge,
        };
        Place { stage, database: self.home(change) }
    }

    fn home(&self, change: &Change) -> Name {
        let of_role = |role: &Name| match self.desired.homes.get(role) {
            Some(home) if self.is_open(&home.database) => home.database.clone(),
            _ => self.desired.maintenance.clone(),
        };
        match change {
            Change::Join { membership, .. }
            | Change::AlterMembership { membership, .. }
            | Change::Leave { membership, .. } => of_role(&membership.role),
            Change::Set { key, .. } | Change::Reset { key, .. } => {
                key.role.as_ref().map_or_else(|| self.desired.maintenance.clone(), of_role)
            }
            Change::CreateSchema { database, .. }
            | Change::CreateExtension { database, .. }
            | Change::GrantDefault { database, .. }
            | Change::RevokeDefault { database, .. } => database.clone(),
            Change::Own { target, .. } | Change::Grant { target, .. } => self.of_target(target),
            Change::Revoke(revoke) => self.of_target(&revoke.target),
            Change::CreateRole { .. } | Change::AlterRole { .. } | Change::OpenDatabase { .. } => {
                self.desired.maintenance.clone()
            }
        }
    }

    fn of_target(&self, target: &Target) -> Name {
        match target {
            Target::Database(_) => self.desired.maintenance.clone(),
            Target::Object(database, _) | Target::Column(database, ..) => database.clone(),
        }
    }

    fn is_open(&self, database: &Name) -> bool {
        self.desired.state.databases.get(database).is_some_and(|d| d.presence == Presence::Open)
    }
}
