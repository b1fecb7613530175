//! REVOKE, and whose word it takes: an entry can only be taken back by its grantor, or by CASCADE from the grantor's own.

use std::collections::BTreeMap;

use super::build::{Context, Draft};
use super::grants::{default_object, default_subject, lists, names, roles, shelf, subject};
use super::place::Place;
use super::step::Action;
use super::{Hazard, reason, sql};
use crate::diff::{Change, Revoke, Target};
use crate::model::{Day, DefaultKey, Granted, Grantee, Name, Privileges};

/// Revokes that one statement can list: place, database, schema, keyword; grantee, privileges, and since when an
/// exception keeps them no more.
type Shelf<'a> = ((Place, &'a Name, Option<&'a Name>, &'static str), &'a Grantee, Privileges, Option<Day>);

pub(super) fn add(changes: &[Change], context: &Context<'_>, drafts: &mut Vec<Draft>) {
    let mut simple: BTreeMap<Shelf<'_>, Vec<&Revoke>> = BTreeMap::new();
    for change in changes {
        match change {
            Change::Revoke(revoke) if is_simple(revoke) => {
                let shelf = shelf(context.place(change), &revoke.target);
                simple
                    .entry((shelf, &revoke.grantee, revoke.privileges, ended(context, revoke)))
                    .or_default()
                    .push(revoke);
            }
            Change::Revoke(revoke) => drafts.push(alone(context, context.place(change), revoke)),
            Change::RevokeDefault { database, key, grantee, privileges, options } => {
                let lost = (grantee, *privileges, *options);
                drafts.push(default(context, context.place(change), (database, key), lost));
            }
            _ => {}
        }
    }
    for (((place, ..), grantee, privileges, _), revokes) in simple {
        drafts.push(together(context, place, (grantee, privileges), &revokes));
    }
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
        sql: lists(&targets).iter().map(|on| format!("REVOKE {keywords} ON {on} FROM {who}")).collect(),
        undo: lists(&targets).iter().map(|on| format!("GRANT {keywords} ON {on} TO {who}")).collect(),
        hazards: context.hazard(Hazard::RevokesAccess, targets[0]),
        what: format!("{keywords} on {} from {}", subject(&targets), grantee.shown()),
        why: reason::for_revoke(context, (&first.owner, &first.grantor), grantee, ended(context, first)),
    }
}

fn alone(context: &Context<'_>, place: Place, revoke: &Revoke) -> Draft {
    let target = &revoke.target;
    let mut why =
        reason::for_revoke(context, (&revoke.owner, &revoke.grantor), &revoke.grantee, ended(context, revoke));
    if !revoke.with_it.is_empty() {
        let lost = |(grantee, grantor, granted): &(Grantee, Name, Granted)| {
            format!("{} of {}, granted by {}", granted.privileges.keywords(), grantee.shown(), grantor.shown())
        };
        why = format!("{why}; with it goes {}", revoke.with_it.iter().map(lost).collect::<Vec<_>>().join(", "));
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
        sql: statements(context, revoke),
        undo: undo(revoke),
        hazards: context.hazard(Hazard::RevokesAccess, target),
        what: format!("{} on {} from {}", lost.join(" and "), subject(&[target]), revoke.grantee.shown()),
        why,
    }
}

fn statements(context: &Context<'_>, revoke: &Revoke) -> Vec<String> {
    let (on, who) = (sql::on(&revoke.target), revoke.grantee.sql());
    let cascade = if revoke.grantable.is_empty() { "" } else { " CASCADE" };
    let mut sql = Vec::new();
    if !revoke.privileges.is_empty() {
        let rights = sql::rights(&revoke.target, revoke.privileges);
        sql.push(format!("REVOKE {rights} ON {on} FROM {who}{cascade}"));
    }
    if !revoke.options.is_empty() {
        let rights = sql::rights(&revoke.target, revoke.options);
        sql.push(format!("REVOKE GRANT OPTION FOR {rights} ON {on} FROM {who} CASCADE"));
    }
    by_grantor(context, revoke, sql)
}

