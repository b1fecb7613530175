//! What stands in a service's schema, is of no kind that has rights, and changes hands: collations, operators …

use std::collections::BTreeMap;

use super::build::{Context, Draft};
use super::owners::lending;
use super::place::Place;
use super::step::{Action, ObjectRef};
use super::{Hazard, retire, retire_sql};
use crate::diff::Change;
use crate::model::{Name, Thing};

/// What moves together: place, database, schema, kind, old and new owner.
type Key<'a> = (Place, &'a Name, Option<&'a Name>, &'a str, &'a Name, &'a Name);

pub(super) fn add(changes: &[Change], context: &Context<'_>, drafts: &mut Vec<Draft>) {
    let mut groups: BTreeMap<Key<'_>, Vec<&Thing>> = BTreeMap::new();
    for change in changes {
        let Change::Move { database, thing, from, to } = change else { continue };
        let key = (context.place(change), database, thing.schema.as_ref(), thing.kind.as_str(), from, to);
        groups.entry(key).or_default().push(thing);
    }
    for ((place, database, schema, _, from, to), things) in groups {
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
        hazards: vec![Hazard::MovesOwner],
        what: format!("{subject}: from {} to {}", from.shown(), to.shown()),
        why: format!("what the schema holds belongs to {}", to.shown()),
        ..Draft::empty(place, Action::Own, object)
    }
}
