//! GRANT: one statement lists all objects of a schema that need the same rights for the same roles.

use std::collections::BTreeMap;

use super::build::{Context, Draft};
use super::place::Place;
use super::step::{Action, ObjectRef};
use super::{reason, rebuild, sql};
use crate::diff::{Change, Target};
use crate::model::{DefaultKey, Grantee, Name, Object, Privileges};

/// Objects that one statement may list: place, database, schema, keyword.
type Shelf<'a> = (Place, &'a Name, Option<&'a Name>, &'static str);

pub(super) fn add(changes: &[Change], context: &Context<'_>, drafts: &mut Vec<Draft>) {
    let mut shelves: BTreeMap<Shelf<'_>, BTreeMap<(&Grantee, Privileges), Vec<&Target>>> = BTreeMap::new();
    let mut defaults: BTreeMap<(Place, &Name, &DefaultKey, Privileges), Vec<&Grantee>> = BTreeMap::new();
    for change in changes {
        match change {
            Change::Grant { target: target @ Target::Column(..), grantee, privileges, .. } => {
                drafts.push(on_column(context, context.place(change), target, (grantee, *privileges)));
            }
            Change::Grant { target, grantee, privileges, .. } => {
                let shelf = shelves.entry(shelf(context.place(change), target)).or_default();
                shelf.entry((grantee, *privileges)).or_default().push(target);
            }
            Change::GrantDefault { database, key, grantee, privileges } => {
                defaults.entry((context.place(change), database, key, *privileges)).or_default().push(grantee);
            }
            _ => {}
        }
    }
    for ((place, ..), wants) in shelves {
        // roles that get the same on the same objects share a statement
        let mut statements: BTreeMap<(Privileges, Vec<&Target>), Vec<&Grantee>> = BTreeMap::new();
        for ((grantee, privileges), targets) in wants {
            statements.entry((privileges, targets)).or_default().push(grantee);
        }
        for ((privileges, targets), grantees) in statements {
            drafts.push(grant(context, place.clone(), (privileges, &targets), &grantees));
        }
    }
    for ((place, database, key, privileges), grantees) in defaults {
        drafts.push(default(context, place, (database, key), (privileges, &grantees)));
    }
}

pub(super) fn shelf(place: Place, target: &Target) -> Shelf<'_> {
    match target {
        Target::Database(name) => (place, name, None, "DATABASE"),
        Target::Object(database, object) | Target::Column(database, object, _) => {
            let keyword = object.kind.grant_keyword();
            (place, database, Some(&object.schema), keyword)
        }
    }
}

fn grant(
    context: &Context<'_>,
    place: Place,
    (privileges, targets): (Privileges, &[&Target]),
    grantees: &[&Grantee],
) -> Draft {
    let all: Vec<Grantee> = grantees.iter().map(|g| (*g).clone()).collect();
    let to = sql::grantees(&all);
    let keywords = privileges.keywords();
    let first = targets[0];
    let service = context.service(first);
    let mut why: Vec<String> = all.iter().map(|g| reason::for_grant(context, service.as_deref(), g)).collect();
    why.dedup();
    let shown: Vec<String> = all.iter().map(Grantee::shown).collect();
    Draft {
        place,
        action: Action::Grant,
        object: Context::object(first),
        objects: names(targets),
        roles: roles(&all),
        sql: context
            .as_owner(targets, lists(targets).iter().map(|on| format!("GRANT {keywords} ON {on} TO {to}")).collect()),
        undo: context.as_owner(targets, undo(context, (privileges, targets), &all)),
        hazards: context.widening(all.iter().filter_map(Grantee::role)),
        code: vec![],
        what: format!("{keywords} on {} to {}", subject(targets), shown.join(", ")),
        why: why.join("; "),
        service,
    }
}

/// REVOKE on a table takes rights of its columns along, and what hangs on them.
fn undo(context: &Context<'_>, (privileges, targets): (Privileges, &[&Target]), grantees: &[Grantee]) -> Vec<String> {
    let (keywords, from) = (privileges.keywords(), sql::grantees(grantees));
    let columns: Vec<String> =
        targets.iter().flat_map(|target| rebuild::columns(context, target, grantees, privileges)).collect();
    let cascade = if columns.is_empty() { "" } else { " CASCADE" };
    let revokes = lists(targets).into_iter().map(|on| format!("REVOKE {keywords} ON {on} FROM {from}{cascade}"));
    let others = targets.iter().flat_map(|target| rebuild::from_owner(context, target, grantees));
    revokes.chain(columns).chain(others).collect()
}

