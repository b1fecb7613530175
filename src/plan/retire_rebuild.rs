//! The way back of what changed hands because a role leaves. What the heir had been granted on it became the owner's own rights
//! (`aclnewowner` in src/backend/utils/adt/acl.c), and no change of owner tells them apart again: all is taken away, and granted
//! as it was.

use super::build::Context;
use super::place::Place;
use super::retire_sql;
use crate::model::{Acl, Granted, Grantee, Hold, Name, Privileges, Thing};

/// What follows when these are their old owner's again.
pub(super) fn after_return(
    context: &Context<'_>,
    place: &Place,
    things: &[&Thing],
    (from, to): (&Name, &Name),
) -> Vec<String> {
    let merged = |acl: &Acl| acl.transfer(from, to).transfer(to, from) != *acl;
    let mut sql = Vec::new();
    for thing in things {
        let found = rights(context, place, thing, from);
        if found.iter().any(|(_, acl)| merged(acl)) {
            sql.extend(rebuilt(context, place, &found, from));
        }
    }
    context.as_role(from, sql)
}

/// Without SUPERUSER who gets back what is in a schema must be able to create there; where the schema is yet to come back, too, he
/// is lent that by its owner of now.
pub(super) fn lending(
    context: &Context<'_>,
    place: &Place,
    things: &[&Thing],
    (from, to): (&Name, &Name),
    sql: Vec<String>,
) -> Vec<String> {
    let schema = things[0].schema.as_ref().filter(|_| things[0].kind != "schema");
    let comes_back = |schema: &&Name| {
        context.snapshot.retiring.dependents.iter().any(|dependent| {
            let is_it = dependent.thing.kind == "schema" && dependent.thing.schema.as_ref() == Some(*schema);
            let owned = matches!(dependent.hold, Hold::Owner { .. }) && dependent.role == *from;
            is_it && owned && dependent.database.as_ref() == Some(&place.database)
        })
    };
    let Some(schema) = schema.filter(comes_back).filter(|_| !context.snapshot.server.superuser) else { return sql };
    let (schema, from) = (schema.quoted(), from.quoted());
    let by_owner = |statement| context.as_role(to, vec![statement]).into_iter();
    let give = by_owner(format!("GRANT USAGE, CREATE ON SCHEMA {schema} TO {from}"));
    give.chain(sql).chain(by_owner(format!("REVOKE USAGE, CREATE ON SCHEMA {schema} FROM {from}"))).collect()
}

/// The ACLs of the thing and of its columns, as they were; the thing itself first.
fn rights<'a>(context: &Context<'a>, place: &Place, thing: &Thing, owner: &Name) -> Vec<(&'a Thing, &'a Acl)> {
    let mut found = Vec::new();
    for dependent in &context.snapshot.retiring.dependents {
        let here = dependent.database.as_ref().is_none_or(|database| *database == place.database);
        let of_it = dependent.thing.kind == thing.kind && dependent.thing.identity == thing.identity;
        if let (Hold::Rights { acl, .. }, true) = (&dependent.hold, here && of_it && dependent.role == *owner) {
            found.push((&dependent.thing, acl));
        }
    }
    found.sort_by_key(|(thing, _)| thing.column.clone());
    found
}

fn rebuilt(context: &Context<'_>, place: &Place, things: &[(&Thing, &Acl)], owner: &Name) -> Vec<String> {
    let mut sql: Vec<String> = things.iter().map(|(thing, acl)| retire_sql::clear(thing, acl, owner)).collect();
    let none = Acl::default();
    let table = things.iter().find(|(thing, _)| thing.column.is_none()).map_or(&none, |(_, acl)| acl);
    for (thing, acl) in things {
        let above = if thing.column.is_some() { table } else { &none };
        sql.extend(entries(context, place, (thing, owner), (acl, above)));
    }
    sql
}

/// Each by its own grantor, once he has the option.
fn entries(
    context: &Context<'_>,
    place: &Place,
    (thing, owner): (&Thing, &Name),
    (acl, above): (&Acl, &Acl),
) -> Vec<String> {
    let (mut sql, mut placed) = (Vec::new(), Acl::default());
    let mut open: Vec<(&Grantee, &Name, Granted)> = acl.entries().collect();
    open.sort_by_key(|(_, grantor, _)| *grantor != owner);
    let counts_as_owner =
        |role: &Name| context.acts_as(role, &place.database).is_none_or(|roles| roles.contains(owner));
    while !open.is_empty() {
        let next = open.iter().position(|(_, grantor, granted)| {
            *grantor == owner || (options(&placed, grantor) | options(above, grantor)).contains(granted.privileges)
        });
        let (grantee, grantor, granted) = open.remove(next.unwrap_or(0));
        let statements = retire_sql::grant(&[thing], grantee, granted);
        if grantor == owner {
            sql.extend(statements);
        } else if next.is_none() || counts_as_owner(grantor) || !context.may_be(grantor) {
            let (who, by) = (grantee.shown(), grantor.shown());
            sql.push(format!("-- cannot be undone exactly: what {by} granted to {who} comes back from the owner"));
            sql.extend(statements);
        } else {
            sql.push(format!("SET LOCAL ROLE {}", grantor.quoted()));
            sql.extend(statements);
            sql.push(context.snapshot.server.set_role_back());
        }
        placed.add(grantee.clone(), grantor.clone(), granted);
    }
    sql
}

fn options(acl: &Acl, role: &Name) -> Privileges {
    let own = acl.entries().filter(|(grantee, _, _)| grantee.role() == Some(role));
    own.fold(Privileges::NONE, |all, (_, _, granted)| all | granted.grantable)
}
