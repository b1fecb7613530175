//! REVOKE, and whose word it takes: an entry can only be taken back by its grantor, or by CASCADE from the grantor's own.

use std::collections::BTreeMap;

use super::build::{Context, Draft};
use super::grants::{default_object, default_subject, lists, names, roles, shelf, subject};
use super::kept::{self, Given};
use super::ownership::RoundTrips;
use super::place::Place;
use super::rebuild::Rebuilds;
use super::step::Action;
use super::{Hazard, grantor, reason, sql};
use crate::diff::{Change, Revoke, Target};
use crate::model::{Day, DefaultKey, Granted, Grantee, Name, Privileges};

/// Revokes that one statement can list: place, database, schema, keyword; grantee, privileges, and since when an
/// exception keeps them no more.
type Shelf<'a> = ((Place, &'a Name, Option<&'a Name>, &'static str), &'a Grantee, Privileges, Option<Day>);

pub(super) fn add(changes: &[Change], context: &Context<'_>, drafts: &mut Vec<Draft>) {
    let mut simple: BTreeMap<Shelf<'_>, Vec<&Revoke>> = BTreeMap::new();
    let trips = RoundTrips::of(changes, context);
    let rebuilds = Rebuilds::of(changes, context, &trips);
    let mut given = Given::by_retirement(changes, context);
    for change in changes {
        match change {
            Change::Revoke(revoke) if trips.take(context, &context.place(change), revoke) => {}
            Change::Revoke(revoke) if is_simple(revoke) => {
                let shelf = shelf(context.place(change), &revoke.target);
                simple
                    .entry((shelf, &revoke.grantee, revoke.privileges, ended(context, revoke)))
                    .or_default()
                    .push(revoke);
            }
            Change::Revoke(revoke) => {
                let mut draft = alone(context, context.place(change), revoke, &mut given);
                let plain = if rebuilds.has(context, &revoke.target) { vec![] } else { draft.undo };
                draft.undo = rebuilds.undo(context, &[&revoke.target], plain);
                drafts.push(draft);
            }
            Change::RevokeDefault { database, key, grantee, privileges, options } => {
                let lost = (grantee, *privileges, *options);
                drafts.push(default(context, context.place(change), (database, key), lost));
            }
            _ => {}
        }
    }
    for (((place, ..), grantee, privileges, _), revokes) in simple {
        let mut draft = together(context, place, (grantee, privileges), &revokes);
        let targets: Vec<&Target> = revokes.iter().map(|revoke| &revoke.target).collect();
        draft.undo = rebuilds.undo(context, &targets, draft.undo);
        drafts.push(draft);
    }
    trips.add(context, &rebuilds, drafts);
    rebuilds.schemas_first(context, drafts);
}

/// Since when no exception keeps this any more, if one did.
fn ended(context: &Context<'_>, revoke: &Revoke) -> Option<Day> {
    let object = match &revoke.target {
        Target::Database(_) => None,
        Target::Object(_, object) | Target::Column(_, object, _) => Some(object),
    };
    let lost = revoke.privileges | revoke.options;
    context.desired.ended.right(revoke.target.database(), object, &revoke.grantee, lost)
}

/// The owner's own grant, without options, of a whole object.
fn is_simple(revoke: &Revoke) -> bool {
    revoke.grantor == revoke.owner && revoke.grantable.is_empty() && !matches!(revoke.target, Target::Column(..))
}

fn together(
    context: &Context<'_>,
    place: Place,
    (grantee, privileges): (&Grantee, Privileges),
    revokes: &[&Revoke],
) -> Draft {
    let targets: Vec<&Target> = revokes.iter().map(|revoke| &revoke.target).collect();
    let (keywords, who) = (privileges.keywords(), grantee.sql());
    let first = revokes[0];
    Draft {
        place,
        action: Action::Revoke,
        object: Context::object(targets[0]),
        objects: names(&targets),
        roles: roles(std::slice::from_ref(grantee)),
        service: context.service(targets[0]),
        sql: context.as_owner(
            &targets,
            lists(&targets).iter().map(|on| format!("REVOKE {keywords} ON {on} FROM {who}")).collect(),
        ),
        undo: lists(&targets).iter().map(|on| format!("GRANT {keywords} ON {on} TO {who}")).collect(),
        hazards: context.hazard(Hazard::RevokesAccess, targets[0]),
        code: vec![],
        what: format!("{keywords} on {} from {}", subject(&targets), grantee.shown()),
        why: reason::for_revoke(context, (&first.owner, &first.grantor), grantee, ended(context, first)),
    }
}

