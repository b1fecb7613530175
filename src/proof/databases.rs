//! Nobody else connects; and what is claimed of a database's inside.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Certainty, Draft, Severity, Target};
use super::ground::Ground;
use super::objects::beyond;
use super::{code, columns, containers, foreign, objects, others, outliving, parts, policies};
use super::{search_path, servers, structure, used_code};
use crate::access::flow::{Flow, Flowed, Gain, flows, follow, path};
use crate::access::{Held, Hop, Inside, Subject, view_circles};
use crate::model::{Acl, Code, Contents, Database, Grantee, Holding, Name, Object, Presence, Privileges};

/// One database, as it is and as the layout means it.
pub(super) struct Both<'a> {
    pub(super) name: &'a Name,
    pub(super) actual: Inside<'a>,
    pub(super) expected: Inside<'a>,
    pub(super) contents: &'a Contents,
    pub(super) wholes: parts::Wholes<'a>,
    /// Views that a statement can change, or let change.
    pub(super) writable: BTreeSet<&'a Object>,
}

impl<'a> Both<'a> {
    pub(super) fn of(ground: &Ground<'a>, name: &'a Name, (actual, expected): (Inside<'a>, Inside<'a>)) -> Self {
        let contents = actual.contents;
        let writable = contents.code.iter().flat_map(|code| &code.writable_views).map(|view| &view.view).collect();
        let wholes = parts::Wholes::of(ground, name, contents);
        Self { name, actual, expected, contents, wholes, writable }
    }
}

pub(super) fn claims<'a>(ground: &'a Ground<'a>, name: &'a Name, contents: &'a Contents) {
    let (actual, expected) = (ground.actual.inside(name, contents), ground.expected.inside(name, contents));
    let (Some(actual), Some(expected)) = (actual, expected) else { return };
    let both = Both::of(ground, name, (actual, expected));
    circles(ground, &both);
    itself(ground, &both);
    owner(ground, &both);
    outliving::sessions(ground, &both);
    objects::claims(ground, &both);
    search_path::claims(ground, &both);
    columns::claims(ground, &both);
    let passed = Passed::of(&both.actual);
    structure::claims(ground, &both, &passed);
    parts::claims(ground, &both, &passed);
    code::claims(ground, &both, &passed);
    used_code::claims(ground, &both);
    foreign::claims(ground, &both);
    others::claims(ground, &both);
    containers::claims(ground, &both);
    policies::claims(ground, &both);
    servers::claims(ground, &both, &passed);
}

/// What views, rules, keys and parents pass on, as it is.
pub(super) struct Passed {
    pub(super) flows: Vec<Flow>,
    pub(super) flowed: Flowed,
}

impl Passed {
    fn of(inside: &Inside<'_>) -> Self {
        Self::by(inside, flows(inside))
    }

    /// What these flows alone pass on.
    pub(super) fn by(inside: &Inside<'_>, flows: Vec<Flow>) -> Self {
        let flowed = follow(inside, &flows);
        Self { flows, flowed }
    }

    /// Those to whom one of these rights on a relation is passed on.
    pub(super) fn gained(&self, on: &Object, of: Privileges) -> impl Iterator<Item = usize> {
        let gains = self.flowed.get(on).into_iter().flatten();
        let any = move |gain: &&Gain| !gain.privileges.intersection(of).is_empty();
        gains.filter(move |(_, gains)| gains.iter().any(|gain| any(&gain))).map(|(at, _)| *at)
    }

    /// By which hops somebody has one of these rights: his own, else one that is passed on.
    pub(super) fn way(&self, inside: &Inside<'_>, at: usize, on: &Object, of: Privileges) -> Vec<Hop> {
        let own = inside.path(at, Subject::Object(on), of);
        let gains = || self.flowed.get(on).and_then(|by| by.get(&at)).into_iter().flatten();
        let gain = gains().find(|gain| !gain.privileges.intersection(of).is_empty()).filter(|_| own.is_empty());
        gain.map_or(own, |gain| {
            path(inside, &self.flows, &self.flowed, at, gain.only(gain.privileges.intersection(of)))
        })
    }

