//! What stands on something while the steps run, the rights of the trusted among it, and who counts as whom then.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::build::Context;
use crate::diff::Target;
use crate::model::{Acl, DefaultKey, Granted, Grantee, Membership, Name, Object, Privileges};

/// By database and table.
pub(super) type Followers<'a> = BTreeMap<(&'a Name, &'a Object), Vec<&'a Object>>;

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

    /// Does the role have the grant option from itself, by way of others or at once? Who has another one keeps it then.
    pub(super) fn is_in_ring(&self, role: &Name, privileges: Privileges) -> bool {
        let (mut below, mut open) = (BTreeSet::from([role]), vec![role]);
        while let Some(grantor) = open.pop() {
            let options = self
                .acl
                .entries()
                .filter(|(_, by, granted)| *by == grantor && !granted.grantable.intersection(privileges).is_empty());
            for grantee in options.filter_map(|(grantee, _, _)| grantee.role()) {
                if grantee == role {
                    return true;
                }
                if below.insert(grantee) {
                    open.push(grantee);
                }
            }
        }
        false
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
        let (before, acl) = self.found(target)?;
        let wanted = self.desired.state.databases.get(target.database());
        let after = match target {
            Target::Database(_) => wanted.map(|database| &database.held),
            Target::Object(_, object) | Target::Column(_, object, _) => {
                wanted.and_then(|database| database.objects.get(object))
            }
        };
        let owner = after.map_or(before, |after| &after.owner).clone();
        Some(Standing { target: target.clone(), acl: acl.transfer(before, &owner), owner })
    }

    /// The same with what the layout grants.
    pub(super) fn granted(&self, mut thing: Standing) -> Standing {
        for (grantee, grantor, granted) in self.wanted_acl(&thing.target).into_iter().flat_map(Acl::entries) {
            if grantee.role() != Some(&thing.owner) && *grantor == thing.owner {
                thing.acl.add(grantee.clone(), grantor.clone(), granted);
            }
        }
        thing
    }

    /// Something, and what changes hands with it, before anything does.
    pub(super) fn before(&self, root: &Target) -> Vec<Standing> {
        let raw = |thing: Standing| {
            let (owner, acl) = self.found(&thing.target)?;
            Some(Standing { owner: owner.clone(), acl: acl.clone(), ..thing })
        };
        self.together(root).into_iter().filter_map(raw).collect()
    }

    fn found(&self, target: &Target) -> Option<(&Name, &Acl)> {
        let database = self.snapshot.state.databases.get(target.database())?;
        match target {
            Target::Database(_) => Some((&database.held.owner, &database.held.acl)),
            Target::Object(_, object) => database.objects.get(object).map(|held| (&held.owner, held.acl.as_ref())),
            Target::Column(_, object, column) => {
                let acl = database.columns.get(&(object.clone(), column.clone()))?;
                database.objects.get(object).map(|held| (&held.owner, acl.as_ref()))
            }
        }
    }

    /// What the layout gives to one role, by the owner.
    pub(super) fn wanted(&self, of: &Standing, grantee: &Grantee) -> Privileges {
        self.wanted_acl(&of.target).map(|acl| acl.granted(grantee, &of.owner).privileges).unwrap_or_default()
    }

    fn wanted_acl(&self, target: &Target) -> Option<&Acl> {
        let database = self.desired.state.databases.get(target.database())?;
        match target {
            Target::Database(_) => Some(&database.held.acl),
            Target::Object(_, object) => database.objects.get(object).map(|held| held.acl.as_ref()),
            Target::Column(_, table, column) => {
                database.columns.get(&(table.clone(), column.clone())).map(std::convert::AsRef::as_ref)
            }
        }
    }

    /// What of a default privilege could be granted on.
    pub(super) fn default_options(&self, database: &Name, key: &DefaultKey, grantee: &Grantee) -> Privileges {
        let acl = self.snapshot.state.databases.get(database).and_then(|found| found.defaults.get(key));
        acl.map(|acl| acl.granted(grantee, &key.role).grantable).unwrap_or_default()
    }

    /// Something, and what changes hands with it: a table's columns, and the sequences behind them.
    pub(super) fn together(&self, root: &Target) -> Vec<Standing> {
        let mut things: Vec<Standing> = self.standing(root).into_iter().chain(self.columns(root)).collect();
        if let Target::Object(name, object) = root {
            let sequences = self.followers().get(&(name, object)).into_iter().flatten();
            let sequences = sequences.map(|sequence| Target::Object(name.clone(), (*sequence).clone()));
            things.extend(sequences.filter_map(|target| self.standing(&target)));
        }
        things
    }

    /// The columns of a table that have an ACL of their own.
    pub(super) fn columns(&self, table: &Target) -> Vec<Standing> {
        let Target::Object(name, object) = table else { return vec![] };
        let Some(database) = self.snapshot.state.databases.get(name) else { return vec![] };
        let columns = database.columns.range((object.clone(), Name::of_server(""))..).map(|(key, _)| key);
        let columns = columns.take_while(|(table, _)| table == object);
        let columns = columns.map(|(table, column)| Target::Column(name.clone(), table.clone(), column.clone()));
        columns.filter_map(|target| self.standing(&target)).collect()
    }

    /// The sequences behind each table's columns.
    fn followers(&self) -> &Followers<'_> {
        self.followers.get_or_init(|| {
            let mut followers = Followers::new();
            for (name, database) in &self.snapshot.state.databases {
                for (object, held) in &database.objects {
                    if let Some(table) = &held.follows {
                        followers.entry((name, table.as_ref())).or_default().push(object);
                    }
                }
            }
            followers
        })
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
