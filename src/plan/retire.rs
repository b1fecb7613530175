//! How a role leaves, before it is dropped: what it owns moves, what it holds goes.

use std::collections::{BTreeMap, BTreeSet};

use super::build::{Context, Draft};
use super::place::Place;
use super::step::{Action, ObjectRef};
use super::takeover::{self, Carried};
use super::{Hazard, grants, rebuild, retire_drops, retire_rebuild, retire_sql, sql};
use crate::diff::{Change, Retirement, Strip};
use crate::model::{Acl, DefaultKey, Granted, Grantee, Membership, MembershipOptions, Name, Policy, Privileges, Thing};

/// What moves together: place, kind, schema, old and new owner, and whether it brings code from beyond the wall.
type Move<'a> = (Place, &'a str, Option<&'a Name>, &'a Name, &'a Name, bool);
/// What is granted again together: place, whose word it is, kind, grantee, rights, and the column.
type Grant<'a> = (Place, Option<&'a Name>, &'a str, &'a Grantee, Granted, Option<&'a Name>);
/// What is revoked together: place, whose word it takes, kind, role, rights, those with the option.
type Revoke<'a> = (Place, Option<&'a Name>, &'a str, &'a Name, Privileges, Privileges);

pub(super) fn add(changes: &[Change], context: &Context<'_>, drafts: &mut Vec<Draft>) {
    let mut moves: BTreeMap<Move<'_>, Vec<&Thing>> = BTreeMap::new();
    let mut again: BTreeMap<Grant<'_>, Vec<&Thing>> = BTreeMap::new();
    let mut simple: BTreeMap<Revoke<'_>, Vec<&Thing>> = BTreeMap::new();
    let mut others = Vec::new();
    // a superuser's word is any owner's
    let word = |owner| (!context.snapshot.server.superuser).then_some(owner);
    for change in changes {
        let Change::Retire(retirement) = change else { continue };
        let place = context.place(change);
        match retirement {
            Retirement::Hand { thing, from, to, .. } => {
                let code = carried(context, &place, &[thing], (from, to))[0] != Carried::Nothing;
                moves.entry((place, &thing.kind, thing.schema.as_ref(), from, to, code)).or_default().push(thing);
            }
            Retirement::GrantAgain { thing, owner, grantee, granted, .. } => {
                // columns have statements of their own
                let key = (place, word(owner), thing.kind.as_str(), grantee, *granted, thing.column.as_ref());
                again.entry(key).or_default().push(thing);
            }
            Retirement::Strip(strip) if is_simple(strip) => {
                let by = word(&strip.owner);
                let key = (place, by, strip.thing.kind.as_str(), &strip.role, strip.held, strip.grantable);
                simple.entry(key).or_default().push(&strip.thing);
            }
            other => others.extend(one(context, place.clone(), other)),
        }
    }
    drafts.extend(
        moves.into_iter().map(|((place, _, _, from, to, _), things)| hand(context, place, &things, (from, to))),
    );
    for ((place, by, _, grantee, granted, _), things) in again {
        drafts.push(by_owner(context, by, grant_again(context, place, &things, (grantee, granted))));
    }
    // columns before their tables: REVOKE on a table takes them along; schemas last, since whoever grants on the way back must
    // be able to use them
    others.sort_by_key(|draft| draft.object.kind == "schema");
    drafts.extend(others);
    for ((place, by, _, role, held, grantable), things) in simple {
        let held = Granted { privileges: held, grantable };
        drafts.push(by_owner(context, by, revoke(context, place, &things, (role, held))));
    }
}

/// With borrowed rights a GRANT or REVOKE could be another's, who holds the grant option.
fn by_owner(context: &Context<'_>, owner: Option<&Name>, draft: Draft) -> Draft {
    let Some(owner) = owner else { return draft };
    Draft { sql: context.as_role(owner, draft.sql), undo: context.as_role(owner, draft.undo), ..draft }
}

/// The owner's own grant, of a whole object.
fn is_simple(strip: &Strip) -> bool {
    strip.others.is_empty() && strip.gave.is_empty() && strip.thing.column.is_none()
}

