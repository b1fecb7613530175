//! Exceptions keep what is there, and an additive layout keeps everything: so what a plan takes by mistake isn't wanted
//! any more when the layout is read against the catalog again. It was when the plan was made.

use super::build;
use super::step::Step;
use crate::diff::{Change, diff};
use crate::model::{Desired, Grantee, Snapshot};

/// What others than the layout's roles were to keep, and don't have: the steps that would give it back.
#[must_use]
pub fn lost(after: &Snapshot, planned: &Desired) -> Vec<Step> {
    let changes = diff(&planned.current(after), &planned.state);
    let lost: Vec<Change> = changes.into_iter().filter(|change| is_of_others(change, planned)).collect();
    build::steps(lost, after, planned)
}

fn is_of_others(change: &Change, planned: &Desired) -> bool {
    let other = |grantee: &Grantee| grantee.role().is_none_or(|role| !planned.scope.roles.contains(role));
    match change {
        Change::Grant { grantee, .. } | Change::GrantDefault { grantee, .. } => other(grantee),
        Change::Join { membership, .. } | Change::AlterMembership { membership, .. } => {
            !planned.scope.roles.contains(&membership.member)
        }
        _ => false,
    }
}
