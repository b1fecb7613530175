//! Who can do this, and what can this role do: answers with the path of each.

use std::collections::{BTreeMap, BTreeSet};

use super::flow::{Flow, Flowed, flows, follow, path};
use super::{Hop, Inside, Reach, Subject, shortened};
use crate::model::{Grantee, Kind, Name, Object, Privileges};

/// How somebody can do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// Code decides whether he can; else he can, alone and now.
    pub conditional: bool,
    pub who: Grantee,
    pub path: Vec<Hop>,
}

/// Objects of one kind and schema on which a role has the same by the same path; without objects, the database itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    pub database: Name,
    pub objects: Vec<Object>,
    pub privileges: Privileges,
    pub conditional: bool,
    pub path: Vec<Hop>,
}

/// A database, and what passes rights on inside it.
struct Looked<'a, 'r> {
    inside: &'a Inside<'r>,
    flows: Vec<Flow>,
    flowed: Flowed,
}

/// Everybody of the reach who has the privilege, each by his shortest ways.
#[must_use]
pub fn who_can(inside: &Inside<'_>, subject: Subject<'_>, privilege: Privileges) -> Vec<Way> {
    let all = flows(inside);
    let looked = Looked { inside, flowed: follow(inside, &all), flows: all };
    let reach = inside.reach;
    let mut ways = BTreeSet::new();
    for (at, principal) in reach.principals().iter().enumerate() {
        let mut add = |conditional, path| {
            ways.insert(Way { conditional, who: principal.who.clone(), path: shortened(path) });
        };
        if let Some(path) = everything(reach, at) {
            add(false, path);
            continue;
        }
        if holds(inside, at, subject, privilege) {
            add(false, inside.path(at, subject, privilege));
        }
        if let Subject::Object(object) = subject {
            looked.gains(at, object, privilege).into_iter().for_each(|(conditional, path)| add(conditional, path));
            called(inside, at, object, privilege).into_iter().for_each(|path| add(true, path));
        }
    }
    ways.into_iter().collect()
}

/// The path to a role that may do everything, where it can become one.
fn everything(reach: &Reach<'_>, principal: usize) -> Option<Vec<Hop>> {
    let (role, attribute) = reach.everything(principal)?;
    let mut path = reach.path_to(principal, role);
    path.push(Hop::Attribute { role: role.clone(), attribute });
    Some(path)
}

fn holds(inside: &Inside<'_>, principal: usize, subject: Subject<'_>, privilege: Privileges) -> bool {
    let has = |held: Option<&Privileges>| held.is_some_and(|held| held.contains(privilege));
    match subject {
        Subject::Database => has(inside.held_on_database().get(&principal)),
        Subject::Object(object) => {
            has(inside.held(object).get(&principal)) || has(inside.held_on_columns(object).get(&principal))
        }
    }
}

impl Looked<'_, '_> {
    /// What views, rules, foreign keys and parents let through: whether code decides, and by which path.
    fn gains(&self, principal: usize, object: &Object, privilege: Privileges) -> Vec<(bool, Vec<Hop>)> {
        let gains = self.flowed.get(object).and_then(|by| by.get(&principal)).into_iter().flatten();
        let these = gains.filter(|gain| !gain.privileges.intersection(privilege).is_empty());
        these
            .map(|gain| {
                let path = path(self.inside, &self.flows, &self.flowed, principal, gain.only(privilege));
                (!gain.certain, path)
            })
            .collect()
    }
}

/// SECURITY DEFINER routines that he may run, called or set off by a trigger, whose owner has the privilege.
fn called(inside: &Inside<'_>, principal: usize, object: &Object, privilege: Privileges) -> Vec<Vec<Hop>> {
    through_code(inside, principal, |owner| inside.as_role(owner, object).1.contains(privilege))
}

fn through_code(inside: &Inside<'_>, principal: usize, may: impl Fn(&Name) -> bool) -> Vec<Vec<Hop>> {
    let Some(code) = &inside.contents.code else { return Vec::new() };
    let routines = code.definers.iter().map(|definer| {
        let (start, need) = definer.set_off_by();
        (start, &definer.routine, &definer.owner, need)
    });
    let triggers = code.triggers.iter().filter(|t| t.definer).map(|t| (&t.relation, &t.function, &t.owner, t.on));
    let mut paths = Vec::new();
    for (start, routine, owner, need) in routines.chain(triggers) {
        let has = inside.held(start).get(&principal).copied().unwrap_or_default().intersection(need);
        if has.is_empty() || inside.reach.reaches(principal, owner) || !may(owner) {
            continue;
        }
        let mut path = inside.path(principal, Subject::Object(start), has);
        path.push(Hop::Executes { routine: routine.clone(), role: owner.clone() });
        paths.push(path);
    }
    paths
}

/// What the principal has in a database, on the database itself first.
#[must_use]
pub fn rights_of(inside: &Inside<'_>, principal: usize) -> Vec<Rights> {
    let mut rights = Vec::new();
    let database = inside.name.clone();
    if let Some(privileges) = inside.held_on_database().get(&principal).copied() {
        let path = inside.path(principal, Subject::Database, privileges);
        rights.push(Rights { database: database.clone(), objects: vec![], privileges, conditional: false, path });
    }
    type Group = (Name, Kind, bool, Vec<Hop>, Privileges);
    let mut groups: BTreeMap<Group, Vec<Object>> = BTreeMap::new();
    let mut add = |object: &Object, privileges: Privileges, conditional: bool, path: Vec<Hop>| {
        let group = (object.schema.clone(), object.kind, conditional, shortened(path), privileges);
        groups.entry(group).or_default().push(object.clone());
    };
    for object in inside.database.objects.keys() {
        let whole = inside.held(object).get(&principal).copied().unwrap_or_default();
        if !whole.is_empty() {
            add(object, whole, false, inside.path(principal, Subject::Object(object), whole));
        }
        let columns = inside.held_on_columns(object).get(&principal).copied().unwrap_or_default().minus(whole);
        if !columns.is_empty() {
            add(object, columns, false, inside.path(principal, Subject::Object(object), columns));
        }
    }
    let all = flows(inside);
    let flowed = follow(inside, &all);
    for (object, gains) in flowed.iter() {
        for gain in gains.get(&principal).into_iter().flatten() {
            add(object, gain.privileges, !gain.certain, path(inside, &all, &flowed, principal, *gain));
        }
    }
    let group = |((_, _, conditional, path, privileges), objects): (Group, Vec<Object>)| Rights {
        database: database.clone(),
        objects,
        privileges,
        conditional,
        path,
    };
    rights.extend(groups.into_iter().map(group));
    rights
}

/// As whom the principal may act through code, in one database: the routine, and its owner.
#[must_use]
pub fn acts_through(inside: &Inside<'_>, principal: usize) -> Vec<Vec<Hop>> {
    through_code(inside, principal, |_| true)
}