fn one(context: &Context<'_>, place: Place, retirement: &Retirement) -> Option<Draft> {
    match retirement {
        Retirement::HandAll { from, to, things, .. } => Some(hand_all(context, place, things, (from, to))),
        Retirement::Strip(strip) => {
            // what goes through others' hands is theirs for the moment, and a superuser's to do
            let passes = strip.others.iter().any(|other| other.through.is_some());
            Some(by_owner(context, Some(&strip.owner).filter(|_| !passes), alone(context, place, strip)))
        }
        Retirement::ForgetDefaults { database, key, acl } => Some(forget(context, place, database, (key, acl))),
        Retirement::Narrow { table, policy, left, .. } => Some(narrow(context, place, table, (policy, left))),
        Retirement::DropMapping { database, server, role } => Some(mapping(context, place, database, (server, role))),
        Retirement::JoinAgain { membership, options, before } => {
            Some(join_again(context, place, membership, (*options, *before)))
        }
        last => retire_drops::step(context, place, last),
    }
}

/// A step about things of one kind, on account of a role that leaves.
fn about(context: &Context<'_>, place: Place, action: Action, (role, things): (&Name, &[&Thing])) -> Draft {
    let shared = ["database", "tablespace", "parameter"].contains(&things[0].kind.as_str());
    let database = if shared { things[0].schema.clone() } else { Some(place.database.clone()) };
    let name = |thing: &Thing| match &thing.column {
        Some(column) => format!("{}.{}", thing.identity, column.as_str()),
        None => thing.identity.clone(),
    };
    let (schema, kind) = (things[0].schema.clone().filter(|_| !shared), things[0].kind.clone());
    let objects = if things.len() > 1 { things.iter().map(|thing| name(thing)).collect() } else { vec![] };
    let object = ObjectRef { kind, database, schema, name: name(things[0]) };
    Draft { objects, service: context.service_of_role(role), ..Draft::empty(place, action, object) }
}

/// `table public.t`, or `12 tables`; both in their database.
fn subject(place: &Place, things: &[&Thing]) -> String {
    let kind = &things[0].kind;
    let what = match things {
        [thing] => thing.shown(),
        _ => format!("{} {}", things.len(), plural(kind)),
    };
    if ["database", "tablespace", "parameter"].contains(&kind.as_str()) {
        return what;
    }
    format!("{what} in database {}", place.database.shown())
}

pub(super) fn plural(kind: &str) -> String {
    match kind.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if kind.ends_with('s') => format!("{kind}es"),
        None => format!("{kind}s"),
    }
}

/// `s`, where there are several.
pub(super) fn drop_word(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn retired(role: &Name) -> String {
    format!("{} is retired", role.shown())
}

/// What these things bring along to their new owner.
fn carried<'a>(
    context: &Context<'a>,
    place: &Place,
    things: &[&Thing],
    (from, to): (&Name, &Name),
) -> Vec<Carried<'a>> {
    things.iter().map(|thing| context.carried_thing(&place.database, thing, (from, to))).collect()
}

fn hand(context: &Context<'_>, place: Place, things: &[&Thing], (from, to): (&Name, &Name)) -> Draft {
    let subject = subject(&place, things);
    let back = things.iter().map(|thing| retire_sql::owner(thing, from));
    let back = back.chain(retire_rebuild::after_return(context, &place, things, (from, to)));
    let carried = carried(context, &place, things, (from, to));
    Draft {
        roles: vec![to.as_str().into()],
        sql: things.iter().map(|thing| retire_sql::owner(thing, to)).collect(),
        undo: retire_rebuild::lending(context, &place, things, (from, to), back.collect()),
        hazards: takeover::hazards(vec![Hazard::MovesOwner], &carried),
        code: takeover::code(&place.database, &carried),
        what: format!("{subject}: from {} to {}", from.shown(), to.shown()),
        why: retired(from),
        ..about(context, place, Action::Own, (from, things))
    }
}

/// REASSIGN OWNED: an extension has no ALTER … OWNER, and the rights that its script gave have no statement at all.
fn hand_all(context: &Context<'_>, place: Place, things: &[Thing], (from, to): (&Name, &Name)) -> Draft {
    let mut words: BTreeMap<&str, usize> = BTreeMap::new();
    for thing in things {
        *words.entry(&thing.kind).or_default() += 1;
    }
    let counted =
        |(kind, n): (&&str, &usize)| if *n == 1 { format!("1 {kind}") } else { format!("{n} {}", plural(kind)) };
    let list = words.iter().map(counted).collect::<Vec<_>>().join(", ");
    let all: Vec<&Thing> = things.iter().collect();
    let (database, old, new) = (place.database.shown(), from.shown(), to.shown());
    let carried = context.carried_of(&place.database, (from, to));
    Draft {
        roles: vec![to.as_str().into()],
        sql: vec![format!("REASSIGN OWNED BY {} TO {}", from.quoted(), to.quoted())],
        hazards: takeover::hazards(vec![Hazard::MovesOwner], &carried),
        code: takeover::code(&place.database, &carried),
        what: format!("everything of {old} in database {database}: from {old} to {new}"),
        why: format!("{}; {list}, and only REASSIGN OWNED moves them all", retired(from)),
        ..about(context, place, Action::Own, (from, &all))
    }
}