    /// Who has what on a relation because it is passed on.
    pub(super) fn passed_on(&self, on: &Object) -> impl Iterator<Item = (usize, Privileges)> {
        let each = self.flowed.get(on).into_iter().flatten();
        each.map(|(at, gains)| (*at, gains.iter().fold(Privileges::NONE, |all, gain| all | gain.privileges)))
    }

    /// Who has which of these rights on a relation, each by one way: by role and ACL, on columns, or passed on.
    pub(super) fn holders(
        &self,
        inside: &Inside<'_>,
        on: &Object,
        of: Privileges,
    ) -> Vec<(usize, Privileges, Vec<Hop>)> {
        let mut found: BTreeMap<usize, (Privileges, Vec<Hop>)> = BTreeMap::new();
        let direct = inside.held(on);
        for (at, held) in direct.iter().chain(inside.held_on_columns(on).iter()) {
            let at = *at;
            let held = held.intersection(of);
            if !held.is_empty() {
                let path = inside.path(at, Subject::Object(on), held);
                let known = found.entry(at).or_insert((held, path));
                known.0 = known.0 | held;
            }
        }
        for (at, gains) in self.flowed.get(on).into_iter().flatten() {
            for gain in gains.iter().filter(|gain| !gain.privileges.intersection(of).is_empty()) {
                let path = || path(inside, &self.flows, &self.flowed, *at, gain.only(gain.privileges.intersection(of)));
                let known = found.entry(*at).or_insert_with(|| (Privileges::NONE, path()));
                known.0 = known.0 | gain.privileges.intersection(of);
            }
        }
        found.into_iter().map(|(at, (privileges, path))| (at, privileges, path)).collect()
    }
}

/// Views that read each other: no statement that reads one of them works.
fn circles(ground: &Ground<'_>, both: &Both<'_>) {
    const NAMED: usize = 5;
    for views in view_circles(both.contents) {
        let names: Vec<String> = views.iter().take(NAMED).map(|view| view.shown()).collect();
        let more = if views.len() > NAMED { format!(" and {} more", views.len() - NAMED) } else { String::new() };
        let (names, database) = (names.join(", "), both.name.shown());
        ground.note(format!("{database}: the views {names}{more} read each other, and so nobody can read them"));
    }
}

/// CONNECT, and what else there is to have on the database itself.
fn itself(ground: &Ground<'_>, both: &Both<'_>) {
    ground.checked(1);
    let (actual, expected) = (both.actual.held_on_database(), both.expected.held_on_database());
    for (principal, extra) in beyond(ground, &actual, &expected) {
        let path = both.actual.path(principal, Subject::Database, extra);
        let connects = extra.contains(Privileges::CONNECT);
        let owner = &both.actual.database.held.owner;
        let fix = ground.closing(principal, both.name, (None, owner), (&path, extra));
        ground.find(Draft {
            code: if connects { "undeclared-connect" } else { "undeclared-access" },
            who: ground.who(principal),
            privileges: extra,
            object: Target::database(both.name),
            claim: format!("only the logins of {} and those declared connect to it", both.name.shown()),
            path,
            fix,
            severity: ground.severity(principal),
            certainty: Certainty::Certain,
        });
    }
}

/// Who owns a database decides as whom everybody's session runs: `ALTER DATABASE … SET role`.
fn owner(ground: &Ground<'_>, both: &Both<'_>) {
    let (owner, wanted) = (&both.actual.database.held.owner, &both.expected.database.held.owner);
    if owner == wanted || ground.is_trusted(owner) || ground.desired.admins.contains(owner) {
        return;
    }
    let name = both.name.quoted();
    ground.find(Draft {
        code: "database-owner",
        who: &Grantee::Role(owner.clone()),
        privileges: Privileges::NONE,
        object: Target::database(both.name),
        claim: format!("{} belongs to the provisioner", both.name.shown()),
        path: vec![crate::access::Hop::Owner { role: owner.clone() }],
        fix: vec![format!("ALTER DATABASE {name} OWNER TO {}", wanted.quoted())],
        severity: Severity::Error,
        certainty: Certainty::Certain,
    });
}

