//! What stays open because closing it is out of reach: by the exact identity of what the change is about.

use crate::access::Hop;
use crate::diff::{Change, Revoke, Target as Changed};
use crate::model::{Grantee, Membership};
use crate::proof::{Finding, Target};

/// Whether a finding is what this change would have closed. A grant closes nothing.
pub(super) fn leaves_open(change: &Change, finding: &Finding) -> bool {
    is_about(change, &Open { object: &finding.object, principal: &finding.principal, path: &finding.path })
}

/// What a finding says.
struct Open<'a> {
    object: &'a Target,
    principal: &'a str,
    path: &'a [Hop],
}

fn is_about(change: &Change, finding: &Open<'_>) -> bool {
    match change {
        Change::Own { target, .. } => *finding.object == object(target),
        Change::Revoke(revoke) => *finding.object == object(&revoke.target) && passes_grant(finding, revoke),
        Change::RevokeDefault { database, key, grantee, .. } => {
            *finding.object == Target::defaults(database, key) && principal(grantee) == finding.principal
        }
        Change::Leave { membership, .. } | Change::AlterMembership { membership, .. } => {
            *finding.object == Target::role(&membership.role) && passes(finding, membership)
        }
        Change::AlterRole { name, .. } => *finding.object == Target::role(name),
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
fn passes_grant(finding: &Open<'_>, revoke: &Revoke) -> bool {
    let mut grants = finding.path.iter().filter_map(|hop| match hop {
        Hop::Acl { grantee, .. } | Hop::Column { grantee, .. } => Some(grantee),
        _ => None,
    });
    grants.clone().next().is_none() || grants.any(|grantee| *grantee == revoke.grantee)
}

/// Whether the path goes over exactly this membership.
fn passes(finding: &Open<'_>, membership: &Membership) -> bool {
    let mut at = finding.principal;
    for hop in finding.path {
        if let Hop::Member { role, grantor, .. } = hop {
            if (at, role, grantor) == (membership.member.as_str(), &membership.role, &membership.grantor) {
                return true;
            }
            at = role.as_str();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::How;
    use crate::model::{DefaultKey, Future, Kind, Name, Object, Privileges};

    fn name(text: &str) -> Name {
        Name::of_server(text)
    }

    fn table(schema: &str) -> Object {
        Object { schema: name(schema), kind: Kind::Table, name: name("t"), args: "".into() }
    }

    #[test]
    fn a_table_of_the_same_name_is_another() {
        let target = Changed::Object(name("d"), table("a"));
        let own = Change::Own { target, from: name("x"), to: name("y") };
        let open = |schema| Target::object(&name("d"), &table(schema));
        let is_open = |schema| is_about(&own, &Open { object: &open(schema), principal: "x", path: &[] });
        assert!(is_open("a") && !is_open("b"));
    }

    #[test]
    fn default_privileges_are_of_a_role_a_schema_and_a_kind() {
        let key = |role: &str, schema: Option<&str>, future| DefaultKey {
            role: name(role),
            schema: schema.map(name),
            future,
        };
        let (database, planted) = (name("d"), key("x", Some("a"), Future::Tables));
        let change = Change::RevokeDefault {
            database: database.clone(),
            key: planted.clone(),
            grantee: Grantee::Role(name("g")),
            privileges: Privileges::SELECT,
            options: Privileges::NONE,
        };
        let open = |key: &DefaultKey, principal| {
            let object = Target::defaults(&database, key);
            is_about(&change, &Open { object: &object, principal, path: &[] })
        };
        assert!(open(&planted, "g") && !open(&planted, "h"));
        let others = [
            key("y", Some("a"), Future::Tables),
            key("x", Some("b"), Future::Tables),
            key("x", None, Future::Tables),
            key("x", Some("a"), Future::Sequences),
        ];
        assert!(others.iter().all(|other| !open(other, "g")));
    }

    #[test]
    fn a_membership_is_of_a_role_a_member_and_a_grantor() {
        let membership = Membership { role: name("r"), member: name("m"), grantor: name("g") };
        let options = crate::model::MembershipOptions { admin: false, inherit: true, set: true };
        let change = Change::Leave { membership, options };
        let open = |principal, grantor: &str| {
            let path = [Hop::Member { role: name("r"), grantor: name(grantor), how: How::Inherit }];
            is_about(&change, &Open { object: &Target::role(&name("r")), principal, path: &path })
        };
        assert!(open("m", "g") && !open("n", "g") && !open("m", "h"));
    }
}
