//! Objects that change hands.

use std::collections::{BTreeMap, BTreeSet};

use super::build::{Context, Draft};
use super::place::Place;
use super::step::Action;
use super::takeover::{self, Carried};
use super::{Hazard, rebuild, sql};
use crate::diff::{Change, Target};
use crate::model::{Granted, Grantee, Kind, Name, Object, Privileges};

/// What moves together: place, database, schema, kind, old and new owner, and whether it brings code from beyond the wall.
type Key<'a> = (Place, Option<&'a Name>, Kind, &'a Name, &'a Name, bool);

pub(super) fn add(changes: &[Change], context: &Context<'_>, drafts: &mut Vec<Draft>) {
    let mut groups: BTreeMap<Key<'_>, Vec<&Target>> = BTreeMap::new();
    for change in changes {
        let Change::Own { target, from, to } = change else { continue };
        let (schema, kind) = match target {
            Target::Database(_) => (None, Kind::Database),
            Target::Object(_, object) | Target::Column(_, object, _) => (Some(&object.schema), object.kind),
        };
        let code = context.carried(target, (from, to)) != Carried::Nothing;
        groups.entry((context.place(change), schema, kind, from, to, code)).or_default().push(target);
    }
    let granted = if groups.keys().any(|key| key.5) { takeover::granted(changes) } else { BTreeMap::new() };
    for ((place, _, kind, from, to, code), targets) in groups {
        // databases share a place, but each is a service's own
        let parts = if kind == Kind::Database { targets.chunks(1) } else { targets.chunks(targets.len()) };
        let steps = parts.map(|part| (part, step(context, place.clone(), part, (from, to))));
        drafts.extend(steps.map(|(part, step)| match code {
            true => with_code(context, step, part, (from, to), &granted),
            false => step,
        }));
    }
}

/// Adds to a step the definitions of the code that comes with its objects.
fn with_code(
    context: &Context<'_>,
    draft: Draft,
    targets: &[&Target],
    (from, to): (&Name, &Name),
    granted: &BTreeMap<&Target, BTreeSet<String>>,
) -> Draft {
    let carried: Vec<Carried<'_>> = targets.iter().map(|target| context.carried(target, (from, to))).collect();
    let granted = targets.iter().filter_map(|target| granted.get(target)).flatten().cloned().collect();
    Draft {
        hazards: takeover::hazards(draft.hazards, &carried),
        code: takeover::code(targets[0].database(), &carried),
        why: takeover::why(context, (from, to), &granted),
        ..draft
    }
}

fn step(context: &Context<'_>, place: Place, targets: &[&Target], (from, to): (&Name, &Name)) -> Draft {
    let first = targets[0];
    let object = Context::object(first);
    let names = if targets.len() > 1 { targets.iter().map(|t| Context::object(t).name).collect() } else { vec![] };
    let subject = super::grants::subject(targets);
    let takes_schema = context.takes_schema(first, (from, to)).then_some(Hazard::TakesSchema);
    Draft {
        place,
        action: Action::Own,
        object,
        objects: names,
        roles: vec![to.as_str().into()],
        service: context.service(first),
        sql: targets.iter().map(|target| sql::owner(target, to)).collect(),
        undo: lend(context, first, from, targets.iter().flat_map(|t| back(context, t, (from, to))).collect()),
        hazards: context.hazard(Hazard::MovesOwner, first).into_iter().chain(takes_schema).collect(),
        code: vec![],
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

fn lend(context: &Context<'_>, target: &Target, to: &Name, sql: Vec<String>) -> Vec<String> {
    match target {
        Target::Object(database, object) if object.kind != Kind::Schema => {
            lending(context, (database, &object.schema), to, sql)
        }
        _ => sql,
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
pub(super) fn lending(
    context: &Context<'_>,
    (database, schema): (&Name, &Name),
    to: &Name,
    sql: Vec<String>,
) -> Vec<String> {
    if context.snapshot.server.superuser {
        return sql;
    }
    let schema = Target::Object(database.clone(), Object::schema(schema));
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
