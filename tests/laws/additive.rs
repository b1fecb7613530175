//! What a plan that only adds may do, and what is left for one that doesn't.

use pgmoat::diff::{Change, Target};
use pgmoat::model::{MembershipOptions, Name, Role, State};

/// Does nobody lose anything by it?
pub(crate) fn adds(change: &Change, before: &State) -> bool {
    match change {
        Change::CreateRole { .. }
        | Change::Join { .. }
        | Change::Set { from: None, .. }
        | Change::OpenDatabase { .. }
        | Change::CreateSchema { .. }
        | Change::CreateExtension { .. }
        | Change::Grant { .. }
        | Change::GrantDefault { .. } => true,
        Change::AlterRole { from, to, .. } => !is_less(from, to),
        Change::AlterMembership { from, to, .. } => has(to, from),
        // of a role that nobody has worked as, later functions may be closed
        Change::RevokeDefault { key, privileges, options, .. } => {
            options.is_empty()
                && key.schema.is_none()
                && key.future.public().contains(*privileges)
                && !before.memberships.keys().any(|membership| membership.role == key.role)
        }
        _ => false,
    }
}

/// Does somebody lose something by it, or is it what somebody who was the owner needs then?
pub(crate) fn is_withheld(change: &Change, more: &State) -> bool {
    match change {
        Change::Leave { .. } | Change::Reset { .. } | Change::Own { .. } | Change::Move { .. } | Change::Revoke(_) => {
            true
        }
        Change::RevokeDefault { .. } | Change::Set { from: Some(_), .. } => true,
        // of a login that is at work as itself
        Change::Set { key, .. } => {
            key.parameter == "role" && key.role.as_ref().is_some_and(|role| more.roles[role].login)
        }
        Change::AlterRole { from, to, .. } => is_less(from, to),
        Change::AlterMembership { from, to, .. } => has(from, to),
        Change::Grant { target, grantee, .. } => grantee.role().is_some_and(|role| owner(more, target) == Some(role)),
        _ => false,
    }
}

fn is_less(from: &Role, to: &Role) -> bool {
    let limit = |role: &Role| if role.connection_limit < 0 { i32::MAX } else { role.connection_limit };
    from.flags().iter().zip(to.flags()).any(|((_, before), (_, after))| *before && !after) || limit(to) < limit(from)
}

fn has(all: &MembershipOptions, some: &MembershipOptions) -> bool {
    all.admin >= some.admin && all.inherit >= some.inherit && all.set >= some.set
}

fn owner<'a>(state: &'a State, target: &Target) -> Option<&'a Name> {
    let database = &state.databases[target.database()];
    match target {
        Target::Database(_) => Some(&database.held.owner),
        Target::Object(_, object) | Target::Column(_, object, _) => {
            database.objects.get(object).map(|held| &held.owner)
        }
    }
}
