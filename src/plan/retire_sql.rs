//! Statements by which a role leaves. An identity comes from the server, which has quoted it.

use std::collections::BTreeSet;

use crate::diff::{FromAnother, Strip};
use crate::model::{Acl, DefaultKey, Future, Granted, Grantee, Name, Policy, Privileges, Thing, literal, visible_sql};

pub(super) fn owner(thing: &Thing, to: &Name) -> String {
    format!("ALTER {} {} OWNER TO {}", thing.alter_keyword(), thing.sql(), to.quoted())
}

/// `TABLE public.a, public.b`; all of one kind.
pub(super) fn on(things: &[&Thing]) -> String {
    let names: Vec<_> = things.iter().map(|thing| thing.sql()).collect();
    format!("{} {}", things[0].grant_keyword(), names.join(", "))
}

/// `SELECT, INSERT`, or for a column `SELECT ("note")`.
fn rights(thing: &Thing, privileges: Privileges) -> String {
    match &thing.column {
        None => privileges.keywords(),
        Some(column) => {
            let each = privileges.each().map(|(_, keyword)| format!("{keyword} ({})", column.quoted()));
            each.collect::<Vec<_>>().join(", ")
        }
    }
}

/// One GRANT without and one with the grant option, as far as there is something to grant.
pub(super) fn grant(things: &[&Thing], grantee: &Grantee, granted: Granted) -> Vec<String> {
    let plain = granted.privileges.minus(granted.grantable);
    let parts = [(plain, ""), (granted.grantable, " WITH GRANT OPTION")];
    let part = |(privileges, option): &(Privileges, &str)| {
        format!("GRANT {} ON {} TO {}{option}", rights(things[0], *privileges), on(things), grantee.sql())
    };
    parts.iter().filter(|(privileges, _)| !privileges.is_empty()).map(part).collect()
}

pub(super) fn revoke(things: &[&Thing], privileges: Privileges, from: &Grantee, cascade: bool) -> String {
    let cascade = if cascade { " CASCADE" } else { "" };
    format!("REVOKE {} ON {} FROM {}{cascade}", rights(things[0], privileges), on(things), from.sql())
}

/// Nobody has anything on it any more, its owner neither.
pub(super) fn clear(thing: &Thing, acl: &Acl, owner: &Name) -> String {
    let owner = Grantee::Role(owner.clone());
    let from: BTreeSet<&Grantee> = acl.entries().map(|(grantee, _, _)| grantee).chain([&owner]).collect();
    let from: Vec<String> = from.into_iter().map(Grantee::sql).collect();
    let all = thing.column.as_ref().map_or_else(|| "ALL".into(), |column| format!("ALL ({})", column.quoted()));
    format!("REVOKE {all} ON {} FROM {} CASCADE", on(&[thing]), from.join(", "))
}

/// What others granted is taken by their own word, then what the owner granted, with all that hangs on it.
pub(super) fn strip(strip: &Strip, back: &str) -> Vec<String> {
    let (things, role) = ([&strip.thing], Grantee::Role(strip.role.clone()));
    let mut sql: Vec<String> = strip.others.iter().flat_map(|other| of_another(strip, other, back)).collect();
    if !strip.lent.is_empty() {
        let lent = Granted { privileges: strip.lent, grantable: strip.lent };
        sql.extend(grant(&things, &role, lent));
    }
    let all = strip.held | strip.lent;
    if !all.is_empty() {
        let cascade = !(strip.grantable | strip.lent).is_empty();
        sql.push(revoke(&things, all, &role, cascade));
    }
    sql
}

/// A REVOKE takes only what its grantor granted, and GRANTED BY another is refused (0A000): so we become the grantor. A
/// superuser, and who inherits from the owner, acts as the owner, and keeps the grant option whatever is revoked
/// (`select_best_grantor` and `recursive_revoke` in src/backend/utils/adt/acl.c): he becomes the owner for a moment, and what
/// he granted to others is the owner's word from then on.
fn of_another(strip: &Strip, other: &FromAnother, back: &str) -> Vec<String> {
    let (things, role) = ([&strip.thing], Grantee::Role(strip.role.clone()));
    let revoke = revoke(&things, other.privileges, &role, true);
    let Some(had) = other.through else {
        let become_grantor = format!("SET LOCAL ROLE {}", other.grantor.quoted());
        return vec![become_grantor, revoke, back.into()];
    };
    let sql = [owner(&strip.thing, &other.grantor), revoke, owner(&strip.thing, &strip.owner)];
    sql.into_iter().chain(grant(&things, &Grantee::Role(other.grantor.clone()), had)).collect()
}