/// Only an exception keeps rights on single columns, so there are few.
fn on_column(
    context: &Context<'_>,
    place: Place,
    target: &Target,
    (grantee, privileges): (&Grantee, Privileges),
) -> Draft {
    let (rights, on, who) = (sql::rights(target, privileges), sql::on(target), grantee.sql());
    let back = std::iter::once(format!("REVOKE {rights} ON {on} FROM {who}"));
    let others = rebuild::from_owner(context, target, std::slice::from_ref(grantee));
    let service = context.service(target);
    Draft {
        place,
        action: Action::Grant,
        object: Context::object(target),
        objects: vec![],
        roles: roles(std::slice::from_ref(grantee)),
        sql: context.as_owner(&[target], vec![format!("GRANT {rights} ON {on} TO {who}")]),
        undo: context.as_owner(&[target], back.chain(others).collect()),
        hazards: vec![],
        code: vec![],
        what: format!("{} on {} to {}", privileges.keywords(), subject(&[target]), grantee.shown()),
        why: reason::for_grant(context, service.as_deref(), grantee),
        service,
    }
}

/// `DATABASE "d"`, or the objects in chunks.
pub(super) fn lists(targets: &[&Target]) -> Vec<String> {
    let objects: Vec<&Object> = targets
        .iter()
        .filter_map(|target| if let Target::Object(_, object) = target { Some(object) } else { None })
        .collect();
    if objects.len() < targets.len() {
        return targets.iter().map(|target| sql::on(target)).collect();
    }
    objects.chunks(sql::CHUNK).map(sql::on_all).collect()
}

/// The names of all targets, if they are several.
pub(super) fn names(targets: &[&Target]) -> Vec<String> {
    if targets.len() > 1 { targets.iter().map(|target| Context::object(target).name).collect() } else { vec![] }
}

pub(super) fn roles(grantees: &[Grantee]) -> Vec<String> {
    grantees.iter().map(|grantee| grantee.role().map_or("PUBLIC", Name::as_str).into()).collect()
}

/// `table orders.jobs`, `database orders`, or `12 tables in schema orders`.
pub(super) fn subject(targets: &[&Target]) -> String {
    let first = targets[0];
    match first {
        Target::Database(name) => format!("database {}", name.shown()),
        Target::Column(_, table, column) => format!("column {} of {}", column.shown(), table.shown()),
        Target::Object(_, object) if targets.len() == 1 => format!("{} {}", object.kind.word(), object.shown()),
        Target::Object(_, object) => {
            let mut words: BTreeMap<&str, usize> = BTreeMap::new();
            for target in targets {
                if let Target::Object(_, object) = target {
                    *words.entry(object.kind.word()).or_default() += 1;
                }
            }
            let counted: Vec<String> = words.iter().map(|(word, n)| counted(word, *n)).collect();
            format!("{} in schema {}", counted.join(", "), object.schema.shown())
        }
    }
}

fn counted(word: &str, n: usize) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}

/// The object of a step about default privileges.
pub(super) fn default_object(database: &Name, key: &DefaultKey) -> ObjectRef {
    ObjectRef {
        kind: "default privileges".into(),
        database: Some(database.clone()),
        schema: key.schema.clone(),
        name: key.future.keyword().to_lowercase(),
    }
}

/// `later tables of orders_ddl in schema orders`
pub(super) fn default_subject(key: &DefaultKey) -> String {
    let place = key.schema.as_ref().map_or_else(String::new, |schema| format!(" in schema {}", schema.shown()));
    format!("later {} of {}{place}", key.future.keyword().to_lowercase(), key.role.shown())
}

fn default(
    context: &Context<'_>,
    place: Place,
    (database, key): (&Name, &DefaultKey),
    (privileges, grantees): (Privileges, &[&Grantee]),
) -> Draft {
    let all: Vec<Grantee> = grantees.iter().map(|g| (*g).clone()).collect();
    let (head, to) = (sql::default_of(key), sql::grantees(&all));
    let (keywords, on) = (privileges.keywords(), key.future.keyword());
    let shown: Vec<String> = all.iter().map(Grantee::shown).collect();
    Draft {
        place,
        action: Action::Default,
        object: default_object(database, key),
        objects: vec![],
        roles: roles(&all),
        service: context.service_of_role(&key.role),
        sql: vec![format!("{head} GRANT {keywords} ON {on} TO {to}")],
        undo: vec![format!("{head} REVOKE {keywords} ON {on} FROM {to}")],
        hazards: context.widening(all.iter().filter_map(Grantee::role)),
        code: vec![],
        what: format!("{keywords} on {} to {}", default_subject(key), shown.join(", ")),
        why: "what is created tomorrow is as open as what is there today".into(),
    }
}
