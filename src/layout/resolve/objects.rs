//! Owners and ACLs of what a service's schemas hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rules::{Access, Rules};
use super::uses::Guests;
use crate::layout::Service;
use crate::model::{Acl, Contents, Database, Grantee, Holding, Kind, Name, Object, Privileges};

const SEQUENCE: Privileges = Privileges::USAGE.union(Privileges::SELECT).union(Privileges::UPDATE);

/// Puts every object of the services' schemas into the wanted database.
pub(super) fn fill(
    services: &[&Service],
    (current, contents): (&Database, &Contents),
    (rules, guests): (&Rules, &Guests),
    wanted: &mut Database,
) {
    let ours = |schema: &Name| services.iter().any(|service| service.schemas.contains(schema));
    let mut found: Vec<(Object, Holding)> = std::mem::take(&mut wanted.objects).into_iter().collect();
    for service in services {
        let free = Access::Free(service.new_tables);
        let readers: BTreeMap<Name, Privileges> =
            guests.readers(service).map(|role| (role.clone(), Privileges::SELECT)).collect();
        let usual = FAMILIES.map(|family| Arc::new(acl(service, family, &free, &reading(family, &readers))));
        let objects = service.schemas.iter().flat_map(|schema| current.in_schema(schema));
        for (object, held) in objects.filter(|(object, _)| object.kind != Kind::Schema) {
            let subject = held.follows.as_deref().unwrap_or(object);
            let access = rules.of(subject, &free);
            let family = Family::of(object.kind);
            let acl = if *access == free && !guests.tables.contains_key(subject) {
                Arc::clone(&usual[family as usize])
            } else {
                let mut held = reading(family, &readers);
                for (role, privileges) in guest_rights(object, contents, guests) {
                    let known = held.entry(role).or_default();
                    *known = *known | privileges;
                }
                Arc::new(acl(service, family, access, &held))
            };
            let owner = match &held.follows {
                Some(table) if table.schema != object.schema && !ours(&table.schema) => held.owner.clone(),
                _ => service.ddl.clone(),
            };
            found.push((object.clone(), Holding { owner, acl, follows: held.follows.clone() }));
        }
    }
    // all at once: a map is built faster from what is mostly in order than by single insertions
    wanted.objects = found.into_iter().collect();
}

/// In the order of [`Family`].
const FAMILIES: [Family; 4] = [Family::Relation, Family::Sequence, Family::Routine, Family::Type];

/// Kinds that share a row of the table of privileges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Relation,
    Sequence,
    Routine,
    Type,
}

impl Family {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Sequence => Self::Sequence,
            Kind::Function | Kind::Procedure | Kind::Aggregate => Self::Routine,
            Kind::Type | Kind::Domain => Self::Type,
            _ => Self::Relation,
        }
    }
}

/// What those who read every table have on an object of a family.
fn reading(family: Family, readers: &BTreeMap<Name, Privileges>) -> BTreeMap<Name, Privileges> {
    if family == Family::Relation { readers.clone() } else { BTreeMap::new() }
}

/// What guests have on the object: on a table what `uses` says; on the sequence behind a serial column what INSERT needs.
fn guest_rights(object: &Object, contents: &Contents, guests: &Guests) -> BTreeMap<Name, Privileges> {
    let Some(owned) = contents.sequences.get(object) else {
        return guests.tables.get(object).cloned().unwrap_or_default();
    };
    let on_table = guests.tables.get(owned.table.as_ref()).into_iter().flatten();
    on_table
        .filter(|(_, privileges)| privileges.contains(Privileges::INSERT) && !owned.identity)
        .map(|(role, _)| (role.clone(), Privileges::USAGE))
        .collect()
}

fn acl(service: &Service, family: Family, access: &Access, guests: &BTreeMap<Name, Privileges>) -> Acl {
    let mut acl = Acl::default();
    let owner = &service.ddl;
    let (dml, ro, writer) = match family {
        Family::Relation => (access.dml(), Privileges::SELECT, writer(access)),
        Family::Sequence => {
            (sequence_dml(access), Privileges::SELECT, writer(access).map(|(role, _)| (role, SEQUENCE)))
        }
        Family::Routine => (Privileges::EXECUTE, Privileges::EXECUTE, None),
        Family::Type => {
            acl.grant(Grantee::Public, owner, Privileges::USAGE);
            return acl;
        }
    };
    acl.grant(Grantee::Role(service.dml.clone()), owner, dml);
    acl.grant(Grantee::Role(service.ro.clone()), owner, ro);
    for (role, privileges) in guests.iter().map(|(role, p)| (role, *p)).chain(writer) {
        acl.grant(Grantee::Role(role.clone()), owner, privileges);
    }
    acl
}

fn writer(access: &Access) -> Option<(&Name, Privileges)> {
    match access {
        Access::Writer { role, privileges, .. } => Some((role, *privileges)),
        _ => None,
    }
}

/// dml takes numbers from every sequence, but not from one whose table it may not fill. What default privileges gave on a
/// table without a rule stays, else each new table would be drift.
fn sequence_dml(access: &Access) -> Privileges {
    match access {
        Access::Free(_) => SEQUENCE,
        Access::Dml(privileges) if privileges.contains(Privileges::INSERT) => SEQUENCE,
        _ => Privileges::SELECT,
    }
}
