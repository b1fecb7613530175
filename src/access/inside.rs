//! Who can do what inside one database, by roles and ACLs: CONNECT, then USAGE of the schema and the right itself, held by one and
//! the same session.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::reach::is_database_owner;
use super::reason::{Listed, Reason};
use super::sessions::Sessions;
use super::standing::Standing;
use super::{Hop, Reach, Subject};
use crate::model::{Contents, Database, Grantee, Holding, Kind, Name, Object, Privileges};

/// By principal, what it has. What PUBLIC has stands with PUBLIC alone, where PUBLIC is among the principals and can use it.
pub type Held = BTreeMap<usize, Privileges>;

/// One database of a [`Reach`].
#[derive(Debug)]
pub struct Inside<'a> {
    pub(super) reach: &'a Reach<'a>,
    pub name: &'a Name,
    pub database: &'a Database,
    pub contents: &'a Contents,
    pub(super) public: Option<usize>,
    connect: BTreeSet<usize>,
    pub(super) usage: RefCell<BTreeMap<Name, Rc<Sessions>>>,
    shapes: RefCell<BTreeMap<Shape, Rc<Held>>>,
    listed: RefCell<BTreeMap<(usize, Kind, Name), Rc<Listed>>>,
    columns: RefCell<BTreeMap<Object, OnColumns>>,
}

/// The reasons for rights on single columns, and who has them.
type OnColumns = (Rc<Listed>, Rc<Held>);

/// Objects of a schema mostly share owner and ACL, and so the answer.
type Shape = (usize, Kind, Name, Name);

impl<'a> Inside<'a> {
    pub(super) fn of(reach: &'a Reach<'a>, (name, database): (&'a Name, &'a Database), contents: &'a Contents) -> Self {
        let public = reach.principals.iter().position(|principal| principal.who == Grantee::Public);
        let (usage, shapes, listed, columns) = Default::default();
        let connect = BTreeSet::new();
        let mut inside = Self { reach, name, database, contents, public, connect, usage, shapes, listed, columns };
        inside.connect = inside.connecting();
        inside
    }

    /// May it connect at all?
    #[must_use]
    pub fn connects(&self, principal: usize) -> bool {
        self.connect.contains(&principal)
    }

    /// Who has what on the database itself.
    #[must_use]
    pub fn held_on_database(&self) -> Held {
        let reasons = self.reasons(Kind::Database, &self.database.held);
        let mut held = self.usable(&reasons, None);
        for reason in reasons.iter().filter(|reason| reason.is_database_owner()) {
            // who grants from another database is asked as what it is there
            self.owners_elsewhere().into_keys().for_each(|at| {
                let entry = held.entry(at).or_default();
                *entry = *entry | reason.grantable;
            });
        }
        held.retain(|at, _| self.connects(*at));
        held
    }

    /// Who has what on an object; nothing if it isn't there.
    #[must_use]
    pub fn held(&self, object: &Object) -> Rc<Held> {
        let Some(holding) = self.database.objects.get(object) else { return Rc::default() };
        let shape = (Arc::as_ptr(&holding.acl).addr(), object.kind, holding.owner.clone(), object.schema.clone());
        if let Some(known) = self.shapes.borrow().get(&shape) {
            return Rc::clone(known);
        }
        let reasons = self.reasons(object.kind, holding);
        let usage = (object.kind != Kind::Schema).then(|| self.usage(&object.schema));
        let held = Rc::new(self.usable(&reasons, usage.as_deref()));
        self.shapes.borrow_mut().insert(shape, Rc::clone(&held));
        held
    }

    /// The same by rights on single columns, of an object that has any.
    #[must_use]
    pub fn held_on_columns(&self, object: &Object) -> Rc<Held> {
        if self.database.columns_of(object).next().is_none() {
            return Rc::default();
        }
        self.on_columns(object).1
    }

    fn on_columns(&self, object: &Object) -> (Rc<Listed>, Rc<Held>) {
        if let Some(known) = self.columns.borrow().get(object) {
            return known.clone();
        }
        let listed = Rc::new(Listed::of(self.column_reasons(object).collect(), &self.reach.roles));
        let held = match listed.is_empty() {
            true => Rc::default(),
            false => Rc::new(self.usable(listed.all(), Some(&*self.usage(&object.schema)))),
        };
        self.columns.borrow_mut().insert(object.clone(), (Rc::clone(&listed), Rc::clone(&held)));
        (listed, held)
    }

