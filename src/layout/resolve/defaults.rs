//! Default privileges: what later objects of a ddl role get, and what nobody else may have planted.

use std::collections::BTreeMap;

use super::Resolver;
use super::rules::Access;
use super::uses::Guests;
use crate::layout::Service;
use crate::model::{Acl, Database, DefaultKey, Future, Grantee, Privileges, Scope, ScopedDatabase};

impl Resolver<'_> {
    /// The rows that the layout wants, and for rows of others what of them may stay: nothing that adds to the built-in
    /// default. Never more than that: whoever keeps his functions from PUBLIC keeps doing so.
    pub(super) fn defaults(
        &self,
        (services, guests): (&[&Service], &Guests),
        current: &Database,
        scope: &Scope,
        scoped: &ScopedDatabase,
    ) -> BTreeMap<DefaultKey, Acl> {
        let mut defaults = BTreeMap::new();
        for (key, acl) in &current.defaults {
            let ours = key.schema.as_ref().is_none_or(|schema| scoped.schemas.contains(schema));
            if ours && !scope.roles.contains(&key.role) && !scope.retired.contains(&key.role) {
                defaults.insert(key.clone(), built_in_part(key, acl));
            }
        }
        for service in services {
            of_service(service, guests, &mut defaults);
        }
        defaults.retain(|key, acl| *acl != key.built_in());
        defaults
    }
}

/// What stands in the ACL and is built in anyway.
fn built_in_part(key: &DefaultKey, acl: &Acl) -> Acl {
    let stays = acl.held_by(&Grantee::Public).intersection(key.built_in().held_by(&Grantee::Public));
    let mut part = Acl::default();
    part.grant(Grantee::Public, &key.role, stays);
    part
}

fn of_service(service: &Service, guests: &Guests, defaults: &mut BTreeMap<DefaultKey, Acl>) {
    let key = |schema: Option<&crate::model::Name>, future| DefaultKey {
        role: service.ddl.clone(),
        schema: schema.cloned(),
        future,
    };
    // a per-schema REVOKE from PUBLIC is silently nothing, so EXECUTE goes globally (SetDefaultACL in aclchk.c)
    defaults.insert(key(None, Future::Functions), Acl::default());
    let sequence = Privileges::USAGE | Privileges::SELECT | Privileges::UPDATE;
    let rows = [
        (Future::Tables, Access::Free(service.new_tables).dml(), Privileges::SELECT),
        (Future::Sequences, sequence, Privileges::SELECT),
        (Future::Functions, Privileges::EXECUTE, Privileges::EXECUTE),
    ];
    for schema in &service.schemas {
        for (future, dml, ro) in rows {
            let mut acl = Acl::default();
            acl.grant(Grantee::Role(service.dml.clone()), &service.ddl, dml);
            acl.grant(Grantee::Role(service.ro.clone()), &service.ddl, ro);
            for role in guests.readers(service).filter(|_| future == Future::Tables) {
                acl.grant(Grantee::Role(role.clone()), &service.ddl, Privileges::SELECT);
            }
            defaults.insert(key(Some(schema), future), acl);
        }
    }
}