fn grant_again(
    context: &Context<'_>,
    place: Place,
    things: &[&Thing],
    (grantee, granted): (&Grantee, Granted),
) -> Draft {
    let subject = subject(&place, things);
    let by: Vec<String> = context.desired.retire.roles.keys().map(Name::shown).collect();
    let by = if by.len() == 1 { by.concat() } else { "a role that leaves".into() };
    let option = if granted.grantable.is_empty() { "" } else { ", with grant option" };
    let chunks = || things.chunks(if things[0].column.is_some() { 1 } else { sql::CHUNK });
    Draft {
        roles: grants::roles(std::slice::from_ref(grantee)),
        sql: chunks().flat_map(|things| retire_sql::grant(things, grantee, granted)).collect(),
        undo: chunks().map(|things| retire_sql::revoke(things, granted.privileges, grantee, false)).collect(),
        what: format!("{} on {subject} to {}{option}", granted.privileges.keywords(), grantee.shown()),
        why: format!("{by} had granted it; from now on it is the owner's word"),
        service: None,
        ..about(context, place, Action::Grant, (&things_role(grantee), things))
    }
}

fn things_role(grantee: &Grantee) -> Name {
    grantee.role().cloned().unwrap_or_else(|| Name::of_server(""))
}

fn revoke(context: &Context<'_>, place: Place, things: &[&Thing], (role, held): (&Name, Granted)) -> Draft {
    let (subject, grantee) = (subject(&place, things), Grantee::Role(role.clone()));
    let cascade = !held.grantable.is_empty();
    let chunks = || things.chunks(sql::CHUNK);
    Draft {
        roles: vec![role.as_str().into()],
        sql: chunks().map(|things| retire_sql::revoke(things, held.privileges, &grantee, cascade)).collect(),
        undo: chunks().flat_map(|things| retire_sql::grant(things, &grantee, held)).collect(),
        hazards: vec![Hazard::RevokesAccess],
        what: format!("{} on {subject} from {}", held.privileges.keywords(), role.shown()),
        why: retired(role),
        ..about(context, place, Action::Revoke, (role, things))
    }
}

fn alone(context: &Context<'_>, place: Place, strip: &Strip) -> Draft {
    let (things, role) = ([&strip.thing], &strip.role);
    let all = strip.others.iter().fold(strip.held, |all, other| all | other.privileges);
    let grantors: Vec<String> = strip.others.iter().map(|other| other.grantor.shown()).collect();
    let back = context.snapshot.server.set_role_back();
    let by = if grantors.is_empty() { String::new() } else { format!("; granted by {} too", grantors.join(", ")) };
    let (what, why) = if all.is_empty() {
        (format!("what {} granted: {}", role.shown(), strip.lent.keywords()), "; others have it from the owner by now")
    } else {
        (all.keywords(), "")
    };
    Draft {
        roles: vec![role.as_str().into()],
        sql: retire_sql::strip(strip, &back),
        undo: if strip.compared { vec![rebuild::ELSEWHERE.into()] } else { retire_sql::give_back(strip, &back) },
        hazards: vec![Hazard::RevokesAccess],
        what: format!("{what} on {} from {}", subject(&place, &things), role.shown()),
        why: format!("{}{by}{why}", retired(role)),
        ..about(context, place, Action::Revoke, (role, &things))
    }
}

