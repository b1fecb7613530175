//! What the trusted, or the looker's own service, have put into a schema on a path, and is made of somebody else's code: it runs as whoever names it.

use super::super::behind::Behind;
use super::super::databases::Both;
use super::super::finding::{Certainty, Draft, Severity, Target};
use super::super::ground::Ground;
use super::lookers::{Looker, Lookers, first, is_system};
use crate::access::Hop;
use crate::model::{Borrowed, Grantee, Kind, Object, Privileges};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>, lookers: &Lookers<'_>) {
    let Some(code) = &both.contents.code else { return };
    let behind = Behind::of(ground, &code.borrowed);
    // what stands on a relation runs when it is used: used_code.rs
    for named in behind.users().filter(|user| !user.kind.is_relation()) {
        let wall = ground.wall_around(both.name, &Object::schema(&named.schema));
        for end in behind.ends(named).iter() {
            let all = lookers.of_schema(&named.schema).into_iter();
            let beyond = |looker: &&Looker<'_>| {
                let of = ground.wall_of(&end.owner);
                // in a declared schema it is foreign code, or a neighbour's on the path
                !looker.is_of(of) && !looker.is_of(wall) && (wall.is_none() || wall != of)
            };
            // of a stranger's it is said that it is his
            let told = |looker: &&Looker<'_>| {
                let held = both.actual.database.objects.get(named);
                held.is_some_and(|held| !ground.is_trusted(&held.owner) && !looker.is_of(ground.wall_of(&held.owner)))
            };
            if let Some(looker) = first(all.filter(beyond).filter(|looker| !told(looker))) {
                found(ground, both, (named, end), (looker, wall.is_some()));
            }
        }
    }
}

fn found(
    ground: &Ground<'_>,
    both: &Both<'_>,
    (named, end): (&Object, &Borrowed),
    (looker, declared): (&Looker<'_>, bool),
) {
    let public = named.schema.as_str() == "public" && !declared;
    let seen = looker.uses || public || is_system(&named.schema);
    // the layout leaves public open to the services
    let open = public && !ground.desired.scope.databases[both.name].public;
    let meant = open && ground.wall_of(&end.owner).is_some();
    let runs = end.code.kind != Kind::Type;
    let (code, owner) = (end.code.clone(), end.owner.clone());
    ground.find(Draft {
        code: "code-on-path",
        who: &Grantee::Role(owner),
        privileges: Privileges::NONE,
        claim: format!(
            "{} looks for names in {}.{}, and finds no code of others there",
            looker.who,
            both.name.shown(),
            named.schema.shown()
        ),
        object: Target::object(both.name, named),
        path: vec![Hop::Plants { code, part: end.part.clone(), relation: named.clone() }],
        fix: Vec::new(),
        severity: if runs && seen && !meant { Severity::Error } else { Severity::Warning },
        certainty: Certainty::Conditional,
    });
}