/// Who may create schemas in a database that no service declares may make one that is named like whoever connects there, and in the maintenance
/// database that is first of all a superuser.
fn creating(ground: &Ground<'_>, (name, database): (&Name, &Database), inside: &Inside<'_>, held: &Held) {
    let maintenance = *name == ground.desired.maintenance;
    for (principal, _) in held.iter().filter(|(_, held)| held.contains(Privileges::CREATE)) {
        let path = inside.path(*principal, Subject::Database, Privileges::CREATE);
        // somebody's own database
        let owns = matches!(path.last(), Some(Hop::Owner { .. })) && !maintenance;
        if !ground.is_bound(*principal) || owns && ground.wall(*principal).is_none() {
            continue;
        }
        let fix = ground.closing(*principal, name, (None, &database.held.owner), (&path, Privileges::CREATE));
        let severity = if maintenance { Severity::Error } else { Severity::Warning };
        ground.find(Draft {
            code: "shadowing",
            who: ground.who(*principal),
            privileges: Privileges::CREATE,
            object: Target::database(name),
            claim: format!("only the trusted make schemas in {}, which could be named like theirs", name.shown()),
            path,
            fix,
            severity: severity.max(ground.severity(*principal)),
            certainty: Certainty::Conditional,
        });
    }
}

/// The maintenance database is on everybody's way who is trusted: what he names there must be the trusted's, too.
pub(super) fn maintenance(ground: &Ground<'_>) {
    let Some(maintenance) = &ground.snapshot.maintenance else { return };
    let name = &maintenance.database;
    let Some(known) = ground.snapshot.state.databases.get(name) else { return };
    let code = Code { on_path: Some(maintenance.on_path.clone()), ..Code::default() };
    let contents = Contents { code: Some(code), ..Contents::default() };
    let mut database = known.clone();
    database.objects.extend(
        maintenance
            .schemas
            .iter()
            .map(|schema| (Object::schema(&schema.name), Holding::new(schema.owner.clone(), schema.acl.clone()))),
    );
    // the layout wants nothing there
    let nothing = Database::new(known.held.owner.clone(), Acl::default());
    let (actual, expected) = (&ground.actual, &ground.expected);
    let inside = (actual.over_one((name, &database), &contents), expected.over_one((name, &nothing), &contents));
    search_path::claims_elsewhere(ground, &Both::of(ground, name, inside));
}

/// Databases that no service declares are nobody's place, and somebody may be there.
pub(super) fn others(ground: &Ground<'_>) {
    let nothing = Contents::default();
    for (name, database) in &ground.snapshot.state.databases {
        let managed = ground.desired.scope.databases.contains_key(name);
        if managed || database.presence != Presence::Open {
            continue;
        }
        let Some(inside) = ground.actual.inside(name, &nothing) else { continue };
        let held = inside.held_on_database();
        creating(ground, (name, database), &inside, &held);
        let public = held.contains_key(&0);
        for principal in held.into_keys().filter(|principal| *principal == 0 || !public) {
            let declared = principal == 0 || ground.wall(principal).is_some();
            if !declared || !ground.is_bound(principal) {
                continue;
            }
            let path = inside.path(principal, Subject::Database, Privileges::CONNECT);
            let fix = ground.closing(principal, name, (None, &database.held.owner), (&path, Privileges::CONNECT));
            ground.find(Draft {
                code: "other-database",
                who: ground.who(principal),
                privileges: Privileges::CONNECT,
                object: Target::database(name),
                claim: format!("logins of services have no business in {}", name.shown()),
                path,
                fix,
                severity: Severity::Note,
                certainty: Certainty::Certain,
            });
        }
    }
}
