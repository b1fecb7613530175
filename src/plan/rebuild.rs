//! The way back of an ACL that no single GRANT restores: grants of others, chains of grant options, rights of columns that a
//! REVOKE on their table took along, and entries that were merged where the owner changed. Everything is taken away, and
//! then granted as it was, each by its own grantor, the nearest to the owner first.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::build::{Context, Draft};
use super::ownership::RoundTrips;
use super::place::Place;
use super::standing::Standing;
use super::step::Action;
use super::{grantor, sql};
use crate::diff::{Change, Revoke, Target};
use crate::model::{Acl, Granted, Grantee, Kind, Name, Object, Privileges};

/// What stands for the undo of a step whose thing is rebuilt by another's.
pub(super) const ELSEWHERE: &str = "-- comes back with the first step that takes something from the same object";

/// What is rebuilt as it was before its revokes, and not yet.
pub(super) struct Rebuilds {
    open: RefCell<BTreeSet<Target>>,
    all: BTreeSet<Target>,
    schemas: BTreeMap<Target, Place>,
}

fn schema_of(target: &Target) -> Option<Target> {
    let (Target::Object(database, object) | Target::Column(database, object, _)) = target else { return None };
    Some(Target::Object(database.clone(), Object::schema(&object.schema)))
}

fn is_schema(target: &Target) -> bool {
    matches!(target, Target::Object(_, object) if object.kind == Kind::Schema)
}

impl Rebuilds {
    pub(super) fn of(changes: &[Change], context: &Context<'_>, trips: &RoundTrips) -> Self {
        let revokes = changes.iter().filter_map(|change| match change {
            Change::Revoke(revoke) => Some((context.place(change), revoke)),
            _ => None,
        });
        let needs = |place: &Place, revoke: &Revoke| {
            trips.take(context, place, revoke) || !is_exact(revoke) || takes_columns(context, revoke)
        };
        let (mut all, mut schemas) = (BTreeSet::new(), BTreeMap::new());
        for (place, revoke) in revokes {
            let needs = needs(&place, revoke);
            if let Some(schema) = schema_of(&revoke.target).filter(|_| is_schema(&revoke.target)) {
                let (_, needed) = schemas.entry(schema).or_insert((place, false));
                *needed |= needs;
            } else if needs {
                all.insert(context.root(&revoke.target));
            }
        }
        let inside: BTreeSet<Target> = all.iter().filter_map(schema_of).collect();
        schemas.retain(|schema, (_, needed)| *needed || inside.contains(schema));
        let schemas = schemas.into_iter().map(|(schema, (place, _))| (schema, place)).collect();
        Self { open: RefCell::new(all.clone()), all, schemas }
    }

    /// Schemas come back before what is in them, since whoever grants there must be able to use them: in the undo of the
    /// last step of their transaction, which runs first.
    pub(super) fn schemas_first(&self, context: &Context<'_>, drafts: &mut [Draft]) {
        for (schema, place) in self.schemas.iter().rev() {
            let last = drafts.iter_mut().rev().find(|draft| draft.place == *place && draft.action == Action::Revoke);
            if let (Some(draft), Some(thing)) = (last, context.standing(schema)) {
                let sql = rebuilt(context, vec![context.granted(thing)]);
                draft.undo.splice(0..0, context.as_owner(&[schema], sql));
            }
        }
    }

    /// The whole of it in the undo of the first step that takes from it, which runs last: the plain undo of the others may
    /// run before, and is made good by it.
    pub(super) fn undo(&self, context: &Context<'_>, targets: &[&Target], plain: Vec<String>) -> Vec<String> {
        let mut sql = plain;
        for root in targets.iter().map(|target| context.root(target)).collect::<BTreeSet<_>>() {
            if self.open.borrow_mut().remove(&root) {
                let things = context.together(&root).into_iter().map(|thing| context.granted(thing)).collect();
                sql.extend(rebuilt(context, things));
            }
        }
        if sql.is_empty() { vec![ELSEWHERE.into()] } else { context.as_owner(targets, sql) }
    }

    pub(super) fn has(&self, context: &Context<'_>, target: &Target) -> bool {
        self.schemas.contains_key(target) || self.all.contains(&context.root(target))
    }
}

/// GRANT by the owner restores it.
fn is_exact(revoke: &Revoke) -> bool {
    revoke.grantor == revoke.owner && revoke.grantable.is_empty()
}

fn takes_columns(context: &Context<'_>, revoke: &Revoke) -> bool {
    !taken(context, &revoke.target, std::slice::from_ref(&revoke.grantee), revoke.privileges).is_empty()
}

/// The columns whose rights by the owner a REVOKE on their table would take along.
fn taken(context: &Context<'_>, target: &Target, grantees: &[Grantee], privileges: Privileges) -> Vec<Standing> {
    let mut columns = context.columns(target);
    columns.retain(|column| {
        let held = |grantee: &Grantee| column.acl.granted(grantee, &column.owner).privileges;
        grantees.iter().any(|grantee| !held(grantee).intersection(privileges).is_empty())
    });
    columns
}

/// Those columns as they were.
pub(super) fn columns(
    context: &Context<'_>,
    target: &Target,
    grantees: &[Grantee],
    privileges: Privileges,
) -> Vec<String> {
    rebuilt(context, taken(context, target, grantees, privileges))
}

