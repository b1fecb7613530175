//! Who owns a schema drops what others own in it, and with it what hangs on that.

use std::collections::{BTreeMap, BTreeSet};

use super::databases::Both;
use super::finding::{Certainty, Draft, Severity, Target};
use super::ground::Ground;
use crate::access::Hop;
use crate::model::{Grantee, Held, Kind, Name, Object, Privileges};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>) {
    let hanging = both.contents.code.iter().flat_map(|code| code.contained.iter().flatten());
    let hanging: BTreeMap<&Name, &BTreeSet<Name>> = hanging.map(|one| (&one.schema, &one.users)).collect();
    let owned = owned(ground, both);
    let schemas = both.actual.database.objects.iter().filter(|(object, _)| object.kind == Kind::Schema);
    for (schema, held) in schemas {
        let owner = who_is(both, &held.owner);
        let wanted = both.expected.database.objects.get(schema).map(|held| &held.owner);
        // whose schema it should be, and isn't, is said of the schema itself
        if ground.is_trusted(owner) || wanted.is_some_and(|wanted| who_is(both, wanted) != owner) {
            continue;
        }
        let own = ground.wall_of(owner);
        let theirs = owned.get(&schema.name).into_iter().flatten().copied();
        let hang = hanging.get(&schema.name).into_iter().flat_map(|users| users.iter());
        let hang = hang.filter_map(|user| wall(ground, both, user)).filter(|wall| !knows(ground, wall, own));
        let hurt: BTreeSet<&str> = theirs.chain(hang).filter(|wall| Some(*wall) != own).collect();
        let any = owned.contains_key(&schema.name) || hanging.contains_key(&schema.name);
        ground.checked(usize::from(any));
        if !hurt.is_empty() {
            find(ground, both, (schema, owner), &hurt);
        }
    }
}

/// By schema that no service declares, the services that own something in it.
fn owned<'a>(ground: &Ground<'a>, both: &'a Both<'_>) -> BTreeMap<&'a Name, BTreeSet<&'a str>> {
    let mut found: BTreeMap<&Name, BTreeSet<&str>> = BTreeMap::new();
    let others = both.contents.others.iter().flatten().filter_map(|other| match &other.hold {
        Held::Owner(owner) => Some((other.thing.schema.as_ref()?, owner)),
        _ => None,
    });
    let schemas: BTreeSet<&Name> = both.actual.database.objects.keys().map(|object| &object.schema).collect();
    let open: BTreeSet<&Name> = schemas.into_iter().filter(|schema| wall(ground, both, schema).is_none()).collect();
    let objects = open.iter().flat_map(|schema| both.actual.database.in_schema(schema));
    let objects = objects.filter(|(object, _)| object.kind != Kind::Schema);
    let objects = objects.map(|(object, held)| (&object.schema, &held.owner));
    for (schema, owner) in objects.chain(others.filter(|(schema, _)| open.contains(schema))) {
        if let Some(wall) = ground.wall_of(owner) {
            found.entry(schema).or_default().insert(wall);
        }
    }
    found
}

/// The owner of the database, where it is that role.
fn who_is<'a>(both: &'a Both<'_>, owner: &'a Name) -> &'a Name {
    if owner.as_str() == "pg_database_owner" { &both.actual.database.held.owner } else { owner }
}

fn wall<'a>(ground: &Ground<'a>, both: &Both<'_>, schema: &Name) -> Option<&'a str> {
    ground.desired.schemas.get(&(both.name.clone(), schema.clone())).map(String::as_str)
}

/// Who declares that he uses another's tables knows whose schema that is.
fn knows(ground: &Ground<'_>, wall: &str, own: Option<&str>) -> bool {
    let mut uses = ground.desired.uses.iter();
    own.is_some_and(|own| uses.any(|uses| uses.consumer == wall && uses.provider == own))
}

fn find(ground: &Ground<'_>, both: &Both<'_>, (schema, owner): (&Object, &Name), hurt: &BTreeSet<&str>) {
    let services = hurt.iter().copied().collect::<Vec<_>>().join(", ");
    let provisioner = &both.expected.database.held.owner;
    ground.find(Draft {
        code: "schema-owner",
        who: &Grantee::Role(owner.clone()),
        privileges: Privileges::NONE,
        object: Target::object(both.name, schema),
        claim: format!("{} may drop nothing of {services}", owner.shown()),
        path: vec![Hop::Owner { role: owner.clone() }],
        // the layout says nothing of this schema, or the schema is its service's
        fix: match wall(ground, both, &schema.name) {
            None => vec![format!("ALTER SCHEMA {} OWNER TO {}", schema.sql(), provisioner.quoted())],
            Some(_) => Vec::new(),
        },
        severity: Severity::Error,
        certainty: Certainty::Certain,
    });
}