/// A REVOKE by the owner or a superuser doesn't touch what another granted, and says nothing. GRANTED BY another is
/// refused (0A000). So we become the grantor; unless he is a superuser by now, as whom we would act as the owner again, or
/// it is a column's right, of which he need hold nothing himself.
fn by_grantor(context: &Context<'_>, revoke: &Revoke, sql: Vec<String>) -> Vec<String> {
    if revoke.grantor == revoke.owner {
        return sql;
    }
    let superuser = context.snapshot.state.roles.get(&revoke.grantor).is_some_and(|role| role.superuser);
    if superuser || matches!(revoke.target, Target::Column(..)) && !keeps_option(context, revoke) {
        return through_grantor(context, revoke);
    }
    let become_grantor = std::iter::once(format!("SET LOCAL ROLE {}", revoke.grantor.quoted()));
    become_grantor.chain(sql).chain(["SET LOCAL ROLE NONE".into()]).collect()
}

/// A trusted grantor keeps what he has on the table or the column, and with it the word that takes back; and those whom he
/// gave the same, and who are trusted too, keep it.
fn keeps_option(context: &Context<'_>, revoke: &Revoke) -> bool {
    let Target::Column(database, table, _) = &revoke.target else { return false };
    let on_table = context.held(&Target::Object(database.clone(), table.clone()), &revoke.grantor);
    let grantable = on_table.grantable | context.held(&revoke.target, &revoke.grantor).grantable;
    is_trusted(context, revoke) && grantable.contains(revoke.privileges | revoke.options)
}

fn is_trusted(context: &Context<'_>, revoke: &Revoke) -> bool {
    context.desired.scope.trusted.contains(&revoke.grantor)
}

/// The owner gives the grantor the grant option, takes it back with all that hangs on it, and leaves him what he had, if it is
/// his to keep: of a column, nobody else keeps anything but by an exception.
fn through_grantor(context: &Context<'_>, revoke: &Revoke) -> Vec<String> {
    let (on, grantor) = (sql::on(&revoke.target), revoke.grantor.quoted());
    let all = revoke.privileges | revoke.options;
    let rights = |privileges| sql::rights(&revoke.target, privileges);
    let keeps = is_trusted(context, revoke);
    let had = if keeps { context.held(&revoke.target, &revoke.grantor) } else { Granted::default() };
    let mut sql = vec![
        format!("GRANT {} ON {on} TO {grantor} WITH GRANT OPTION", rights(all)),
        format!("REVOKE GRANT OPTION FOR {} ON {on} FROM {grantor} CASCADE", rights(all)),
    ];
    // an exception may keep him the right itself
    let stays = had.privileges | context.wanted(&revoke.target, &revoke.grantor);
    let (again, gone) = (had.grantable.intersection(all), all.minus(stays));
    if !again.is_empty() {
        sql.push(format!("GRANT {} ON {on} TO {grantor} WITH GRANT OPTION", rights(again)));
    }
    if !gone.is_empty() {
        sql.push(format!("REVOKE {} ON {on} FROM {grantor}", rights(gone)));
    }
    sql
}

fn undo(revoke: &Revoke) -> Vec<String> {
    let (on, who) = (sql::on(&revoke.target), revoke.grantee.sql());
    let grant = |privileges: Privileges, option: &str| {
        let rights = sql::rights(&revoke.target, privileges);
        (!privileges.is_empty()).then(|| format!("GRANT {rights} ON {on} TO {who}{option}"))
    };
    let plain = (revoke.privileges | revoke.options).minus(revoke.grantable);
    let mut sql: Vec<String> =
        grant(plain, "").into_iter().chain(grant(revoke.grantable, " WITH GRANT OPTION")).collect();
    if revoke.grantor != revoke.owner {
        sql.insert(0, format!("SET LOCAL ROLE {}", revoke.grantor.quoted()));
        sql.push("SET LOCAL ROLE NONE".into());
    }
    for (grantee, grantor, granted) in &revoke.with_it {
        let plain = granted.privileges.minus(granted.grantable);
        sql.push(format!("SET LOCAL ROLE {}", grantor.quoted()));
        for (privileges, option) in [(plain, ""), (granted.grantable, " WITH GRANT OPTION")] {
            if !privileges.is_empty() {
                let rights = sql::rights(&revoke.target, privileges);
                sql.push(format!("GRANT {rights} ON {on} TO {}{option}", grantee.sql()));
            }
        }
        sql.push("SET LOCAL ROLE NONE".into());
    }
    sql
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
        what: format!("{} on {} not to {}", (privileges | options).keywords(), default_subject(key), grantee.shown()),
        why: if built_in {
            "PostgreSQL gives it to PUBLIC unless told otherwise".into()
        } else {
            let ended = context.desired.ended.later(database, key.schema.as_ref(), grantee);
            reason::for_revoke(context, (&key.role, &key.role), grantee, ended)
        },
    }
}
