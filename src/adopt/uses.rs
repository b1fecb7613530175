//! What one service has in another's schemas.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, Rule, Service, Uses};
use super::share::{ROWS, WRITES};
use crate::model::{Database, DefaultKey, Future, Grantee, Name, Object, Privileges, Snapshot};

/// Consumer, provider, who.
type Guest = (String, String, Option<Name>);

pub(super) fn add(snapshot: &Snapshot, draft: &mut Draft) {
    let mut found = Found::new();
    for provider in &draft.services {
        of_tables(snapshot, draft, provider, &mut found);
    }
    all_at_once(snapshot, draft, &mut found);
    for (consumer, uses) in joined(found) {
        if let Some(service) = draft.services.iter_mut().find(|service| service.key == consumer) {
            service.uses.push(uses);
        }
    }
}

/// By guest and privileges: the tables, or all of them.
type Found = BTreeMap<(Guest, Privileges), Option<Vec<Object>>>;

/// Who reads every table of another service, and those that its ddl role makes later, has `["*"]`. A member of its ro role has more than
/// that, and stays one by an exception.
fn all_at_once(snapshot: &Snapshot, draft: &Draft, found: &mut Found) {
    for provider in &draft.services {
        let database = &snapshot.state.databases[&provider.database];
        let inside = provider.schemas.iter().flat_map(|schema| database.in_schema(schema));
        let all = inside.filter(|(object, _)| object.kind.is_relation()).count();
        let guests: BTreeSet<Guest> = found.keys().map(|(guest, _)| guest.clone()).collect();
        for guest in guests.into_iter().filter(|(_, of, _)| *of == provider.key) {
            let reads = |((who, privileges), _): &(&(Guest, Privileges), &Option<Vec<Object>>)| {
                *who == guest && privileges.contains(Privileges::SELECT)
            };
            let read: BTreeSet<&Object> = found.iter().filter(reads).flat_map(|(_, tables)| tables).flatten().collect();
            if read.len() == all && reads_later(database, provider, &role_of(draft, &guest)) {
                found.insert((guest, Privileges::SELECT), None);
            }
        }
    }
}

fn role_of(draft: &Draft, (consumer, _, login): &Guest) -> Option<Name> {
    let dml = || draft.services.iter().find(|service| service.key == *consumer).map(|service| service.dml.clone());
    login.clone().or_else(dml)
}

/// Do default privileges give the role SELECT on what the provider's ddl role makes in each of its schemas?
fn reads_later(database: &Database, provider: &Service, role: &Option<Name>) -> bool {
    let Some(role) = role else { return false };
    provider.schemas.iter().all(|schema| {
        let key = DefaultKey { role: provider.ddl.clone(), schema: Some(schema.clone()), future: Future::Tables };
        let acl = database.defaults.get(&key);
        acl.is_some_and(|acl| acl.held_by(&Grantee::Role(role.clone())).contains(Privileges::SELECT))
    })
}

/// The service that a role may use another for, and the role, if it is a login.
fn consumer<'a>(draft: &'a Draft, role: &Name) -> Option<(&'a Service, Option<Name>)> {
    let by_group = draft.services.iter().find(|service| service.dml == *role).map(|service| (service, None));
    by_group.or_else(|| draft.login(role).map(|(service, login)| (service, Some(login.name.clone()))))
}

/// By table.
type Rules<'a> = BTreeMap<&'a Object, &'a Rule>;

fn of_tables(snapshot: &Snapshot, draft: &Draft, provider: &Service, found: &mut Found) {
    let database = &snapshot.state.databases[&provider.database];
    let rules: Rules<'_> = provider.rules.iter().map(|rule| (&rule.table, rule)).collect();
    let inside = provider.schemas.iter().flat_map(|schema| database.in_schema(schema));
    for (table, held) in inside.filter(|(object, _)| object.kind.is_relation()) {
        // it changes hands, and its owner of today goes on using it
        let owner = consumer(draft, &held.owner).filter(|(consumer, _)| consumer.key != provider.key);
        let has_writer = rules.get(table).is_some_and(|rule| rule.writer.is_some());
        if let Some((consumer, login)) = owner.filter(|_| provider.ddl != held.owner) {
            let guest = (consumer.key.clone(), provider.key.clone(), login);
            let privileges = if has_writer { Privileges::SELECT } else { ROWS };
            note(found, guest, privileges, table);
        }
        // from whomever: what another granted the owner will grant
        let grantees: BTreeSet<&Name> = held.acl.entries().filter_map(|(grantee, ..)| grantee.role()).collect();
        for role in grantees.into_iter().filter(|role| **role != held.owner) {
            let Some((consumer, login)) = consumer(draft, role) else { continue };
            let has = held.acl.held_by(&Grantee::Role(role.clone())).intersection(ROWS);
            let privileges = has.minus(as_writer(rules.get(table).copied(), role));
            if privileges.is_empty() || consumer.key == provider.key {
                continue;
            }
            let guest = (consumer.key.clone(), provider.key.clone(), login);
            note(found, guest, privileges, table);
        }
    }
}

fn note(found: &mut Found, guest: Guest, privileges: Privileges, table: &Object) {
    if let Some(tables) = found.entry((guest, privileges)).or_insert_with(|| Some(vec![])) {
        tables.push(table.clone());
    }
}

/// What a table's writer has by its rule. Who changes chosen rows reads them, too.
fn as_writer(rule: Option<&Rule>, role: &Name) -> Privileges {
    let given = rule.filter(|rule| rule.writer.as_ref() == Some(role));
    let given = given.map(|rule| rule.privileges).unwrap_or_default();
    let reads = !given.intersection(WRITES.minus(Privileges::INSERT)).is_empty();
    if reads { given | Privileges::SELECT } else { given }
}

/// By the consumer's key; logins that have the same share a `uses`.
fn joined(found: Found) -> Vec<(String, Uses)> {
    type Same = (String, String, bool, Option<Vec<Object>>, Privileges);
    let mut same: BTreeMap<Same, Vec<Name>> = BTreeMap::new();
    for (((consumer, provider, login), privileges), tables) in found {
        let key = (consumer, provider, login.is_some(), tables, privileges);
        same.entry(key).or_default().extend(login);
    }
    let uses = |((consumer, provider, _, tables, privileges), logins): (Same, Vec<Name>)| {
        (consumer, Uses { provider, tables, privileges, logins })
    };
    same.into_iter().map(uses).collect()
}
