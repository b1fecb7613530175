//! A schema public that the layout leaves open: it stands in everybody's search_path, and who may create in it may have a function of his
//! run as whoever calls one of that name.
//! <https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATTERNS>

use super::databases::Both;
use super::finding::{Certainty, Draft, Severity, Target};
use super::ground::Ground;
use super::objects::claim;
use crate::access::Subject;
use crate::model::{Kind, Object, Privileges};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>) {
    let is_public = |object: &&Object| object.kind == Kind::Schema && object.name.as_str() == "public";
    let Some(schema) = both.actual.database.objects.keys().find(is_public) else { return };
    if ground.desired.scope.databases[both.name].has(schema) {
        return;
    }
    ground.checked(1);
    let held = both.actual.held(schema);
    let creates = |held: &Privileges| held.contains(Privileges::CREATE);
    let everybody = held.get(&0).is_some_and(creates);
    for (principal, _) in held.iter().filter(|(at, held)| creates(held) && (**at == 0 || !everybody)) {
        if !ground.is_bound(*principal) {
            continue;
        }
        let path = both.actual.path(*principal, Subject::Object(schema), Privileges::CREATE);
        let owner = &both.actual.database.objects[schema].owner;
        let fix = ground.closing(*principal, both.name, (Some(schema), owner), (&path, Privileges::CREATE));
        ground.find(Draft {
            code: "shadowing",
            who: ground.who(*principal),
            privileges: Privileges::CREATE,
            object: Target::object(both.name, schema),
            claim: claim(ground, both, (schema, Privileges::CREATE)),
            path,
            fix,
            // the layout says so
            severity: Severity::Warning,
            certainty: Certainty::Conditional,
        });
    }
}