/// What others gave to the same, and only the owner can give back: his REVOKE takes it along.
pub(super) fn from_owner(context: &Context<'_>, target: &Target, grantees: &[Grantee]) -> Vec<String> {
    let Some(thing) = context.standing(target) else { return vec![] };
    let table = matches!(target, Target::Column(..)).then(|| context.standing(&context.root(target))).flatten();
    let lost = thing.acl.entries().filter(|(grantee, grantor, granted)| {
        let above = table.as_ref().map(|table| table.options(grantor)).unwrap_or_default();
        let may = (thing.options(grantor) | above).contains(granted.privileges);
        let may = may && !is_the_owners(context, &thing, grantor);
        grantees.contains(grantee) && **grantor != thing.owner && !may
    });
    lost.flat_map(|(grantee, _, granted)| sql::grant(target, grantee, granted)).collect()
}

/// Does what he granted come back from the owner alone: since he counts as the owner, or since we can't become him?
fn is_the_owners(context: &Context<'_>, thing: &Standing, grantor: &Name) -> bool {
    acts_as_owner(context, thing, grantor) || !context.may_be(grantor)
}

fn acts_as_owner(context: &Context<'_>, thing: &Standing, role: &Name) -> bool {
    context.acts_as(role, thing.target.database()).is_none_or(|roles| roles.contains(&thing.owner))
}

/// After something went back to its old owner: what he and the new one held, if the two can't be told apart any more.
pub(super) fn after_return(context: &Context<'_>, target: &Target, (from, to): (&Name, &Name)) -> Vec<String> {
    let before = context.before(target);
    if before.iter().all(|thing| thing.acl.transfer(from, to).transfer(to, from) == thing.acl) {
        return vec![];
    }
    let sql = rebuilt(context, context.before(target));
    context.as_owner_of(&before, sql)
}

/// Takes all away, and grants it as it was.
fn rebuilt(context: &Context<'_>, things: Vec<Standing>) -> Vec<String> {
    let mut sql = Vec::new();
    for thing in &things {
        let owner = Grantee::Role(thing.owner.clone());
        let grantees = thing.acl.entries().map(|(grantee, _, _)| grantee).chain([&owner]);
        let names: Vec<String> = grantees.collect::<BTreeSet<_>>().into_iter().map(Grantee::sql).collect();
        let all = match &thing.target {
            Target::Column(_, _, column) => format!("ALL ({})", column.quoted()),
            _ => "ALL".into(),
        };
        sql.push(format!("REVOKE {all} ON {} FROM {} CASCADE", sql::on(&thing.target), names.join(", ")));
    }
    let (mut placed, mut table) = (Acl::default(), Acl::default());
    for thing in &things {
        let above = if matches!(thing.target, Target::Column(..)) { table.clone() } else { Acl::default() };
        let statements = entries(context, thing, &above, &mut placed);
        sql.extend(statements);
        if let Target::Object(..) = thing.target {
            table = std::mem::take(&mut placed);
        }
        placed = Acl::default();
    }
    sql
}

/// Each by its own grantor, once he has the option.
fn entries(context: &Context<'_>, thing: &Standing, above: &Acl, placed: &mut Acl) -> Vec<String> {
    let mut sql = Vec::new();
    let mut open: Vec<(&Grantee, &Name, Granted)> = thing.acl.entries().collect();
    open.sort_by_key(|(_, grantor, _)| **grantor != thing.owner);
    while !open.is_empty() {
        let may = |(grantee, grantor, granted): &(&Grantee, &Name, Granted)| {
            let options = match granted.grantable.is_empty() {
                true => options(placed, grantor) | options(above, grantor),
                false => options_without(placed, &thing.owner, grantor, grantee),
            };
            **grantor == thing.owner || options.contains(granted.privileges)
        };
        let next = open.iter().position(may);
        let (grantee, grantor, granted) = open.remove(next.unwrap_or(0));
        let statements = sql::grant(&thing.target, grantee, granted);
        if *grantor == thing.owner {
            sql.extend(statements);
        } else if next.is_none() || is_the_owners(context, thing, grantor) {
            let (who, by) = (grantee.shown(), grantor.shown());
            sql.push(format!("-- cannot be undone exactly: what {by} granted to {who} comes back from the owner"));
            sql.extend(statements);
        } else {
            sql.extend(grantor::acting(context, grantor, &thing.target, statements));
        }
        placed.add(grantee.clone(), grantor.clone(), granted);
    }
    sql
}

/// What the role could grant on if the other couldn't: nobody grants an option back to whom he has it from (0LP01,
/// `check_circularity` in acl.c, which of a column looks at the column alone).
fn options_without(acl: &Acl, owner: &Name, role: &Name, other: &Grantee) -> Privileges {
    let mut left = Acl::default();
    loop {
        let holds = |(grantee, grantor, granted): &(&Grantee, &Name, Granted)| {
            *grantee != other && (*grantor == owner || options(&left, grantor).contains(granted.grantable))
        };
        let mut more = Acl::default();
        for (grantee, grantor, granted) in acl.entries().filter(holds) {
            more.add(grantee.clone(), grantor.clone(), granted);
        }
        if more == left {
            return options(&left, role);
        }
        left = more;
    }
}

fn options(acl: &Acl, role: &Name) -> Privileges {
    let own = acl.entries().filter(|(grantee, _, _)| grantee.role() == Some(role));
    own.fold(Privileges::NONE, |all, (_, _, granted)| all | granted.grantable)
}
