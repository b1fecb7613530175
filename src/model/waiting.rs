//! What a prepared transaction may hold, as far as its owner and its locks tell: everything that its owner, or whoever its session
//! acted as before, could do then waits in it, and COMMIT PREPARED does it, whatever was revoked meanwhile.

use super::{Desired, Grantee, Name, Prepared, Privileges, RoleGraph, Snapshot};

/// What is thought of a prepared transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waiting {
    /// A service's own login's or group's, young: an application's two-phase commit.
    Young,
    /// The same, older than a minute: whose coordinator has forgotten it, or none.
    Old,
    /// A trusted role's, older than a minute.
    Trusted,
    /// Rights may wait in it.
    Suspect,
}

/// Judges prepared transactions on one cluster.
#[derive(Debug)]
pub struct Judge<'a> {
    snapshot: &'a Snapshot,
    desired: &'a Desired,
    graph: RoleGraph,
}

impl<'a> Judge<'a> {
    /// On what was read, under what is wanted.
    #[must_use]
    pub fn of(snapshot: &'a Snapshot, desired: &'a Desired) -> Self {
        Self { snapshot, desired, graph: RoleGraph::of(&snapshot.state, snapshot.server.version_num) }
    }

    /// None: it is nobody's concern here.
    #[must_use]
    pub fn of_prepared(&self, prepared: &Prepared) -> Option<Waiting> {
        let managed = self.desired.scope.databases.contains_key(&prepared.database);
        if self.is_trusted(&prepared.owner) {
            // a run of ours finishes its own
            let ours = prepared.gid.starts_with("pgmoat:");
            return (managed && prepared.old && !ours).then_some(Waiting::Trusted);
        }
        let declared = &self.desired.scope.roles;
        let names_ours = prepared.roles.iter().any(|role| declared.contains(role));
        if !managed {
            if prepared.shared || names_ours {
                return Some(Waiting::Suspect);
            }
            return declared.contains(&prepared.owner).then_some(Waiting::Young);
        }
        let stranger = || !declared.contains(&prepared.owner) && !self.is_let_in(prepared);
        if prepared.alters || prepared.shared || names_ours || self.gives(prepared) || stranger() {
            return Some(Waiting::Suspect);
        }
        Some(if prepared.old { Waiting::Old } else { Waiting::Young })
    }

    /// Superusers, admins, the clouds' own, the provisioner. A superuser whom the layout declares is to be none.
    #[must_use]
    pub fn is_trusted(&self, role: &Name) -> bool {
        let (scope, admins) = (&self.desired.scope, &self.desired.admins);
        let superuser = || self.snapshot.state.roles.get(role).is_some_and(|role| role.superuser);
        let admin = || self.graph.may_become(role).iter().any(|role| admins.contains(role));
        scope.trusted.contains(role) || admins.contains(role) || !scope.roles.contains(role) && (superuser() || admin())
    }

    /// Does its owner have what services have, or act as somebody who does?
    fn gives(&self, prepared: &Prepared) -> bool {
        let (Prepared { owner, database: place, .. }, state) = (prepared, &self.snapshot.state);
        let mut roles = self.graph.may_become(owner);
        roles.extend(self.graph.acts_with(owner, None));
        let ddl = |role: &Name| self.desired.homes.get(role).is_some_and(|home| home.part == "ddl");
        let schemas = self.desired.schemas.keys().filter(|(database, _)| database == place);
        let mut held = schemas.flat_map(|(_, schema)| {
            state.databases.get(place).into_iter().flat_map(move |database| database.in_schema(schema))
        });
        !state.roles.contains_key(owner) || roles.iter().any(ddl) || held.any(|(_, held)| roles.contains(&held.owner))
    }

    /// A stranger whom an exception, or PUBLIC's right, lets in.
    fn is_let_in(&self, prepared: &Prepared) -> bool {
        let Some(database) = self.desired.state.databases.get(&prepared.database) else { return false };
        let roles = self.graph.acts_with(&prepared.owner, Some(&database.held.owner));
        let his = |grantee: &Grantee| grantee.role().is_none_or(|role| roles.contains(role));
        let connects = |(grantee, _, granted): (&Grantee, &Name, super::Granted)| {
            his(grantee) && granted.privileges.contains(Privileges::CONNECT)
        };
        database.held.acl.entries().any(connects)
    }
}
