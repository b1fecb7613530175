//! What code that runs as its owner means for whoever sets it going.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::Severity;
use super::databases::Both;
use super::ground::Ground;
use super::objects::{WRITES, claim};
use crate::model::{Grantee, Kind, Name, Object, Privileges};

type Tables<'a> = Vec<(&'a Object, &'a Name)>;

type Rights<'a> = Vec<(&'a Object, Privileges)>;

pub(super) struct Acting<'a> {
    pub(super) ground: &'a Ground<'a>,
    pub(super) both: &'a Both<'a>,
    /// The single-writer tables of each service, with the writer.
    tables: BTreeMap<&'a str, Tables<'a>>,
    /// Those of its own service that a role may write.
    written: RefCell<BTreeMap<Name, Rc<Tables<'a>>>>,
    /// What a role that isn't the layout's may do with the services' objects.
    strangers: RefCell<BTreeMap<Name, Rc<Rights<'a>>>>,
    /// The layout's roles that somebody is a member of.
    joined: BTreeMap<&'a Name, Vec<&'a Name>>,
    /// By owner and principal: many routines have one owner.
    broken: RefCell<BTreeMap<(Name, usize), Option<String>>>,
}

impl<'a> Acting<'a> {
    pub(super) fn of(ground: &'a Ground<'a>, both: &'a Both<'a>) -> Self {
        let mut tables: BTreeMap<&str, Tables<'_>> = BTreeMap::new();
        for ((_, table), ruled) in ground.desired.ruled.iter().filter(|((database, _), _)| database == both.name) {
            // what the ddl role's code does where no writer is named, the ddl role does
            if let (Some(wall), Some(writer)) = (ground.wall_around(both.name, table), &ruled.writer) {
                tables.entry(wall).or_default().push((table, writer));
            }
        }
        let mut joined = BTreeMap::<_, Vec<&Name>>::new();
        for membership in ground.snapshot.state.memberships.keys().filter(|m| ground.is_declared(&m.role)) {
            joined.entry(&membership.member).or_default().push(&membership.role);
        }
        let (written, strangers, broken) = Default::default();
        Self { ground, both, tables, written, strangers, joined, broken }
    }

    /// The claim that doesn't hold for a principal if code acts as `owner` for it. Within one wall its owners decide what code does, but
    /// a table with one writer is claimed there, too.
    pub(super) fn broken(&self, owner: &Name, principal: usize) -> Option<String> {
        let key = (owner.clone(), principal);
        let known = self.broken.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let broken = self.breaks(owner, principal);
            self.broken.borrow_mut().insert(key, broken.clone());
            broken
        })
    }

    fn breaks(&self, owner: &Name, principal: usize) -> Option<String> {
        let Self { ground, both, .. } = *self;
        if !self.is_beyond(owner, principal) {
            return self.written(owner, principal).map(|table| claim(ground, both, (table, WRITES)));
        }
        let matters = ground.is_declared(owner) || ground.is_trusted(owner) || self.gains(owner, principal);
        matters.then(|| format!("no code acts as {} for {}", owner.shown(), ground.who(principal).shown()))
    }

    /// The claim about a table of one writer among these, which are all that code of `owner` touches, within its own wall.
    pub(super) fn written_of(&self, owner: &Name, principal: usize, touches: &[Object]) -> Option<String> {
        let _ = self.written(owner, principal)?;
        let who = self.ground.who(principal).role();
        let tables = Rc::clone(self.written.borrow().get(owner)?);
        let table = tables.iter().find(|(table, writer)| who != Some(*writer) && touches.contains(table))?.0;
        Some(claim(self.ground, self.both, (table, WRITES)))
    }

    pub(super) fn is_beyond(&self, owner: &Name, principal: usize) -> bool {
        self.ground.is_beyond(principal, self.ground.wall_of(owner))
    }

    /// What somebody has read, and vouches for by an exception, is a warning: for whom the exception is, and within the routine's own wall for all,
    /// since its body is the same whoever of its service runs it.
    pub(super) fn severity(&self, routine: &Object, principal: usize) -> Severity {
        let Self { ground, both, .. } = *self;
        let vouched = ground.desired.vouched.get(&(both.name.clone(), routine.clone()));
        let wall = ground.wall_around(both.name, routine).filter(|wall| ground.wall(principal) == Some(wall));
        let this = |who: &Grantee| {
            let ours = |role: &Name| wall.is_some() && ground.wall_of(role) == wall;
            who.role().is_none_or(|role| ours(role) || ground.actual.reaches(principal, role))
        };
        if vouched.is_some_and(|vouched| vouched.iter().any(this)) {
            return Severity::Warning;
        }
        ground.severity(principal)
    }

    /// A table of one writer, who is another, that the owner of code may write.
    fn written(&self, owner: &Name, principal: usize) -> Option<&'a Object> {
        let who = self.ground.who(principal).role();
        let tables = Rc::clone(self.written.borrow_mut().entry(owner.clone()).or_insert_with(|| {
            let own = self.ground.wall_of(owner).and_then(|wall| self.tables.get(wall)).into_iter().flatten();
            let writes = |table: &Object| !self.both.actual.as_role(owner, table).1.intersection(WRITES).is_empty();
            Rc::new(own.filter(|(table, _)| writes(table)).copied().collect())
        }));
        tables.iter().find(|(_, writer)| who != Some(*writer)).map(|(table, _)| *table)
    }

    /// May somebody whom the layout doesn't know do more than the principal: be a service's role, let others into one, or do with a service's
    /// object what the layout doesn't give to the principal?
    fn gains(&self, owner: &Name, principal: usize) -> bool {
        let mut joined = self.joined.get(owner).into_iter().flatten();
        if joined.any(|role| !self.ground.actual.reaches(principal, role)) {
            return true;
        }
        let objects = Rc::clone(self.strangers.borrow_mut().entry(owner.clone()).or_insert_with(|| {
            let scope = &self.ground.desired.scope.databases[self.both.name];
            let actual = &self.both.actual;
            let held = |object: &'a Object| {
                let all = actual.as_role(owner, object).1;
                let of_use = object.kind != Kind::Schema && !all.is_empty() && actual.role_uses(owner, &object.schema);
                // to use a schema is of no use by itself
                (object, if of_use { all } else { all.intersection(Privileges::CREATE) })
            };
            let objects = self.both.actual.database.objects.keys().filter(|object| scope.has(object)).map(held);
            Rc::new(objects.filter(|(_, privileges)| !privileges.is_empty()).collect())
        }));
        let meant = |object| {
            let held = self.both.expected.held(object);
            let of = |at: usize| held.get(&at).copied().unwrap_or_default();
            // what everybody has, the principal has, too
            of(principal) | of(0)
        };
        objects.iter().any(|(object, privileges)| !privileges.minus(meant(object)).is_empty())
    }
}
