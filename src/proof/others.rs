//! What pg_shdepend knows besides: whatever stands in a service's schema is the service's, of whatever class; and nothing that another may drop
//! has a service's columns, indexes or policies hanging on it.

use std::collections::BTreeSet;

use super::databases::Both;
use super::finding::{Certainty, Draft, Severity, Target};
use super::fix::revoke;
use super::ground::Ground;
use super::hanging::{self, Losses};
use crate::access::Hop;
use crate::model::{Acl, Grantee, Held, Name, Object, Other, Privileges, Thing};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>) {
    let losses = hanging::claims(ground, both);
    for other in both.contents.others.iter().flatten() {
        match &other.hold {
            Held::Owner(owner) => owned(ground, both, (other, owner), &losses),
            // a range's constructors do nothing but make a range
            Held::Rights(_) if other.thing.part => {}
            Held::Rights(acl) => held(ground, both, &other.thing, acl),
            Held::Named(role) => named(ground, both, &other.thing, role),
        }
    }
}

/// The service in whose schema it is, and the role that is to own what is there.
fn place<'a>(ground: &Ground<'a>, both: &Both<'a>, thing: &Thing) -> Option<(&'a str, &'a Name)> {
    let schema = thing.schema.as_ref()?;
    let wall = ground.desired.schemas.get(&(both.name.clone(), schema.clone()))?;
    let owner = &both.expected.database.objects.get(&Object::schema(schema))?.owner;
    Some((wall, owner))
}

fn owned<'a>(ground: &Ground<'a>, both: &Both<'a>, (other, owner): (&Other, &Name), losses: &Losses<'a>) {
    let thing = &other.thing;
    let place = place(ground, both, thing);
    ground.checked(usize::from(place.is_some()));
    if ground.is_trusted(owner) || owner.as_str() == "pg_database_owner" || said_of_extension(both, other, owner) {
        return;
    }
    let shown = Target::thing(both.name, thing).shown();
    let system = thing.schema.as_ref().is_some_and(is_system);
    let losing = losses.get(&(thing.kind.as_str(), thing.identity.as_str()));
    let losing = losing.into_iter().flatten().map(|(wall, lost)| (*wall, *lost));
    let own = ground.wall_of(owner);
    let lost = losing.clone().any(|(wall, lost)| lost && !hanging::knows(ground, own, wall));
    let mut hurt = hurt(ground, both, other, owner);
    hurt.extend(losing.map(|(wall, _)| wall));
    let depends = || format!("nothing of {} hangs on what {} may drop", join(&hurt), owner.shown());
    match place {
        Some((_, wanted)) if wanted != owner => {
            let fix = fix(thing, wanted);
            find(ground, both, other, owner, (format!("{shown} belongs to {}", wanted.shown()), fix, Severity::Error));
        }
        Some(_) if hurt.is_empty() => {}
        Some(_) => {
            let severity = if lost { Severity::Error } else { Severity::Warning };
            find(ground, both, other, owner, (depends(), vec![], severity));
        }
        None if system => {
            let bootstrap = &ground.server().bootstrap;
            let claim = format!("{shown} belongs to {}", bootstrap.shown());
            find(ground, both, other, owner, (claim, fix(thing, bootstrap), Severity::Error));
        }
        None if !hurt.is_empty() && thing.kind == "publication" => {
            let provisioner = &both.expected.database.held.owner;
            let fix = vec![format!("ALTER PUBLICATION {} OWNER TO {}", thing.sql(), provisioner.quoted())];
            let claim = format!("nobody else says what {shown} sends of {}", join(&hurt));
            find(ground, both, other, owner, (claim, fix, Severity::Error));
        }
        None if !hurt.is_empty() => find(ground, both, other, owner, (depends(), vec![], Severity::Error)),
        // a schema that nobody declares is left alone
        None if thing.schema.is_some() => {}
        None => of_the_database(ground, both, other, owner),
    }
}

/// What is in no schema is the database's: it belongs to a service that lives there.
fn of_the_database(ground: &Ground<'_>, both: &Both<'_>, other: &Other, owner: &Name) {
    let (thing, services) = (&other.thing, services(ground, both));
    let own = ground.wall_of(owner).is_some_and(|wall| services.contains(wall));
    let everybodys = match thing.kind.as_str() {
        // who needs it next can't make it for himself, or is refused it
        "extension" | "language" => services.len() > 1,
        // it runs for everybody
        "event trigger" | "tablespace" => true,
        _ => false,
    };
    if !own || everybodys {
        let shown = Target::thing(both.name, thing).shown();
        let claim = format!("{shown} belongs to a service of its own, or to the trusted");
        // its owner takes it from all, and renames it
        let (fix, severity) = match thing.kind.as_str() {
            "language" => {
                let bootstrap = ground.server().bootstrap.quoted();
                (vec![format!("ALTER LANGUAGE {} OWNER TO {bootstrap}", thing.sql())], Severity::Error)
            }
            _ => (vec![], Severity::Warning),
        };
        find(ground, both, other, owner, (claim, fix, severity));
    }
}

/// What an extension's script made is dropped with it: that it is another's is said of the extension.
fn said_of_extension(both: &Both<'_>, other: &Other, owner: &Name) -> bool {
    let Some(extension) = &other.extension else { return false };
    both.contents.others.iter().flatten().any(|whole| {
        let named = whole.thing.kind == "extension" && whole.thing.identity.replace('"', "") == extension.as_str();
        named && matches!(&whole.hold, Held::Owner(of) if of == owner)
    })
}

