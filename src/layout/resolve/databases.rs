//! A database, its schemas, and schema `public`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::uses::Guests;
use super::{Resolver, objects};
use crate::layout::{At, Problem, PublicSchema, Service};
use crate::model::{
    Acl, Contents, Database, Grantee, Holding, Name, Object, Presence, Privileges, Scope, ScopedDatabase, Thing,
};

impl Resolver<'_> {
    /// A managed database as the layout wants it.
    pub(super) fn database(&mut self, name: &Name, scope: &Scope) -> Database {
        let (layout, snapshot) = (self.layout, self.snapshot);
        let owner = self.database_owner(name);
        let fresh = snapshot.fresh(name, &owner);
        let current = fresh.as_ref().unwrap_or_else(|| &snapshot.state.databases[name]);
        let nothing = Contents::default();
        let contents = snapshot.contents.get(name).unwrap_or(&nothing);
        let services: Vec<&Service> = layout.services.values().filter(|s| s.database == *name).collect();
        let scoped = &scope.databases[name];
        let rules = self.rules(&services, current, contents);
        self.ruled.extend(rules.ruled().map(|(table, ruled)| ((name.clone(), table.clone()), ruled)));
        let guests = self.guests(&services, current, &rules);
        self.note_unmanaged(name, current, scoped);
        self.note_trusted(name, current, scope, scoped);
        self.require_extensions(&services);
        let mut wanted = Database::new(owner.clone(), self.database_acl(&owner, &services, &guests));
        wanted.presence = Presence::Open;
        wanted.extensions.clone_from(&scoped.extensions);
        for service in &services {
            for schema in &service.schemas {
                let held = schema_holding(service, schema, &guests);
                wanted.objects.insert(Object::schema(schema), held);
            }
        }
        self.public_schema((name, scope), &services, current, &mut wanted);
        objects::fill(&services, (current, contents), (&rules, &guests), &mut wanted);
        wanted.things = things(&services, current, scope);
        wanted.defaults = self.defaults((&services, &guests), current, scope, scoped);
        wanted
    }

    /// The provisioner owns the databases. Where the layout doesn't name it and the inspector asks, whoever owns them now
    /// stays.
    fn database_owner(&self, database: &Name) -> Name {
        let cluster = &self.layout.cluster;
        let asking = &self.snapshot.server.user;
        match &cluster.provisioner {
            Some(provisioner) => provisioner.clone(),
            None if cluster.inspector.as_ref() == Some(asking) => {
                let current = self.snapshot.state.databases.get(database);
                current.map_or(asking, |current| &current.held.owner).clone()
            }
            None => asking.clone(),
        }
    }

    fn database_acl(&self, owner: &Name, services: &[&Service], guests: &Guests) -> Acl {
        let mut acl = Acl::default();
        let mut grant = |role: &Name, privileges| acl.grant(Grantee::Role(role.clone()), owner, privileges);
        for service in services {
            let create = if service.create_schemas { Privileges::CREATE } else { Privileges::NONE };
            let temporary = if service.temporary { Privileges::TEMPORARY } else { Privileges::NONE };
            grant(&service.ddl, Privileges::CONNECT | Privileges::TEMPORARY | create);
            grant(&service.dml, Privileges::CONNECT | temporary);
            grant(&service.ro, Privileges::CONNECT | temporary);
        }
        let connecting: BTreeSet<&Name> = guests.connect.iter().chain(&self.layout.cluster.inspector).collect();
        for role in connecting {
            grant(role, Privileges::CONNECT);
        }
        acl
    }

    fn note_unmanaged(&mut self, name: &Name, current: &Database, scoped: &ScopedDatabase) {
        let schemas: BTreeSet<&Name> = current.objects.keys().map(|o| &o.schema).collect();
        let nobody = |s: &&&Name| !scoped.schemas.contains(**s) && s.as_str() != "public";
        let unmanaged: Vec<String> = schemas.iter().filter(nobody).map(|s| s.shown()).collect();
        if !unmanaged.is_empty() {
            let list = unmanaged.join(", ");
            self.notes.push(format!("{}: no service declares the schema {list}; it is left as it is", name.shown()));
        }
        let template = self.layout.services_in(name).find_map(|service| service.create.template.as_ref());
        if let (Presence::Absent, Some(template)) = (current.presence, template) {
            let (name, template) = (name.shown(), template.shown());
            self.notes
                .push(format!("{name}: what the template {template} holds is seen only once the database is there"));
        }
        if current.presence == Presence::Closed {
            let name = name.shown();
            self.notes
                .push(format!("{name}: accepts no connections yet, so what it holds is seen only once it is open"));
        }
    }

    fn require_extensions(&mut self, services: &[&Service]) {
        for service in services {
            for extension in service.extensions.iter().filter(|e| !self.snapshot.available.contains_key(*e)) {
                let at: At = service.at.clone();
                self.problems.push(Problem {
                    code: "no-extension",
                    message: format!("the server has no extension `{}` to create", extension.shown()),
                    at,
                    label: "wanted by this service".into(),
                    also: None,
                    help: Some("install its package on the server, or correct the name under `extensions`".into()),
                });
            }
        }
    }
}

/// What a schema holds is its service's, of whatever class; but what the trusted own is left to them.
fn things(services: &[&Service], current: &Database, scope: &Scope) -> BTreeMap<Thing, Name> {
    let ddl = |schema: &Name| services.iter().find(|service| service.schemas.contains(schema)).map(|s| &s.ddl);
    let wanted = |(thing, owner): (&Thing, &Name)| {
        let ddl = ddl(thing.schema.as_ref()?)?;
        let owner = if scope.trusted.contains(owner) { owner } else { ddl };
        Some((thing.clone(), owner.clone()))
    };
    current.things.iter().filter_map(wanted).collect()
}

fn schema_holding(service: &Service, schema: &Name, guests: &Guests) -> Holding {
    let mut acl = Acl::default();
    let using: BTreeMap<&Name, ()> = [&service.dml, &service.ro]
        .into_iter()
        .chain(guests.usage.get(schema).into_iter().flatten())
        .map(|role| (role, ()))
        .collect();
    for role in using.into_keys() {
        acl.grant(Grantee::Role(role.clone()), &service.ddl, Privileges::USAGE);
    }
    if schema.as_str() == "public" && service.public_schema == PublicSchema::Usage {
        acl.grant(Grantee::Public, &service.ddl, Privileges::USAGE);
    }
    Holding::new(service.ddl.clone(), Arc::new(acl))
}
