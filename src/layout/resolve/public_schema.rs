//! Schema `public` of a database in which no service declares it as its own.

use super::Resolver;
use crate::layout::{Mode, PublicSchema, Service};
use crate::model::{Acl, Database, Grantee, Holding, Name, Object, Privileges, Scope};

impl Resolver<'_> {
    /// Its ACL is the strictest that a service of the database asks for. Everybody looks for names in it, so its owner stays only if
    /// nobody is at his mercy.
    pub(super) fn public_schema(
        &mut self,
        (name, scope): (&Name, &Scope),
        services: &[&Service],
        current: &Database,
        wanted: &mut Database,
    ) {
        let public = Object::schema(&Name::of_server("public"));
        let asked = services.iter().map(|s| s.public_schema);
        let (Some(held), false) = (current.objects.get(&public), wanted.objects.contains_key(&public)) else { return };
        if asked.clone().all(|a| a == PublicSchema::Open) {
            return;
        }
        let owner = match self.is_beyond(&held.owner, services, scope) {
            true => self.default_owner(&wanted.held.owner),
            false => held.owner.clone(),
        };
        if owner != held.owner {
            let (name, from, to) = (name.shown(), held.owner.shown(), owner.shown());
            self.notes.push(match self.layout.cluster.mode {
                Mode::Exclusive => format!(
                    "{name}: the schema public belongs to {from}, and others look for names in it, so it goes back to {to}"
                ),
                Mode::Additive => {
                    format!("{name}: the schema public belongs to {from}, so the layout gives nobody USAGE on it")
                }
            });
        }
        let mut acl = Acl::default();
        if asked.clone().any(|a| a == PublicSchema::Closed) {
            for service in services {
                for role in [&service.ddl, &service.dml, &service.ro] {
                    acl.grant(Grantee::Role(role.clone()), &owner, Privileges::USAGE);
                }
            }
        } else {
            acl.grant(Grantee::Public, &owner, Privileges::USAGE);
        }
        wanted.objects.insert(public, Holding::new(owner, acl));
    }

    /// Is it neither trusted nor the only service's own?
    fn is_beyond(&self, owner: &Name, services: &[&Service], scope: &Scope) -> bool {
        let superuser = self.snapshot.state.roles.get(owner).is_some_and(|role| role.superuser);
        let own = |service: &&Service| {
            let mut logins = service.logins.values().map(|login| &login.name);
            [&service.ddl, &service.dml, &service.ro].contains(&owner) || logins.any(|login| login == owner)
        };
        let trusted = superuser || scope.trusted.contains(owner) || owner.as_str() == "pg_database_owner";
        !trusted && !services.iter().all(own)
    }

    /// As CREATE DATABASE makes it; before 15 the bootstrap superuser, to whom only superusers can give it.
    fn default_owner(&self, database_owner: &Name) -> Name {
        let server = &self.snapshot.server;
        match server.version_num {
            150_000.. => Name::of_server("pg_database_owner"),
            _ if server.superuser => server.bootstrap.clone(),
            _ => database_owner.clone(),
        }
    }
}
