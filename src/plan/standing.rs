//! What stands on something while the steps run, the rights of the trusted among it, and who counts as whom then.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::build::Context;
use crate::diff::Target;
use crate::model::{Acl, Granted, Grantee, Membership, Name, Object, Privileges};

/// An owner and an ACL, as they are once everything has changed hands.
pub(super) struct Standing {
    pub(super) target: Target,
    pub(super) owner: Name,
    pub(super) acl: Acl,
}

impl Standing {
    /// What the role may grant on, from whomever it has that.
    pub(super) fn options(&self, role: &Name) -> Privileges {
        let own = self.acl.entries().filter(|(grantee, _, _)| grantee.role() == Some(role));
        own.fold(Privileges::NONE, |all, (_, _, granted)| all | granted.grantable)
    }

    /// What the role holds, from whomever.
    pub(super) fn held(&self, role: &Name) -> Granted {
        let own = self.acl.entries().filter(|(grantee, _, _)| grantee.role() == Some(role));
        own.fold(Granted::default(), |all, (_, _, granted)| all.with(granted))
    }
}

impl Context<'_> {
    pub(super) fn is_trusted(&self, role: &Name) -> bool {
        self.desired.scope.trusted.contains(role)
    }

    /// None: it isn't there yet.
    pub(super) fn standing(&self, target: &Target) -> Option<Standing> {
        let found = self.snapshot.state.databases.get(target.database())?;
        let wanted = self.desired.state.databases.get(target.database());
        let (held, after, acl) = match target {
            Target::Database(_) => (&found.held, wanted.map(|database| &database.held), &found.held.acl),
            Target::Object(_, object) | Target::Column(_, object, _) => {
                let held = found.objects.get(object)?;
                let acl = match target {
                    Target::Column(_, _, column) => found.columns.get(&(object.clone(), column.clone()))?,
                    _ => &held.acl,
                };
                (held, wanted.and_then(|database| database.objects.get(object)), acl)
            }
        };
        let owner = after.map_or(&held.owner, |after| &after.owner).clone();
        Some(Standing { target: target.clone(), acl: acl.transfer(&held.owner, &owner), owner })
    }

    /// What the layout gives to one role, by the owner.
    pub(super) fn wanted(&self, of: &Standing, grantee: &Grantee) -> Privileges {
        let Some(database) = self.desired.state.databases.get(of.target.database()) else { return Privileges::NONE };
        let acl = match &of.target {
            Target::Database(_) => Some(&database.held.acl),
            Target::Object(_, object) => database.objects.get(object).map(|held| &held.acl),
            Target::Column(..) => None,
        };
        acl.map(|acl| acl.granted(grantee, &of.owner).privileges).unwrap_or_default()
    }

    /// Something, and what changes hands with it: a table's columns, and the sequences behind them.
    pub(super) fn together(&self, root: &Target) -> Vec<Standing> {
        let mut targets = vec![root.clone()];
        if let (Target::Object(name, object), Some(database)) =
            (root, self.snapshot.state.databases.get(root.database()))
        {
            let columns = database.columns.range((object.clone(), Name::of_server(""))..).map(|(key, _)| key);
            let columns = columns.take_while(|(table, _)| table == object);
            targets.extend(columns.map(|(table, column)| Target::Column(name.clone(), table.clone(), column.clone())));
            // a sequence is in the schema of the table that it belongs to (process_owned_by in sequence.c)
            let follow = database.in_schema(&object.schema).filter(|(_, held)| held.follows.as_deref() == Some(object));
            targets.extend(follow.map(|(sequence, _)| Target::Object(name.clone(), sequence.clone())));
        }
        targets.iter().filter_map(|target| self.standing(target)).collect()
    }

    /// What changes hands for this to change hands.
    pub(super) fn root(&self, target: &Target) -> Target {
        let (name, object) = match target {
            Target::Database(_) => return target.clone(),
            Target::Column(name, table, _) => return Target::Object(name.clone(), table.clone()),
            Target::Object(name, object) => (name, object),
        };
        let held = self.snapshot.state.databases.get(name).and_then(|database| database.objects.get(object));
        let table: Option<&Arc<Object>> = held.and_then(|held| held.follows.as_ref());
        Target::Object(name.clone(), table.map_or(object, Arc::as_ref).clone())
    }

    /// Whose rights a role has in a database once memberships are as the layout wants them (`has_privs_of_role` in
    /// src/backend/utils/adt/acl.c), itself among them. None: everybody's.
    pub(super) fn acts_as(&self, role: &Name, database: &Name) -> Option<BTreeSet<Name>> {
        let state = &self.snapshot.state;
        let superuser = |name: &Name| state.roles.get(name).is_some_and(|role| role.superuser);
        let (mut found, mut open) = (BTreeSet::from([role.clone()]), vec![role.clone()]);
        while let Some(name) = open.pop() {
            if superuser(&name) {
                return None;
            }
            let owns = self.standing(&Target::Database(database.clone())).is_some_and(|held| held.owner == name);
            let implicit = owns.then(|| Name::of_server("pg_database_owner"));
            let stay = state.memberships.iter().filter(|(m, options)| {
                m.member == name && self.inherits(&name, options.inherit) && !self.leaves(m, database)
            });
            let come = self.desired.state.memberships.keys().filter(|m| m.member == name);
            let roles = stay.map(|(m, _)| &m.role).chain(come.map(|m| &m.role)).cloned().chain(implicit);
            open.extend(roles.filter(|further| found.insert(further.clone())).collect::<Vec<_>>());
        }
        Some(found)
    }

    /// Before 16 the member's attribute decides.
    fn inherits(&self, member: &Name, by_membership: bool) -> bool {
        if self.has_options() {
            return by_membership;
        }
        self.snapshot.state.roles.get(member).is_none_or(|role| role.inherit)
    }

    /// Does the membership end in the transaction of this database? What another one does isn't seen there.
    fn leaves(&self, membership: &Membership, database: &Name) -> bool {
        let scope = &self.desired.scope;
        let ours = scope.roles.contains(&membership.role) || scope.roles.contains(&membership.member);
        let home = self.desired.homes.get(&membership.role).map(|home| &home.database);
        ours && !self.is_trusted(&membership.member)
            && !self.desired.state.memberships.contains_key(membership)
            && home == Some(database)
    }
}