fn forget(context: &Context<'_>, place: Place, database: &Name, (key, acl): (&DefaultKey, &Acl)) -> Draft {
    let grantees: BTreeSet<&Grantee> = acl.entries().map(|(grantee, _, _)| grantee).collect();
    let grantees: Vec<&Grantee> = grantees.into_iter().collect();
    let (head, on) = (sql::default_of(key), key.future.keyword());
    let again = acl.entries().flat_map(|(grantee, _, granted)| {
        let plain = granted.privileges.minus(granted.grantable);
        let parts = [(plain, ""), (granted.grantable, " WITH GRANT OPTION")].into_iter();
        let parts = parts.filter(|(privileges, _)| !privileges.is_empty());
        let part = |(privileges, option): (Privileges, &str)| {
            format!("{head} GRANT {} ON {on} TO {}{option}", privileges.keywords(), grantee.sql())
        };
        parts.map(part).collect::<Vec<_>>()
    });
    let clean = format!("{head} REVOKE ALL ON {on} FROM PUBLIC, {}", key.role.quoted());
    Draft {
        roles: grants::roles(&grantees.iter().map(|grantee| (*grantee).clone()).collect::<Vec<_>>()),
        service: context.service_of_role(&key.role),
        sql: retire_sql::forget_defaults(key, &grantees),
        undo: std::iter::once(clean).chain(again).collect(),
        what: format!("{}: as PostgreSQL has it built in", grants::default_subject(key)),
        why: format!("{}, and creates nothing any more", retired(&key.role)),
        ..Draft::empty(place, Action::Default, grants::default_object(database, key))
    }
}

fn narrow(context: &Context<'_>, place: Place, table: &Thing, (policy, left): (&Policy, &BTreeSet<Name>)) -> Draft {
    let gone: Vec<&Name> = policy.roles.iter().filter(|role| !left.contains(*role)).collect();
    let names: Vec<String> = gone.iter().map(|role| role.shown()).collect();
    let name = policy.name.shown();
    let (sql, undo, what) = if left.is_empty() {
        let what = format!("policy {name} on {}, which is for {} alone", subject(&place, &[table]), names.join(", "));
        (retire_sql::drop_policy(table, policy), retire_sql::create_policy(table, policy), what)
    } else {
        let undo = retire_sql::policy_roles(table, policy, policy.roles.iter());
        let what = format!("policy {name} on {}: not for {} any more", subject(&place, &[table]), names.join(", "));
        (retire_sql::policy_roles(table, policy, left.iter()), undo, what)
    };
    // members of the role leave it, and are bound no longer either
    let bound = if policy.permissive { "" } else { "; it restricted them and their members" };
    let about = about(context, place, Action::Revoke, (gone[0], &[table]));
    let object = ObjectRef { kind: "policy".into(), name: policy.name.as_str().into(), ..about.object.clone() };
    Draft {
        object,
        roles: gone.iter().map(|role| role.as_str().into()).collect(),
        sql: vec![sql],
        undo: vec![undo],
        hazards: vec![Hazard::RevokesAccess],
        what,
        why: format!("{} retired{bound}", if gone.len() == 1 { "it is" } else { "they are" }),
        ..about
    }
}

fn mapping(context: &Context<'_>, place: Place, database: &Name, (server, role): (&Name, &Name)) -> Draft {
    let object = ObjectRef { database: Some(database.clone()), ..ObjectRef::shared("user mapping", server) };
    Draft {
        roles: vec![role.as_str().into()],
        service: context.service_of_role(role),
        sql: vec![format!("DROP USER MAPPING FOR {} SERVER {}", role.quoted(), server.quoted())],
        hazards: vec![Hazard::RevokesAccess],
        what: format!(
            "the user mapping of {} for server {} in database {}",
            role.shown(),
            server.shown(),
            database.shown()
        ),
        why: format!("{}; its options may hold a password, so no undo is written", retired(role)),
        ..Draft::empty(place, Action::Revoke, object)
    }
}

fn join_again(
    context: &Context<'_>,
    place: Place,
    membership: &Membership,
    (options, before): (MembershipOptions, Option<MembershipOptions>),
) -> Draft {
    let (role, member) = (&membership.role, &membership.member);
    Draft {
        roles: vec![member.as_str().into()],
        service: context.service_of_role(role).or_else(|| context.service_of_role(member)),
        sql: vec![sql::join(membership, options, true)],
        undo: vec![
            before.map_or_else(|| sql::leave(membership, "", true), |before| sql::join_again(membership, before, true)),
        ],
        what: format!("{} stays member of {}", member.shown(), role.shown()),
        why: "a role that leaves had granted it".into(),
        ..Draft::empty(place, Action::Join, ObjectRef::shared("role", role))
    }
}
