//! SQL that closes a hole, as a superuser would run it in the object's database.

use super::ground::Ground;
use crate::access::Hop;
use crate::model::{Grantee, Kind, Membership, Name, Object, Privileges};

impl Ground<'_> {
    /// Closes the first hop that the layout doesn't mean: a membership, else the right at its end.
    pub(super) fn closing(
        &self,
        principal: usize,
        database: &Name,
        (object, owner): (Option<&Object>, &Name),
        (path, privileges): (&[Hop], Privileges),
    ) -> Vec<String> {
        self.unmeant_membership(principal, path)
            .or_else(|| self.right(database, (object, owner), path.last()?, privileges))
            .unwrap_or_default()
    }

    /// Takes the first membership on the path that the layout doesn't want.
    pub(super) fn unmeant_membership(&self, principal: usize, path: &[Hop]) -> Option<Vec<String>> {
        let mut member = self.who(principal).role()?.clone();
        for hop in path {
            let Hop::Member { role, grantor, .. } = hop else { return None };
            let membership = Membership { role: role.clone(), member: member.clone(), grantor: grantor.clone() };
            // what a role that the layout doesn't speak of has, its members have: that right is to go, not the membership
            let ours = self.is_declared(role) || self.is_trusted(role) || self.is_declared(&member);
            if ours && !self.wanted.has_member(&membership.role, &membership.member) {
                return Some(self.leave(&membership));
            }
            member = role.clone();
        }
        None
    }

    fn leave(&self, membership: &Membership) -> Vec<String> {
        let by = match self.server().has_membership_options() {
            true => format!(" GRANTED BY {}", membership.grantor.quoted()),
            false => String::new(),
        };
        vec![format!("REVOKE {} FROM {}{by}", membership.role.quoted(), membership.member.quoted())]
    }

    fn right(
        &self,
        database: &Name,
        (object, owner): (Option<&Object>, &Name),
        hop: &Hop,
        privileges: Privileges,
    ) -> Option<Vec<String>> {
        let (kind, name) = match object {
            Some(object) => (object.kind, object.sql()),
            None => (Kind::Database, database.quoted()),
        };
        match hop {
            Hop::Acl { grantee, grantor, .. } => {
                let on = format!("{} {name}", kind.grant_keyword());
                Some(revoke(&privileges.keywords(), &on, grantee, (grantor, owner)))
            }
            Hop::Column { column, grantee, grantor, .. } => {
                let of_columns: Vec<String> =
                    privileges.each().map(|(_, word)| format!("{word} ({})", column.quoted())).collect();
                Some(revoke(&of_columns.join(", "), &format!("TABLE {name}"), grantee, (grantor, owner)))
            }
            Hop::Owner { .. } => {
                let wanted = self.wanted.databases.get(database)?;
                let held = match object {
                    None => &wanted.held,
                    Some(object) => wanted.objects.get(object)?,
                };
                let to = held.owner.quoted();
                (held.owner != *owner).then(|| vec![format!("ALTER {} {name} OWNER TO {to}", kind.alter_keyword())])
            }
            _ => None,
        }
    }
}

/// As the grantor, since a REVOKE takes only what one has granted oneself (a superuser counts as the owner).
/// <https://www.postgresql.org/docs/current/sql-revoke.html>
pub(super) fn revoke(what: &str, on: &str, from: &Grantee, (grantor, owner): (&Name, &Name)) -> Vec<String> {
    let revoke = format!("REVOKE {what} ON {on} FROM {}", from.sql());
    if grantor == owner {
        return vec![revoke];
    }
    vec![format!("SET ROLE {}", grantor.quoted()), revoke, "RESET ROLE".into()]
}
