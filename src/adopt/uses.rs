//! What one service has in another's schemas.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, Rule, Service, Uses};
use super::share::{ROWS, WRITES};
use crate::model::{Grantee, Name, Object, Privileges, Snapshot};

/// Consumer, provider, who.
type Guest = (String, String, Option<Name>);

pub(super) fn add(snapshot: &Snapshot, draft: &mut Draft) {
    let mut found = of_members(snapshot, draft);
    for provider in &draft.services {
        of_tables(snapshot, draft, provider, &mut found);
    }
    for (consumer, uses) in joined(found) {
        if let Some(service) = draft.services.iter_mut().find(|service| service.key == consumer) {
            service.uses.push(uses);
        }
    }
}

/// By guest and privileges: the tables, or all of them.
type Found = BTreeMap<(Guest, Privileges), Option<Vec<Object>>>;

/// Members of another's ro role read every table, now and later.
fn of_members(snapshot: &Snapshot, draft: &Draft) -> Found {
    let mut found = Found::new();
    for membership in snapshot.state.memberships.keys() {
        let provider = draft.services.iter().find(|service| service.ro == membership.role);
        let (Some(provider), Some((consumer, login))) = (provider, consumer(draft, &membership.member)) else {
            continue;
        };
        if consumer.key != provider.key {
            let guest = (consumer.key.clone(), provider.key.clone(), login);
            found.insert((guest, Privileges::SELECT), None);
        }
    }
    found
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
