//! Schemas named like a role: `"$user"` comes first in every search_path unless somebody sets another, so what stands in such a schema stands
//! before what the role's sessions mean.
//! <https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH>

use super::databases::Both;
use super::finding::{Certainty, Draft, Target};
use super::ground::Ground;
use crate::access::Subject;
use crate::model::{Kind, Name, Object, Privileges};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>) {
    let schemas = both.actual.database.objects.keys().filter(|object| object.kind == Kind::Schema);
    for schema in schemas {
        let role = &schema.schema;
        let wall = ground.wall_of(role);
        let looks = wall.is_some() && both.actual.role_uses(role, role) && looks_there(ground, both.name, role);
        if looks {
            planted(ground, both, (schema, role, wall));
        }
    }
}

/// Is it in the search_path of the role's sessions? A setting for the role in the database wins over one for the role, and that over one for
/// the database.
fn looks_there(ground: &Ground<'_>, database: &Name, role: &Name) -> bool {
    let settings = &ground.snapshot.state.settings;
    let of = |who: Option<&Name>, place: Option<&Name>| {
        let (role, database, parameter) = (who.cloned(), place.cloned(), "search_path".to_owned());
        settings.get(&crate::model::SettingKey { database, role, parameter })
    };
    let (who, place) = (Some(role), Some(database));
    let set = of(who, place).or_else(|| of(who, None)).or_else(|| of(None, place)).or_else(|| of(None, None));
    set.is_none_or(|path| path.contains("$user"))
}

/// Who owns the schema, or may create in it, and is of another wall than the role.
fn planted(ground: &Ground<'_>, both: &Both<'_>, (schema, role, wall): (&Object, &Name, Option<&str>)) {
    ground.checked(1);
    for (principal, held) in both.actual.held(schema).iter() {
        let creates = held.contains(Privileges::CREATE) && ground.is_beyond(*principal, wall);
        if !creates || !ground.is_bound(*principal) {
            continue;
        }
        ground.find(Draft {
            code: "shadowing",
            who: ground.who(*principal),
            privileges: Privileges::CREATE,
            object: Target::object(both.name, schema),
            claim: format!("{} finds first what its own service made", role.shown()),
            path: both.actual.path(*principal, Subject::Object(schema), Privileges::CREATE),
            fix: Vec::new(),
            severity: ground.severity(*principal),
            certainty: Certainty::Conditional,
        });
    }
}
