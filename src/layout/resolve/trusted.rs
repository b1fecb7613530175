//! What trusted roles have in a managed database: it is left as it is, and said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Resolver;
use crate::model::{Acl, Database, Name, Scope, ScopedDatabase};

impl Resolver<'_> {
    /// A note for each trusted role with rights of its own here. Superusers need none, and who plans knows himself.
    pub(super) fn note_trusted(&mut self, name: &Name, current: &Database, scope: &Scope, scoped: &ScopedDatabase) {
        let server = &self.snapshot.server;
        let superuser = |role: &Name| self.snapshot.state.roles.get(role).is_some_and(|role| role.superuser);
        let ours = |role: &Name| *role == server.user || server.login.as_ref() == Some(role);
        let worth =
            |role: &&Name| !superuser(role) && !ours(role) && self.layout.cluster.provisioner.as_ref() != Some(*role);
        let roles: BTreeSet<&Name> = scope.trusted.iter().filter(worth).collect();
        let mut count = Count { roles: &roles, found: BTreeMap::new(), last: None };
        count.add(&current.held.owner, &current.held.acl);
        for (object, held) in current.objects.iter().filter(|(object, _)| scoped.has(object)) {
            count.add(&held.owner, &held.acl);
            let columns = current.columns.range((object.clone(), Name::of_server(""))..);
            columns.take_while(|((o, _), _)| o == object).for_each(|(_, acl)| count.add(&held.owner, acl));
        }
        let notes = count.found.into_iter().map(|(role, objects)| {
            let objects = if objects == 1 { "1 object".to_owned() } else { format!("{objects} objects") };
            format!("{}: {} is trusted, and keeps its rights on {objects}", name.shown(), role.shown())
        });
        self.notes.extend(notes);
    }

    /// From 16 on who makes a role may grant it to himself ever after, and only a superuser can take that from him.
    pub(super) fn note_makers(&mut self, scope: &Scope) {
        let memberships = self.snapshot.state.memberships.iter();
        let made = memberships.filter(|(m, options)| scope.is_implicit(m, **options) && scope.roles.contains(&m.role));
        let stranger = made.filter(|(m, _)| !scope.trusted.contains(&m.member) && !scope.roles.contains(&m.member));
        let mut by_member: BTreeMap<&Name, Vec<String>> = BTreeMap::new();
        for (membership, _) in stranger {
            by_member.entry(&membership.member).or_default().push(membership.role.shown());
        }
        let notes = by_member.into_iter().map(|(member, roles)| {
            let (member, roles) = (member.shown(), roles.join(", "));
            format!("{member} made {roles}, and may grant that to itself; only a superuser can take its ADMIN OPTION")
        });
        self.notes.extend(notes);
    }
}

/// On how many objects each of the roles has rights.
struct Count<'a> {
    roles: &'a BTreeSet<&'a Name>,
    found: BTreeMap<&'a Name, usize>,
    /// Neighbours mostly share owner and ACL.
    last: Option<(&'a Name, &'a Arc<Acl>, Vec<&'a Name>)>,
}

impl<'a> Count<'a> {
    fn add(&mut self, owner: &'a Name, acl: &'a Arc<Acl>) {
        let known = self.last.as_ref().is_some_and(|(o, a, _)| *o == owner && Arc::ptr_eq(a, acl));
        if !known {
            let grantees = acl.entries().filter_map(|(grantee, _, _)| grantee.role());
            let holders: BTreeSet<&Name> =
                grantees.filter(|role| *role != owner && self.roles.contains(role)).collect();
            self.last = Some((owner, acl, holders.into_iter().collect()));
        }
        for role in self.last.iter().flat_map(|(_, _, holders)| holders.clone()) {
            *self.found.entry(role).or_default() += 1;
        }
    }
}
