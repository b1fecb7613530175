//! What stands in a service's schema, is of no kind that has rights, and changes hands: collations, operators …

use std::collections::{BTreeMap, BTreeSet};

use super::build::{Context, Draft};
use super::owners::lending;
use super::place::Place;
use super::step::{Action, ObjectRef};
use super::takeover::{self, Carried};
use super::{Hazard, retire, retire_sql};
use crate::diff::Change;
use crate::model::{Name, Thing};

/// What moves together: place, database, schema, kind, old and new owner, and whether it brings code from beyond the wall.
type Key<'a> = (Place, &'a Name, Option<&'a Name>, &'a str, &'a Name, &'a Name, bool);

pub(super) fn add(changes: &[Change], context: &Context<'_>, drafts: &mut Vec<Draft>) {
    let mut groups: BTreeMap<Key<'_>, Vec<&Thing>> = BTreeMap::new();
    for change in changes {
        let Change::Move { database, thing, from, to } = change else { continue };
        let code = context.carried_move(database, thing, (from, to)) != Carried::Nothing;
        let key = (context.place(change), database, thing.schema.as_ref(), thing.kind.as_str(), from, to, code);
        groups.entry(key).or_default().push(thing);
    }
    for ((place, database, schema, _, from, to, _), things) in groups {
        drafts.push(step(context, place, (database, schema, &things), (from, to)));
    }
}

fn step(
    context: &Context<'_>,
    place: Place,
    (database, schema, things): (&Name, Option<&Name>, &[&Thing]),
    (from, to): (&Name, &Name),
) -> Draft {
    let first = things[0];
    let carried: Vec<Carried<'_>> =
        things.iter().map(|thing| context.carried_move(database, thing, (from, to))).collect();
    let code = takeover::code(database, &carried);
    let object = ObjectRef {
        kind: first.kind.clone(),
        database: Some(database.clone()),
        schema: schema.cloned(),
        name: first.name().into(),
    };
    let back = things.iter().map(|thing| retire_sql::owner(thing, from)).collect();
    let subject = match things {
        [thing] => thing.shown(),
        _ => {
            let kinds = retire::plural(&first.kind);
            format!("{} {kinds} in {}", things.len(), schema.map(Name::shown).unwrap_or_default())
        }
    };
    Draft {
        objects: if things.len() > 1 { things.iter().map(|thing| thing.name().into()).collect() } else { vec![] },
        roles: vec![to.as_str().into()],
        service: schema.and_then(|schema| context.desired.schemas.get(&(database.clone(), schema.clone())).cloned()),
        sql: things.iter().map(|thing| retire_sql::owner(thing, to)).collect(),
        undo: schema.map_or_else(Vec::new, |schema| lending(context, (database, schema), from, back)),
        hazards: takeover::hazards(vec![Hazard::MovesOwner], &carried),
        what: format!("{subject}: from {} to {}", from.shown(), to.shown()),
        why: match code.is_empty() {
            true => format!("what the schema holds belongs to {}", to.shown()),
            false => takeover::why(context, (from, to), &BTreeSet::new()),
        },
        code,
        ..Draft::empty(place, Action::Own, object)
    }
}
