//! Code of somebody beyond the wall that stands in a schema on a path: it runs as whoever names it without its schema.

use super::super::databases::Both;
use super::super::finding::{Certainty, Draft, Severity, Target};
use super::super::ground::Ground;
use super::lookers::{Looker, Lookers, first, is_system};
use crate::access::Hop;
use crate::model::{Grantee, NamedCode, Object, Privileges};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>, (lookers, all): (&Lookers<'_>, &[NamedCode])) {
    for code in all.iter().filter(|code| !ground.is_honoured(&code.owner)) {
        ground.checked(1);
        let wall = ground.wall_around(both.name, &Object::schema(&code.schema));
        let lookers = lookers.of_schema(&code.schema).into_iter();
        if let Some(looker) = first(lookers.filter(|looker| is_beyond(ground, code, (looker, wall)))) {
            found(ground, both, (code, looker, wall.is_some()));
        }
    }
}

/// Relations of others that somebody of the looker's service, or PUBLIC, may use: their owner can put a trigger or a policy there at any time, and sees
/// what is written there.
pub(super) fn relations(ground: &Ground<'_>, both: &Both<'_>, lookers: &Lookers<'_>) {
    for (schema, lookers) in lookers.schemas() {
        if ground.wall_around(both.name, &Object::schema(schema)).is_some() {
            continue;
        }
        let relations = both.actual.database.in_schema(schema).filter(|(object, _)| object.kind.is_relation());
        for (object, held) in relations.filter(|(_, held)| !ground.is_honoured(&held.owner)) {
            let used = both.actual.held(object);
            let uses = |wall: &str| used.keys().any(|at| *at == 0 || ground.wall(*at) == Some(wall));
            let own = ground.wall_of(&held.owner);
            let beyond = |looker: &&&Looker<'_>| looker.wall().is_some_and(|wall| own != Some(wall) && uses(wall));
            let Some(looker) = lookers.iter().filter(|looker| looker.uses).find(beyond) else { continue };
            ground.find(Draft {
                code: "code-on-path",
                who: &Grantee::Role(held.owner.clone()),
                privileges: Privileges::NONE,
                claim: format!(
                    "{} looks for names in {}.{}, and finds no code of others there",
                    looker.who,
                    both.name.shown(),
                    schema.shown()
                ),
                object: Target::object(both.name, object),
                path: vec![Hop::Owner { role: held.owner.clone() }],
                fix: Vec::new(),
                severity: Severity::Error,
                certainty: Certainty::Conditional,
            });
        }
    }
}

/// Is it neither the looker's own service's, nor said elsewhere: what a declared schema holds, of a kind that the layout moves, is
/// another finding, and so is the schema of another service on a path.
fn is_beyond(ground: &Ground<'_>, code: &NamedCode, (looker, wall): (&Looker<'_>, Option<&str>)) -> bool {
    let own = !looker.party.is_beyond(ground, &Grantee::Role(code.owner.clone()));
    let neighbours = wall.is_some() && wall == ground.wall_of(&code.owner);
    let moved = wall.is_some() && wall == looker.wall() && !code.member && is_object(&code.kind);
    !own && !neighbours && !moved
}

/// Kinds that are compared as objects.
fn is_object(kind: &str) -> bool {
    !matches!(kind, "operator" | "operator class" | "conversion")
}

fn found(ground: &Ground<'_>, both: &Both<'_>, (code, looker, declared): (&NamedCode, &Looker<'_>, bool)) {
    let NamedCode { schema, kind, name, owner, runs, .. } = code;
    let public = schema.as_str() == "public" && !declared;
    let scope = ground.desired.scope.databases.get(both.name);
    let open = public && scope.is_some_and(|scope| !scope.public);
    let seen = looker.uses || public || is_system(schema);
    // the layout leaves public open to the services
    let meant = open && ground.wall_of(owner).is_some();
    let severity = if *runs && seen && !meant { Severity::Error } else { Severity::Warning };
    let target = Target {
        kind: kind.clone(),
        database: Some(both.name.clone()),
        schema: Some(schema.clone()),
        name: name.clone(),
    };
    ground.find(Draft {
        code: "code-on-path",
        who: &Grantee::Role(owner.clone()),
        privileges: Privileges::NONE,
        claim: format!(
            "{} looks for names in {}.{}, and finds no code of others there",
            looker.who,
            both.name.shown(),
            schema.shown()
        ),
        object: target,
        path: vec![Hop::Owner { role: owner.clone() }],
        fix: Vec::new(),
        severity,
        certainty: Certainty::Conditional,
    });
}
