//! Schemas on a path that aren't there, and that somebody beyond the wall may make.

use std::collections::BTreeSet;

use super::super::databases::Both;
use super::super::finding::{Certainty, Draft, Severity, Target};
use super::super::ground::Ground;
use super::lookers::{Looker, Lookers, first};
use super::party::Party;
use crate::access::Subject;
use crate::model::{Name, Object, Privileges};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>, lookers: &Lookers<'_>) {
    let there = |schema: &Name| both.actual.database.objects.contains_key(&Object::schema(schema));
    let missing: Vec<(&Name, Vec<&Looker<'_>>)> = lookers.schemas().filter(|(schema, _)| !there(schema)).collect();
    ground.checked(missing.len());
    if missing.is_empty() {
        return;
    }
    let expected = both.expected.held_on_database();
    for (principal, held) in both.actual.held_on_database() {
        if !held.contains(Privileges::CREATE) || !ground.is_bound(principal) {
            continue;
        }
        let wall = ground.wall(principal);
        let beyond = |looker: &&Looker<'_>| looker.party.is_beyond(ground, ground.who(principal));
        let of = |lookers: &[&Looker<'_>]| lookers.iter().copied().any(|looker| beyond(&looker));
        let schemas: BTreeSet<&Name> =
            missing.iter().filter(|(_, lookers)| of(lookers)).map(|(schema, _)| *schema).collect();
        let all = missing.iter().flat_map(|(_, lookers)| lookers.iter().copied());
        let at_home = |looker: &&Looker<'_>| looker.wall().is_some_and(|wall| is_at_home(ground, both.name, wall));
        let beyond: Vec<&Looker<'_>> = all.filter(beyond).collect();
        let some = beyond.iter().copied().find(at_home).or_else(|| first(beyond.iter().copied()));
        let Some(looker) = some else { continue };
        let path = both.actual.path(principal, Subject::Database, Privileges::CREATE);
        let meant = expected.get(&principal).is_some_and(|held| held.contains(Privileges::CREATE));
        let owner = &both.actual.database.held.owner;
        let fix = match meant {
            true => advice(ground, looker),
            false => ground.closing(principal, both.name, (None, owner), (&path, Privileges::CREATE)),
        };
        ground.find(Draft {
            code: "shadowing",
            who: ground.who(principal),
            privileges: Privileges::CREATE,
            object: Target::database(both.name),
            claim: format!(
                "nobody else makes the schemas of {} that logins look for names in: {}",
                both.name.shown(),
                listed(&schemas)
            ),
            path,
            fix,
            severity: severity(ground, both.name, (wall, looker)).max(ground.severity(principal)),
            certainty: Certainty::Conditional,
        });
    }
}

/// A guest in another service's own database is there by `uses`, which trusts that service.
fn severity(ground: &Ground<'_>, database: &Name, (wall, looker): (Option<&str>, &Looker<'_>)) -> Severity {
    let host = wall.is_some_and(|wall| is_at_home(ground, database, wall));
    let guest = looker.wall().is_some_and(|wall| !is_at_home(ground, database, wall));
    if host && guest { Severity::Warning } else { Severity::Error }
}

/// Does a service have a schema in the database?
fn is_at_home(ground: &Ground<'_>, database: &Name, wall: &str) -> bool {
    ground.desired.schemas.iter().any(|((at, _), service)| at == database && service == wall)
}

/// The first few names.
fn listed(schemas: &BTreeSet<&Name>) -> String {
    let first: Vec<String> = schemas.iter().take(3).map(|schema| schema.shown()).collect();
    let more = schemas.len() - first.len();
    if more == 0 { first.join(", ") } else { format!("{} and {more} more", first.join(", ")) }
}

/// What the layout can say, where no statement helps: a path of the service's own schemas.
pub(super) fn advice(ground: &Ground<'_>, looker: &Looker<'_>) -> Vec<String> {
    let Some(wall) = looker.wall() else {
        let who = crate::model::escaped(&looker.who);
        let itself =
            format!("-- set the search_path of {who} to pg_catalog, pg_temp, and name what it means with its schema");
        return if looker.party == Party::TrustedCode { vec![itself] } else { Vec::new() };
    };
    let own = ground.desired.schemas.iter().filter(|(_, service)| *service == wall);
    let own: Vec<String> = own.map(|((_, schema), _)| crate::model::escaped(&schema.quoted())).collect();
    let (own, wall) = (own.join(", "), crate::model::escaped(wall));
    vec![format!("-- in the layout, for each login of {wall}: settings = {{ search_path = '{own}' }}")]
}