    /// Who can use it: a session that has the right, and uses the schema, in a database that it may connect to.
    fn usable(&self, reasons: &[Reason], usage: Option<&Sessions>) -> Held {
        let mut held = Held::new();
        let mut add = |at: usize, privileges: Privileges| {
            if self.connects(at) && !privileges.is_empty() {
                let entry = held.entry(at).or_default();
                *entry = *entry | privileges;
            }
        };
        let uses = |session: &(usize, usize)| usage.is_none_or(|usage| usage.has(session));
        let mut public = Privileges::NONE;
        for reason in reasons {
            match &reason.who {
                Grantee::Public => public = public | reason.privileges,
                who => self.sessions(who).iter().filter(|s| uses(s)).for_each(|(at, _)| add(*at, reason.privileges)),
            }
        }
        if public.is_empty() {
            return held;
        }
        let everybody = usage.is_none_or(|usage| usage.everybody);
        match self.public.filter(|at| everybody && self.connects(*at)) {
            Some(at) => add(at, public),
            None if everybody => (0..self.reach.principals.len()).for_each(|at| add(at, public)),
            None => usage.into_iter().flat_map(|usage| &usage.some).for_each(|(at, _)| add(*at, public)),
        }
        held
    }

    /// By which hops a principal has one of these rights on something: of what is true, that which shows most.
    #[must_use]
    pub fn path(&self, principal: usize, subject: Subject<'_>, privileges: Privileges) -> Vec<Hop> {
        match subject {
            Subject::Database => {
                let listed = self.listed(Kind::Database, &self.database.held);
                self.shortest(principal, &[listed], None, privileges)
            }
            Subject::Object(object) if object.kind == Kind::Schema => self.path_unseen(principal, object, privileges),
            Subject::Object(object) => {
                let usage = self.usage(&object.schema);
                self.shortest(principal, &self.object_reasons(object), Some(&*usage), privileges)
            }
        }
    }

    /// The same, whether it may use the schema or not: what it has where something else names the object for it.
    #[must_use]
    pub fn path_unseen(&self, principal: usize, object: &Object, privileges: Privileges) -> Vec<Hop> {
        self.shortest(principal, &self.object_reasons(object), None, privileges)
    }

    fn object_reasons(&self, object: &Object) -> Vec<Rc<Listed>> {
        let Some(holding) = self.database.objects.get(object) else { return Vec::new() };
        let columns = self.database.columns_of(object).next().is_some().then(|| self.on_columns(object).0);
        [self.listed(object.kind, holding)].into_iter().chain(columns).collect()
    }

    fn listed(&self, kind: Kind, holding: &Holding) -> Rc<Listed> {
        let shape = (Arc::as_ptr(&holding.acl).addr(), kind, holding.owner.clone());
        let mut known = self.listed.borrow_mut();
        let list = || Rc::new(Listed::of(self.reasons(kind, holding), &self.reach.roles));
        Rc::clone(known.entry(shape).or_insert_with(list))
    }

    fn shortest(
        &self,
        principal: usize,
        reasons: &[Rc<Listed>],
        usage: Option<&Sessions>,
        privileges: Privileges,
    ) -> Vec<Hop> {
        let asked = |reason: &Reason| reason.privileges.intersection(privileges);
        let reached = self.reach.principals[principal].standing.as_ref().map(Standing::roles).unwrap_or_default();
        let reasons = reasons.iter().flat_map(|listed| listed.of_roles(&reached));
        let paths = reasons.filter(|reason| !asked(reason).is_empty()).filter_map(|r| {
            let mut path = self.path_by(principal, r, usage, privileges)?;
            let shown = asked(r).each().count();
            path.push(r.hop.clone().only(privileges));
            Some((shown, path))
        });
        // the one that shows most, and then the shortest
        let best = paths.min_by_key(|(shown, path)| (std::cmp::Reverse(*shown), path.len()));
        best.map(|(_, path)| path).unwrap_or_default()
    }

    /// The hops to whom a right is given; none if the principal isn't that in any session that may use the schema.
    fn path_by(
        &self,
        principal: usize,
        reason: &Reason,
        usage: Option<&Sessions>,
        privileges: Privileges,
    ) -> Option<Vec<Hop>> {
        let Some(role) = reason.who.role() else { return Some(Vec::new()) };
        let uses = |session: &(usize, usize)| usage.is_none_or(|usage| usage.has(session));
        let sessions = self.sessions(&reason.who);
        let first = sessions.partition_point(|session| session.0 < principal);
        if sessions[first..].iter().take_while(|session| session.0 == principal).any(uses) {
            return Some(self.path_to(principal, role));
        }
        let passed_on = reason.is_database_owner() && !reason.grantable.intersection(privileges).is_empty();
        passed_on.then(|| self.path_elsewhere(principal, role)).flatten()
    }

    fn path_to(&self, principal: usize, role: &Name) -> Vec<Hop> {
        if !is_database_owner(role) {
            return self.reach.path_to(principal, role);
        }
        let mut path = self.reach.path_to(principal, &self.database.held.owner);
        path.push(Hop::DatabaseOwner { role: role.clone(), database: None });
        path
    }

    /// To `pg_database_owner` by another database.
    fn path_elsewhere(&self, principal: usize, role: &Name) -> Option<Vec<Hop>> {
        let other = *self.owners_elsewhere().get(&principal)?;
        let mut path = self.reach.path_to(principal, &self.reach.databases[other].held.owner);
        path.push(Hop::DatabaseOwner { role: role.clone(), database: Some(other.clone()) });
        Some(path)
    }
}
