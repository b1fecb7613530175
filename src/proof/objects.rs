//! A service's objects are used only by those to whom the layout gives them, and a single-writer table is written by its writer alone.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::databases::Both;
use super::finding::{Certainty, Draft, Severity, Target};
use super::ground::Ground;
use crate::access::{Held, Hop, Subject};
use crate::model::{Grantee, Kind, Object, Privileges};

pub(super) const WRITES: Privileges =
    Privileges::INSERT.union(Privileges::UPDATE).union(Privileges::DELETE).union(Privileges::TRUNCATE);

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>) {
    let scope = &ground.desired.scope.databases[both.name];
    let mut known: BTreeMap<(usize, usize), Rc<Held>> = BTreeMap::new();
    for object in both.actual.database.objects.keys().filter(|object| scope.has(object)) {
        ground.checked(1);
        let (actual, expected) = (both.actual.held(object), both.expected.held(object));
        // objects of a schema mostly share both, and so the difference
        let pair = (Rc::as_ptr(&actual).addr(), Rc::as_ptr(&expected).addr());
        let extra = known.entry(pair).or_insert_with(|| Rc::new(beyond(ground, &actual, &expected)));
        for (principal, privileges) in Rc::clone(extra).iter() {
            undeclared(ground, both, object, (*principal, *privileges));
        }
        owned_by_another(ground, both, object);
    }
}

/// What is held and not meant; of what PUBLIC has, PUBLIC's finding speaks.
pub(super) fn beyond(ground: &Ground<'_>, actual: &Held, expected: &Held) -> Held {
    let of = |held: &Held, at: usize| held.get(&at).copied().unwrap_or_default();
    let (public, open) = (of(expected, 0), of(actual, 0));
    let said = |at: usize| if at == 0 { public } else { of(expected, at) | public | open };
    let extra = actual.iter().map(|(at, held)| (*at, held.minus(said(*at))));
    extra.filter(|(at, extra)| !extra.is_empty() && ground.is_bound(*at)).collect()
}

fn undeclared(ground: &Ground<'_>, both: &Both<'_>, object: &Object, (principal, extra): (usize, Privileges)) {
    let writer = ground.writer(both.name, object);
    let written = if writer.is_some() { extra.intersection(WRITES) } else { Privileges::NONE };
    let trigger = if object.kind.is_relation() { extra.intersection(Privileges::TRIGGER) } else { Privileges::NONE };
    let created = if object.kind == Kind::Schema { extra.intersection(Privileges::CREATE) } else { Privileges::NONE };
    let rest = extra.minus(written | trigger | created);
    let parts = [
        ("second-writer", written),
        ("trigger-privilege", trigger),
        ("shadowing", created),
        ("undeclared-access", rest),
    ];
    for (code, privileges) in parts.into_iter().filter(|(_, privileges)| !privileges.is_empty()) {
        let path = both.actual.path(principal, Subject::Object(object), privileges);
        if said_elsewhere(ground, both, object, (principal, code), &path)
            || is_of_no_use(both, object, privileges, &path)
        {
            continue;
        }
        let owner = &both.actual.database.objects[object].owner;
        let fix = ground.closing(principal, both.name, (Some(object), owner), (&path, privileges));
        let conditional = matches!(code, "trigger-privilege" | "shadowing");
        ground.find(Draft {
            code,
            who: ground.who(principal),
            privileges,
            object: Target::object(both.name, object),
            claim: claim(ground, both, (object, privileges)),
            path,
            fix,
            severity: ground.severity(principal),
            certainty: if conditional { Certainty::Conditional } else { Certainty::Certain },
        });
    }
}

/// Who may use a schema may use its types, by everybody's right, which the layout leaves there. And a view that no statement can change is
/// changed by nobody: not one with an aggregate, as long as it has neither a rule nor a trigger instead.
fn is_of_no_use(both: &Both<'_>, object: &Object, privileges: Privileges, path: &[Hop]) -> bool {
    let everybody = matches!(path.last(), Some(Hop::Acl { grantee: Grantee::Public, .. }));
    match (object.kind, &both.contents.code) {
        (Kind::Type | Kind::Domain, _) => everybody,
        (Kind::MaterializedView, _) => privileges.minus(WRITES).is_empty(),
        (Kind::View, Some(_)) if privileges.minus(WRITES).is_empty() => !both.writable.contains(object),
        _ => false,
    }
}

/// One root, one finding: who can be another service's role can do what that role can, and who owns an object everything with it. But each
/// single-writer table is a claim of its own.
fn said_elsewhere(
    ground: &Ground<'_>,
    both: &Both<'_>,
    object: &Object,
    (principal, code): (usize, &str),
    path: &[Hop],
) -> bool {
    let foreign = ground.foreign.borrow();
    let through = |hop: &Hop| match hop {
        Hop::Member { role, .. } => foreign.contains(&(principal, role.clone())),
        Hop::Predefined { .. } => true,
        _ => false,
    };
    let owns = matches!(path.last(), Some(Hop::Owner { .. })) && is_moved(ground, both, object);
    owns || code != "second-writer" && path.iter().any(through)
}

/// Does it belong to somebody who isn't to own it?
fn is_moved(ground: &Ground<'_>, both: &Both<'_>, object: &Object) -> bool {
    let owner = &both.actual.database.objects[object].owner;
    let wanted = both.expected.database.objects.get(object).map(|held| &held.owner);
    wanted.is_some_and(|wanted| wanted != owner) && !ground.is_trusted(owner) && owner.as_str() != "pg_database_owner"
}

fn owned_by_another(ground: &Ground<'_>, both: &Both<'_>, object: &Object) {
    if !is_moved(ground, both, object) {
        return;
    }
    let owner = &both.actual.database.objects[object].owner;
    let wanted = &both.expected.database.objects[object].owner;
    let login = ground.snapshot.state.roles.get(owner).is_some_and(|role| role.login);
    let code = match object.kind {
        Kind::Schema => "schema-owner",
        _ if login && ground.is_declared(owner) => "login-owns",
        _ => "foreign-owner",
    };
    let sql = format!("ALTER {} {} OWNER TO {}", object.kind.alter_keyword(), object.sql(), wanted.quoted());
    let follows = both.actual.database.objects[object].follows.is_some();
    ground.find(Draft {
        code,
        who: &Grantee::Role(owner.clone()),
        privileges: object.kind.privileges(ground.server().version_num),
        object: Target::object(both.name, object),
        claim: format!("{} belongs to {}", Target::object(both.name, object).shown(), wanted.shown()),
        path: vec![Hop::Owner { role: owner.clone() }],
        // a column's sequence changes hands with its table
        fix: if follows { Vec::new() } else { vec![sql] },
        severity: Severity::Error,
        certainty: Certainty::Certain,
    });
}

/// The claim about an object that one of these rights is about. Who has TRIGGER runs code as the writer.
pub(super) fn claim(ground: &Ground<'_>, both: &Both<'_>, (object, privileges): (&Object, Privileges)) -> String {
    let shown = Target::object(both.name, object).shown();
    let writes = !privileges.intersection(WRITES | Privileges::TRIGGER).is_empty();
    match ground.ruled(both.name, object).map(|ruled| &ruled.writer) {
        Some(Some(writer)) if writes => format!("only {} writes {shown}", writer.shown()),
        Some(None) if writes => format!("nobody writes {shown} but as its rule says"),
        _ => format!("only those declared use {shown}"),
    }
}
