//! Which databases the layout lets a login connect to. Tables aren't asked for: a writer has CONNECT once its table is there.

use std::collections::BTreeSet;

use super::{Allow, Allowed, AllowedRole, Group, Layout, Login, RoleOf, Rotation, Service, TableRule, Uses};
use crate::model::{Grantee, Name, Privileges};

impl Layout {
    /// Its service's own, those of the services that it uses or writes tables of, and what an exception keeps for it.
    #[must_use]
    pub fn databases_of<'a>(&'a self, service: &'a Service, login: &'a Login) -> BTreeSet<&'a Name> {
        let uses = service.uses.iter().filter(|uses| is_consumer(uses, login));
        let providers = uses.filter_map(|uses| self.services.get(&uses.service));
        let writes =
            |rule: &TableRule| rule.writer.as_ref().is_some_and(|(of, key)| *of == service.key && *key == login.key);
        let written = self.services.values().filter(|other| other.tables.iter().any(writes));
        let kept = self.allows_by_end().0.into_iter().filter(|allow| {
            let role = allow.role.one();
            role.is_some_and(|role| role == service.group(login.group) || login.roles().any(|own| own == role))
        });
        std::iter::once(service)
            .chain(providers)
            .chain(written)
            .map(|service| &service.database)
            .chain(kept.filter_map(|allow| self.opens(allow)))
            .collect()
    }

    /// Exceptions that keep CONNECT for somebody who is no login of the layout.
    pub fn strangers(&self) -> impl Iterator<Item = (&Grantee, &Name)> {
        let ours = self.roles();
        let counting = self.allows_by_end().0.into_iter();
        counting
            .filter_map(|allow| match &allow.role {
                AllowedRole::One(who) => Some((who, self.opens(allow)?)),
                AllowedRole::Family(_) => None,
            })
            .filter(move |(role, _)| role.role().is_none_or(|role| !ours.contains_key(role)))
    }

    /// The database that an exception keeps CONNECT on: by the right itself, or as a member of a role that has it.
    fn opens<'a>(&'a self, allow: &'a Allow) -> Option<&'a Name> {
        match &allow.what {
            Allowed::Rights { on, privileges, .. } => {
                (on.schema.is_none() && privileges.contains(Privileges::CONNECT)).then_some(&on.database)
            }
            Allowed::MemberOf(role) => match self.roles().get(role)? {
                RoleOf::Group(service, _) | RoleOf::Login(service, _) => Some(&service.database),
                RoleOf::Inspector => None,
            },
            Allowed::Attributes(_) => None,
        }
    }
}

/// Without logins it is the consumer's dml role that uses.
fn is_consumer(uses: &Uses, login: &Login) -> bool {
    uses.logins.as_ref().map_or(login.group == Group::Dml, |keys| keys.contains(&login.key))
}

impl Login {
    /// The roles of it that have LOGIN: its sessions, and itself as long as `keep_login` says so.
    pub fn logging_in(&self) -> impl Iterator<Item = &Name> {
        let kept = matches!(self.rotation, Rotation::Alternating { keep_login: true, .. }).then_some(&self.name);
        self.sessions().iter().chain(kept)
    }
}
