//! Objects that change hands.

use std::collections::BTreeMap;

use super::build::{Context, Draft};
use super::place::Place;
use super::step::Action;
use super::{Hazard, rebuild, sql};
use crate::diff::{Change, Target};
use crate::model::{Granted, Grantee, Kind, Name, Object, Privileges};

/// What moves together: place, database, schema, kind, old and new owner.
type Key<'a> = (Place, Option<&'a Name>, Kind, &'a Name, &'a Name);

pub(super) fn add(changes: &[Change], context: &Context<'_>, drafts: &mut Vec<Draft>) {
    let mut groups: BTreeMap<Key<'_>, Vec<&Target>> = BTreeMap::new();
    for change in changes {
        let Change::Own { target, from, to } = change else { continue };
        let (schema, kind) = match target {
            Target::Database(_) => (None, Kind::Database),
            Target::Object(_, object) | Target::Column(_, object, _) => (Some(&object.schema), object.kind),
        };
        groups.entry((context.place(change), schema, kind, from, to)).or_default().push(target);
    }
    for ((place, _, kind, from, to), targets) in groups {
        // databases share a place, but each is a service's own
        let parts = if kind == Kind::Database { targets.chunks(1) } else { targets.chunks(targets.len()) };
        drafts.extend(parts.map(|part| step(context, place.clone(), part, (from, to))));
    }
}

fn step(context: &Context<'_>, place: Place, targets: &[&Target], (from, to): (&Name, &Name)) -> Draft {
    let first = targets[0];
    let object = Context::object(first);
    let names = if targets.len() > 1 { targets.iter().map(|t| Context::object(t).name).collect() } else { vec![] };
    let subject = super::grants::subject(targets);
    Draft {
        place,
        action: Action::Own,
        object,
        objects: names,
        roles: vec![to.as_str().into()],
        service: context.service(first),
        sql: targets.iter().map(|target| sql::owner(target, to)).collect(),
        undo: lending(context, first, from, targets.iter().flat_map(|t| back(context, t, (from, to))).collect()),
        hazards: context.hazard(Hazard::MovesOwner, first),
        what: format!("{subject}: from {} to {}", from.shown(), to.shown()),
        why: match first {
            Target::Database(_) => "the provisioner owns the databases".into(),
            Target::Object(_, object) if is_nobodys(context, first) => {
                format!("no service declares {}, and the logins of all look for names in it", object.shown())
            }
            _ => format!("what the schema holds belongs to {}", to.shown()),
        },
    }
}

/// The schema public, unless it is a service's own.
fn is_nobodys(context: &Context<'_>, target: &Target) -> bool {
    let Target::Object(database, object) = target else { return false };
    let known = context.desired.scope.databases.get(database);
    object.kind == Kind::Schema && known.is_some_and(|scoped| !scoped.schemas.contains(&object.name))
}

/// Without SUPERUSER who gets back what is in a schema must be able to create there (`AlterObjectOwner_internal` in
/// src/backend/commands/alter.c), however he came to own it: he is lent that for the moment.
fn lending(context: &Context<'_>, target: &Target, to: &Name, sql: Vec<String>) -> Vec<String> {
    let Target::Object(database, object) = target else { return sql };
    if context.snapshot.server.superuser || object.kind == Kind::Schema {
        return sql;
    }
    let schema = Target::Object(database.clone(), Object::schema(&object.schema));
    let Some(thing) = context.standing(&schema).filter(|thing| thing.owner != *to) else { return sql };
    let missing = (Privileges::CREATE | Privileges::USAGE).minus(thing.held(to).privileges);
    if missing.is_empty() {
        return sql;
    }
    let grantee = Grantee::Role(to.clone());
    let give = sql::grant(&schema, &grantee, Granted { privileges: missing, ..Granted::default() });
    let take = sql::revoke(&schema, "", missing, &grantee);
    let by_owner = |sql| context.as_owner(&[&schema], sql);
    by_owner(give).into_iter().chain(sql).chain(by_owner(vec![take])).collect()
}

fn back(context: &Context<'_>, target: &Target, (from, to): (&Name, &Name)) -> Vec<String> {
    std::iter::once(sql::owner(target, from)).chain(rebuild::after_return(context, target, (from, to))).collect()
}
