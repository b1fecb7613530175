//! Roles, memberships and settings.

use super::{Change, merge};
use crate::model::{Role, State};

pub(super) fn roles(from: &State, to: &State, changes: &mut Vec<Change>) {
    merge(&from.roles, &to.roles, |name, before, after| {
        let Some(after) = after else { return };
        let before = before.copied().unwrap_or_else(|| {
            let role = Role { login: false, ..*after };
            changes.push(Change::CreateRole { name: name.clone(), role });
            role
        });
        if before != *after {
            changes.push(Change::AlterRole { name: name.clone(), from: before, to: *after });
        }
    });
}

pub(super) fn memberships(from: &State, to: &State, changes: &mut Vec<Change>) {
    merge(&from.memberships, &to.memberships, |membership, before, after| {
        let membership = membership.clone();
        match (before, after) {
            (None, Some(options)) => changes.push(Change::Join { membership, options: *options }),
            (Some(options), None) => changes.push(Change::Leave { membership, options: *options }),
            (Some(from), Some(to)) if from != to => {
                changes.push(Change::AlterMembership { membership, from: *from, to: *to });
            }
            _ => {}
        }
    });
}

pub(super) fn settings(from: &State, to: &State, changes: &mut Vec<Change>) {
    merge(&from.settings, &to.settings, |key, before, after| {
        let key = key.clone();
        match (before, after) {
            (Some(from), None) => changes.push(Change::Reset { key, from: from.clone() }),
            (from, Some(to)) if from != Some(to) => {
                changes.push(Change::Set { key, from: from.cloned(), to: to.clone() });
            }
            _ => {}
        }
    });
}