fn alone(context: &Context<'_>, place: Place, revoke: &Revoke, given: &mut Given) -> Draft {
    let target = &revoke.target;
    let mut why =
        reason::for_revoke(context, (&revoke.owner, &revoke.grantor), &revoke.grantee, ended(context, revoke));
    if !revoke.with_it.is_empty() {
        let lost = |(grantee, grantor, granted): &(Grantee, Name, Granted)| {
            format!("{} of {}, granted by {}", granted.privileges.keywords(), grantee.shown(), grantor.shown())
        };
        why = format!("{why}; with it goes {}", revoke.with_it.iter().map(lost).collect::<Vec<_>>().join(", "));
    }
    let had = Granted { privileges: revoke.privileges | revoke.options, grantable: revoke.grantable };
    let (statements, keep) = grantor::statements(context, revoke, given);
    if !keep.is_empty() {
        why = format!("{why}; {}", kept::why(&keep));
    }
    let parts = [(revoke.privileges, ""), (revoke.options, "the grant option of ")];
    let parts = parts.iter().filter(|(privileges, _)| !privileges.is_empty());
    let lost: Vec<String> = parts.map(|(privileges, what)| format!("{what}{}", privileges.keywords())).collect();
    Draft {
        place,
        action: Action::Revoke,
        object: Context::object(target),
        objects: vec![],
        roles: roles(std::slice::from_ref(&revoke.grantee)),
        service: context.service(target),
        sql: context.as_owner(&[target], statements),
        undo: sql::grant(target, &revoke.grantee, had),
        hazards: context.hazard(Hazard::RevokesAccess, target),
        code: vec![],
        what: format!("{} on {} from {}", lost.join(" and "), subject(&[target]), revoke.grantee.shown()),
        why,
    }
}

fn default(
    context: &Context<'_>,
    place: Place,
    (database, key): (&Name, &DefaultKey),
    (grantee, privileges, options): (&Grantee, Privileges, Privileges),
) -> Draft {
    let (head, on, who) = (sql::default_of(key), key.future.keyword(), grantee.sql());
    let mut statements = (Vec::new(), Vec::new());
    if !privileges.is_empty() {
        statements.0.push(format!("{head} REVOKE {} ON {on} FROM {who}", privileges.keywords()));
        statements.1.push(format!("{head} GRANT {} ON {on} TO {who}", privileges.keywords()));
        let grantable = context.default_options(database, key, grantee).intersection(privileges);
        if !grantable.is_empty() {
            statements.1.push(format!("{head} GRANT {} ON {on} TO {who} WITH GRANT OPTION", grantable.keywords()));
        }
    }
    if !options.is_empty() {
        statements.0.push(format!("{head} REVOKE GRANT OPTION FOR {} ON {on} FROM {who}", options.keywords()));
        statements.1.push(format!("{head} GRANT {} ON {on} TO {who} WITH GRANT OPTION", options.keywords()));
    }
    let built_in = key.built_in().held_by(grantee).contains(privileges);
    Draft {
        place,
        action: Action::Default,
        object: default_object(database, key),
        objects: vec![],
        roles: roles(std::slice::from_ref(grantee)),
        service: context.service_of_role(&key.role),
        sql: statements.0,
        undo: statements.1,
        hazards: if built_in { vec![] } else { vec![Hazard::RevokesAccess] },
        code: vec![],
        what: format!("{} on {} not to {}", (privileges | options).keywords(), default_subject(key), grantee.shown()),
        why: if built_in {
            "PostgreSQL gives it to PUBLIC unless told otherwise".into()
        } else {
            let ended = context.desired.ended.later(database, key.schema.as_ref(), grantee);
            reason::for_revoke(context, (&key.role, &key.role), grantee, ended)
        },
    }
}
