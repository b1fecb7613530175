//! What stays open because closing it is out of reach: by the exact identity of what the change is about.

use crate::access::Hop;
use crate::diff::{Change, Revoke, Target as Changed};
use crate::model::{Grantee, Membership};
use crate::proof::{Finding, Target};

/// Whether a finding is what this change would have closed. A grant closes nothing.
pub(super) fn leaves_open(change: &Change, finding: &Finding) -> bool {
    match change {
        Change::Own { target, .. } => finding.object == object(target),
        Change::Revoke(revoke) => finding.object == object(&revoke.target) && passes_grant(finding, revoke),
        Change::RevokeDefault { database, key, grantee, .. } => {
            finding.object == Target::defaults(database, key) && principal(grantee) == finding.principal
        }
        Change::Leave { membership, .. } | Change::AlterMembership { membership, .. } => {
            finding.object == Target::role(&membership.role) && passes(finding, membership)
        }
        Change::AlterRole { name, .. } => finding.object == Target::role(name),
        _ => false,
    }
}

/// A column has no findings of its own: they are about its table.
fn object(target: &Changed) -> Target {
    match target {
        Changed::Database(name) => Target::database(name),
        Changed::Object(database, object) | Changed::Column(database, object, _) => Target::object(database, object),
    }
}

fn principal(grantee: &Grantee) -> String {
    grantee.role().map_or_else(|| "PUBLIC".into(), |role| role.as_str().into())
}

/// Whether the path to the object goes over what the grantee was granted, as far as it goes over grants.
fn passes_grant(finding: &Finding, revoke: &Revoke) -> bool {
    let mut grants = finding.path.iter().filter_map(|hop| match hop {
        Hop::Acl { grantee, .. } | Hop::Column { grantee, .. } => Some(grantee),
        _ => None,
    });
    grants.clone().next().is_none() || grants.any(|grantee| *grantee == revoke.grantee)
}

/// Whether the path goes over exactly this membership.
fn passes(finding: &Finding, membership: &Membership) -> bool {
    let mut at = finding.principal.as_str();
    for hop in &finding.path {
        if let Hop::Member { role, grantor, .. } = hop {
            if (at, role, grantor) == (membership.member.as_str(), &membership.role, &membership.grantor) {
                return true;
            }
            at = role.as_str();
        }
    }
    false
}