/// Other services than the owner's whose schemas hold what hangs on it.
fn hurt<'a>(ground: &Ground<'a>, both: &Both<'a>, other: &Other, owner: &Name) -> BTreeSet<&'a str> {
    let own = ground.wall_of(owner);
    let wall = |schema: &Name| ground.desired.schemas.get(&(both.name.clone(), schema.clone())).map(String::as_str);
    other.users.iter().filter_map(wall).filter(|wall| Some(*wall) != own).collect()
}

fn services<'a>(ground: &Ground<'a>, both: &Both<'_>) -> BTreeSet<&'a str> {
    let here = ground.desired.homes.values().filter(|home| home.database == *both.name);
    here.map(|home| home.service.as_str()).collect()
}

fn is_system(schema: &Name) -> bool {
    schema.as_str().starts_with("pg_") || schema.as_str() == "information_schema"
}

pub(super) fn join(services: &BTreeSet<&str>) -> String {
    services.iter().copied().collect::<Vec<_>>().join(", ")
}

fn fix(thing: &Thing, to: &Name) -> Vec<String> {
    let statement = format!("ALTER {} {} OWNER TO {}", thing.alter_keyword(), thing.sql(), to.quoted());
    if thing.can_move() { vec![statement] } else { vec![] }
}

fn find(
    ground: &Ground<'_>,
    both: &Both<'_>,
    other: &Other,
    owner: &Name,
    (claim, fix, severity): (String, Vec<String>, Severity),
) {
    let login = ground.snapshot.state.roles.get(owner).is_some_and(|role| role.login);
    let own = place(ground, both, &other.thing).is_some_and(|(wall, _)| ground.wall_of(owner) == Some(wall));
    let mut object = Target::thing(both.name, &other.thing);
    if other.count > 1 {
        object.name = format!("{} and {} more", object.name, other.count - 1);
    }
    ground.find(Draft {
        code: if login && own { "login-owns" } else { "foreign-owner" },
        who: &Grantee::Role(owner.clone()),
        privileges: Privileges::NONE,
        object,
        claim,
        path: vec![Hop::Owner { role: owner.clone() }],
        fix,
        severity,
        certainty: Certainty::Certain,
    });
}

/// Rights on members of an extension that stand in a service's schema, and on what is in no schema and leads out of the database.
fn held(ground: &Ground<'_>, both: &Both<'_>, thing: &Thing, acl: &Acl) {
    let place = place(ground, both, thing);
    let services = services(ground, both);
    let severity = |at: usize| match (place, thing.kind.as_str()) {
        (Some((wall, _)), _) => ground.is_beyond(at, Some(wall)).then(|| ground.severity(at)),
        (None, "foreign-data wrapper") => {
            let here = ground.wall(at).is_some_and(|wall| services.contains(wall));
            (!here).then_some(Severity::Warning)
        }
        // the large values of a table, whosever it is
        (None, "toast table") => Some(ground.severity(at)),
        // dangerous languages have a claim of their own, and a tablespace holds what one may make elsewhere
        _ => None,
    };
    let (shown, bootstrap) = (Target::thing(both.name, thing).shown(), &ground.server().bootstrap);
    // what a superuser gave of a table, its owner gave, who may have no USAGE on the schema
    let by_owner = |grantor: &Name| thing.kind == "toast table" || ground.is_trusted(grantor);
    for (grantee, grantor, granted) in acl.entries() {
        let Some(role) = grantee.role().filter(|role| !ground.is_trusted(role)) else { continue };
        for at in ground.actual.who_reaches(role).into_iter().filter(|at| ground.is_bound(*at)) {
            let Some(severity) = severity(at) else { continue };
            let mut path = ground.actual.path_to(at, role);
            path.push(Hop::Acl { grantee: grantee.clone(), grantor: grantor.clone(), privileges: granted.privileges });
            let words = match &thing.column {
                None => granted.privileges.keywords(),
                Some(column) => {
                    let each = granted.privileges.each().map(|(_, word)| format!("{word} ({})", column.quoted()));
                    each.collect::<Vec<_>>().join(", ")
                }
            };
            let on = format!("{} {}", thing.grant_keyword(), thing.sql());
            ground.find(Draft {
                code: "undeclared-access",
                who: ground.who(at),
                privileges: granted.privileges,
                object: Target::thing(both.name, thing),
                claim: format!("only those declared use {shown}"),
                path,
                fix: revoke(&words, &on, grantee, (grantor, if by_owner(grantor) { grantor } else { bootstrap })),
                severity,
                certainty: Certainty::Certain,
            });
        }
    }
}

/// An ACL of a class that isn't known here yet: whom it names is.
fn named(ground: &Ground<'_>, both: &Both<'_>, thing: &Thing, role: &Name) {
    let services = services(ground, both);
    let own = ground.wall_of(role);
    let here = match place(ground, both, thing) {
        Some((wall, _)) => own == Some(wall),
        None => thing.schema.is_some() || own.is_some_and(|wall| services.contains(wall)),
    };
    if here || ground.is_trusted(role) {
        return;
    }
    ground.find(Draft {
        code: "undeclared-access",
        who: &Grantee::Role(role.clone()),
        privileges: Privileges::NONE,
        claim: format!("only those declared use {}", Target::thing(both.name, thing).shown()),
        object: Target::thing(both.name, thing),
        path: Vec::new(),
        fix: Vec::new(),
        severity: Severity::Warning,
        certainty: Certainty::Conditional,
    });
}