pub(super) fn give_back(strip: &Strip, back: &str) -> Vec<String> {
    let (things, role) = ([&strip.thing], Grantee::Role(strip.role.clone()));
    let mut sql = grant(&things, &role, Granted { privileges: strip.held, grantable: strip.grantable });
    for other in &strip.others {
        let again = grant(&things, &role, Granted { privileges: other.privileges, grantable: other.grantable });
        if other.through.is_some() {
            let (who, by) = (strip.role.shown(), other.grantor.shown());
            sql.push(format!("-- cannot be undone exactly: what {by} granted to {who} comes back from the owner"));
            sql.extend(again);
            continue;
        }
        sql.push(format!("SET LOCAL ROLE {}", other.grantor.quoted()));
        sql.extend(again);
        sql.push(back.into());
    }
    if !strip.gave.is_empty() {
        sql.push(format!("SET LOCAL ROLE {}", strip.role.quoted()));
        sql.extend(strip.gave.iter().flat_map(|(grantee, granted)| grant(&things, grantee, *granted)));
        sql.push(back.into());
    }
    sql
}

/// The row goes when it says what is built in (`SetDefaultACL` in src/backend/catalog/aclchk.c): per schema nothing, globally
/// all to the owner, and to PUBLIC what it has of functions and types.
pub(super) fn forget_defaults(key: &DefaultKey, grantees: &[&Grantee]) -> Vec<String> {
    let (head, on) = (super::sql::default_of(key), key.future.keyword());
    let mut sql = Vec::new();
    if !grantees.is_empty() {
        let from: Vec<String> = grantees.iter().map(|grantee| grantee.sql()).collect();
        sql.push(format!("{head} REVOKE ALL ON {on} FROM {}", from.join(", ")));
    }
    if key.schema.is_none() {
        sql.push(format!("{head} GRANT ALL ON {on} TO {}", key.role.quoted()));
        let public = key.future.public();
        if matches!(key.future, Future::Functions | Future::Types) {
            sql.push(format!("{head} GRANT {} ON {on} TO PUBLIC", public.keywords()));
        }
    }
    sql
}

/// `ALTER POLICY "p" ON public.t TO "a", "b"`
pub(super) fn policy_roles<'a>(table: &Thing, policy: &Policy, roles: impl Iterator<Item = &'a Name>) -> String {
    let roles: Vec<String> = roles.map(Name::quoted).collect();
    format!("ALTER POLICY {} ON {} TO {}", policy.name.quoted(), table.sql(), roles.join(", "))
}

pub(super) fn drop_policy(table: &Thing, policy: &Policy) -> String {
    format!("DROP POLICY {} ON {}", policy.name.quoted(), table.sql())
}

pub(super) fn create_policy(table: &Thing, policy: &Policy) -> String {
    let roles: Vec<String> = policy.roles.iter().map(Name::quoted).collect();
    let kind = if policy.permissive { "PERMISSIVE" } else { "RESTRICTIVE" };
    let part = |keyword: &str, text: &Option<String>| {
        text.as_ref().map(|text| format!(" {keyword} ({})", visible_sql(text))).unwrap_or_default()
    };
    format!(
        "CREATE POLICY {} ON {} AS {kind} FOR {} TO {}{}{}",
        policy.name.quoted(),
        table.sql(),
        policy.command,
        roles.join(", "),
        part("USING", &policy.using),
        part("WITH CHECK", &policy.check)
    )
}

/// Ends sessions and waits until they are gone; from 14 on the function knows how.
/// <https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL>
pub(super) fn terminate(column: &str, name: &Name) -> String {
    format!(
        "SELECT pg_catalog.pg_terminate_backend(a.pid, '10000'::pg_catalog.int8) FROM pg_catalog.pg_stat_activity a \
         WHERE a.{column} = {} AND a.pid <> pg_catalog.pg_backend_pid()",
        literal(name.as_str())
    )
}
