//! Questions to a layout.

use std::collections::{BTreeMap, BTreeSet};

use super::{Group, Layout, Login, Rotation, Service};
use crate::model::{Name, SchemaOwners};

/// What a role of the layout is.
#[derive(Debug, Clone, Copy)]
pub enum RoleOf<'a> {
    Group(&'a Service, Group),
    Login(&'a Service, &'a Login),
    Inspector,
}

impl Layout {
    /// The databases of the services.
    #[must_use]
    pub fn managed_databases(&self) -> BTreeSet<&Name> {
        self.services.values().map(|service| &service.database).collect()
    }

    /// The databases of the services, each with its declared schemas and their ddl roles.
    #[must_use]
    pub fn schema_owners(&self) -> BTreeMap<Name, SchemaOwners> {
        let mut owners: BTreeMap<Name, SchemaOwners> = BTreeMap::new();
        for service in self.services.values() {
            let schemas = service.schemas.iter().map(|schema| (schema.clone(), service.ddl.clone()));
            owners.entry(service.database.clone()).or_default().extend(schemas);
        }
        owners
    }

    /// The services that live in a database.
    pub fn services_in<'a>(&'a self, database: &'a Name) -> impl Iterator<Item = &'a Service> {
        self.services.values().filter(move |service| service.database == *database)
    }

    /// By the keys of the file.
    #[must_use]
    pub fn login(&self, service: &str, login: &str) -> Option<&Login> {
        self.services.get(service)?.logins.get(login)
    }

    /// Every role that the layout declares, and so manages; provisioner and admins are none of them.
    #[must_use]
    pub fn roles(&self) -> BTreeMap<&Name, RoleOf<'_>> {
        let inspector = self.cluster.inspector.iter().map(|name| (name, RoleOf::Inspector));
        let services = self.services.values().flat_map(|service| {
            let groups = [Group::Ddl, Group::Dml, Group::Ro];
            let groups = groups.map(|group| (service.group(group), RoleOf::Group(service, group)));
            let logins = service.logins.values();
            let logins =
                logins.flat_map(move |login| login.roles().map(move |role| (role, RoleOf::Login(service, login))));
            groups.into_iter().chain(logins)
        });
        services.chain(inspector).collect()
    }
}

impl Login {
    /// The roles that log in: itself, or its slots.
    #[must_use]
    pub fn sessions(&self) -> &[Name] {
        match &self.rotation {
            Rotation::Single => std::slice::from_ref(&self.name),
            Rotation::Alternating { slots, .. } => slots,
        }
    }

    /// The roles that take turns, where there are such.
    #[must_use]
    pub fn slots(&self) -> &[Name] {
        match &self.rotation {
            Rotation::Single => &[],
            Rotation::Alternating { slots, .. } => slots,
        }
    }

    /// Its own role, then its slots.
    pub fn roles(&self) -> impl Iterator<Item = &Name> {
        std::iter::once(&self.name).chain(self.slots())
    }
}
