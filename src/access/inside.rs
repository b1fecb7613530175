//! Who can do what inside one database, by roles and ACLs: CONNECT, then USAGE of the schema and the right itself, held by one and
//! the same session.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::{Hop, Reach, Subject};
use crate::model::{Acl, Contents, Database, Grantee, Holding, Kind, Name, Object, Presence, Privileges};

const WRITE: Privileges = Privileges::INSERT.union(Privileges::UPDATE).union(Privileges::DELETE);

/// By principal, what it has. What PUBLIC has stands with PUBLIC alone, where PUBLIC is among the principals and can use it.
pub type Held = BTreeMap<usize, Privileges>;

/// One database of a [`Reach`].
#[derive(Debug)]
pub struct Inside<'a> {
    pub(super) reach: &'a Reach<'a>,
    pub name: &'a Name,
    pub database: &'a Database,
    pub contents: &'a Contents,
    public: Option<usize>,
    connect: BTreeSet<usize>,
    usage: RefCell<BTreeMap<Name, Rc<Usage>>>,
    shapes: RefCell<BTreeMap<Shape, Rc<Held>>>,
}

/// Objects of a schema mostly share owner and ACL, and so the answer.
type Shape = (usize, Kind, Name, Name);

/// The sessions that may use a schema.
#[derive(Debug, Default)]
struct Usage {
    everybody: bool,
    some: BTreeSet<(usize, usize)>,
}

/// One reason for a right: who has it, and what shows it.
struct Reason {
    who: Grantee,
    privileges: Privileges,
    hop: Hop,
}

impl<'a> Inside<'a> {
    pub(super) fn of(reach: &'a Reach<'a>, (name, database): (&'a Name, &'a Database), contents: &'a Contents) -> Self {
        let public = reach.principals.iter().position(|principal| principal.who == Grantee::Public);
        let (usage, shapes) = Default::default();
        let mut inside = Self { reach, name, database, contents, public, connect: BTreeSet::new(), usage, shapes };
        inside.connect = inside.connecting();
        inside
    }

    /// CONNECT is asked of who logs in, with what it inherits (`CheckMyDatabase` in src/backend/utils/init/postinit.c).
    fn connecting(&self) -> BTreeSet<usize> {
        if self.database.presence != Presence::Open {
            return BTreeSet::new();
        }
        let reasons = self.reasons(Kind::Database, &self.database.held);
        let connect = || reasons.iter().filter(|reason| reason.privileges.contains(Privileges::CONNECT));
        let everybody = connect().any(|reason| reason.who == Grantee::Public);
        let mut found: BTreeSet<usize> = connect()
            .flat_map(|reason| self.sessions(&reason.who))
            .filter(|(principal, context)| self.is_login_context(*principal, *context))
            .map(|(principal, _)| principal)
            .collect();
        let all = self.reach.principals.iter().enumerate();
        found.extend(all.filter(|(at, p)| everybody && Some(*at) != self.public || !p.login).map(|(at, _)| at));
        found.extend(self.public.filter(|_| everybody));
        let superuser = |at: &usize| self.reach.everything(*at).is_some_and(|(role, _)| self.reach.is_named(*at, role));
        found.extend((0..self.reach.principals.len()).filter(superuser));
        found
    }

    fn is_login_context(&self, principal: usize, context: usize) -> bool {
        let standing = self.reach.principals[principal].standing.as_ref();
        standing.is_some_and(|standing| self.reach.is(principal, standing.contexts[context].role))
    }

    /// May it connect at all?
    #[must_use]
    pub fn connects(&self, principal: usize) -> bool {
        self.connect.contains(&principal)
    }

    /// The sessions that act with a role's rights; the owner of the database is `pg_database_owner`, too.
    fn sessions(&self, who: &Grantee) -> Vec<(usize, usize)> {
        let Some(role) = who.role() else { return Vec::new() };
        let of = |role: &Name| self.reach.roles.id(role).map(|id| (id, &self.reach.index[id as usize]));
        if role.as_str() == "pg_database_owner" {
            let owner = of(&self.database.held.owner).filter(|(id, _)| !self.reach.roles.is_closed(*id));
            return owner.map(|(_, index)| index.clone()).unwrap_or_default();
        }
        of(role).map(|(_, index)| index.clone()).unwrap_or_default()
    }

    /// Who has what on something, as its ACL, its owner and the predefined roles say.
    fn reasons(&self, kind: Kind, held: &Holding) -> Vec<Reason> {
        let all = kind.privileges(self.reach.server_version_num);
        let owner = Reason {
            who: Grantee::Role(held.owner.clone()),
            privileges: all,
            hop: Hop::Owner { role: held.owner.clone() },
        };
        let mut reasons = acl_reasons(&held.acl);
        reasons.insert(0, owner);
        reasons.extend(predefined(kind));
        reasons.iter_mut().for_each(|reason| reason.privileges = reason.privileges.intersection(all));
        reasons
    }

    fn usage(&self, schema: &Name) -> Rc<Usage> {
        if let Some(known) = self.usage.borrow().get(schema) {
            return Rc::clone(known);
        }
        let mut usage = Usage::default();
        if let Some(held) = self.database.objects.get(&Object::schema(schema)) {
            for reason in self.reasons(Kind::Schema, held) {
                if reason.privileges.contains(Privileges::USAGE) {
                    usage.everybody |= reason.who == Grantee::Public;
                    usage.some.extend(self.sessions(&reason.who));
                }
            }
        }
        let usage = Rc::new(usage);
        self.usage.borrow_mut().insert(schema.clone(), Rc::clone(&usage));
        usage
    }

    /// Who has what on the database itself.
    #[must_use]
    pub fn held_on_database(&self) -> Held {
        let reasons = self.reasons(Kind::Database, &self.database.held);
        let mut held = self.usable(&reasons, None);
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
    pub fn held_on_columns(&self, object: &Object) -> Held {
        let reasons: Vec<Reason> = self.column_reasons(object).collect();
        if reasons.is_empty() {
            return Held::new();
        }
        self.usable(&reasons, Some(&*self.usage(&object.schema)))
    }

    fn column_reasons(&self, object: &Object) -> impl Iterator<Item = Reason> {
        self.database.columns_of(object).flat_map(|((_, column), acl)| {
            acl_reasons(acl).into_iter().map(|reason| match reason.hop {
                Hop::Acl { grantee, grantor, privileges } => {
                    Reason { hop: Hop::Column { column: column.clone(), grantee, grantor, privileges }, ..reason }
                }
                _ => reason,
            })
        })
    }

    /// Who can use it: a session that has the right, and uses the schema, in a database that it may connect to.
    fn usable(&self, reasons: &[Reason], usage: Option<&Usage>) -> Held {
        let mut held = Held::new();
        let mut add = |at: usize, privileges: Privileges| {
            if self.connects(at) && !privileges.is_empty() {
                let entry = held.entry(at).or_default();
                *entry = *entry | privileges;
            }
        };
        let uses = |session: &(usize, usize)| usage.is_none_or(|usage| usage.everybody || usage.some.contains(session));
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
        let (reasons, usage) = match subject {
            Subject::Database => (self.reasons(Kind::Database, &self.database.held), None),
            Subject::Object(object) => {
                let Some(holding) = self.database.objects.get(object) else { return Vec::new() };
                let mut reasons = self.reasons(object.kind, holding);
                reasons.extend(self.column_reasons(object));
                (reasons, (object.kind != Kind::Schema).then(|| self.usage(&object.schema)))
            }
        };
        let uses = |session: &(usize, usize)| {
            usage.as_ref().is_none_or(|usage| usage.everybody || usage.some.contains(session))
        };
        let asked = |reason: &Reason| reason.privileges.intersection(privileges);
        let paths = reasons.into_iter().filter(|reason| !asked(reason).is_empty()).filter_map(|r| {
            let mut path = match &r.who {
                Grantee::Public => Vec::new(),
                who => {
                    let mut sessions = self.sessions(who).into_iter().filter(|session| session.0 == principal);
                    sessions.find(|session| uses(session))?;
                    self.path_to(principal, who.role()?)
                }
            };
            let shown = asked(&r).each().count();
            path.push(r.hop.only(privileges));
            Some((shown, path))
        });
        // the one that shows most, and then the shortest
        let best = paths.min_by_key(|(shown, path)| (std::cmp::Reverse(*shown), path.len()));
        best.map(|(_, path)| path).unwrap_or_default()
    }

    fn path_to(&self, principal: usize, role: &Name) -> Vec<Hop> {
        if role.as_str() != "pg_database_owner" {
            return self.reach.path_to(principal, role);
        }
        let mut path = self.reach.path_to(principal, &self.database.held.owner);
        path.push(Hop::DatabaseOwner { role: role.clone() });
        path
    }

    /// What a role has on an object by itself and by inheritance, without regard to CONNECT and USAGE: what code that runs as it
    /// may do. Rights on single columns count.
    #[must_use]
    pub fn as_role(&self, role: &Name, object: &Object) -> Privileges {
        let (Some(id), Some(holding)) = (self.reach.roles.id(role), self.database.objects.get(object)) else {
            return Privileges::NONE;
        };
        if self.reach.roles.attributes(id).superuser {
            return object.kind.privileges(self.reach.server_version_num);
        }
        let acts_with = self.reach.roles.inherited(id);
        let owner = &self.database.held.owner;
        let has = |who: &Grantee| match who.role() {
            None => true,
            Some(role) if role.as_str() == "pg_database_owner" => {
                self.reach.roles.id(owner).is_some_and(|o| acts_with.contains(&o) && !self.reach.roles.is_closed(o))
            }
            Some(role) => self.reach.roles.id(role).is_some_and(|id| acts_with.contains(&id)),
        };
        let reasons = self.reasons(object.kind, holding).into_iter().chain(self.column_reasons(object));
        reasons.filter(|reason| has(&reason.who)).fold(Privileges::NONE, |all, reason| all | reason.privileges)
    }
}

impl Reach<'_> {
    fn is_named(&self, principal: usize, role: &Name) -> bool {
        self.principals[principal].who.role() == Some(role)
    }
}

fn acl_reasons(acl: &Acl) -> Vec<Reason> {
    let reason = |(grantee, grantor, granted): (&Grantee, &Name, crate::model::Granted)| Reason {
        who: grantee.clone(),
        privileges: granted.privileges,
        hop: Hop::Acl { grantee: grantee.clone(), grantor: grantor.clone(), privileges: granted.privileges },
    };
    acl.entries().map(reason).collect()
}

/// <https://www.postgresql.org/docs/current/predefined-roles.html>
fn predefined(kind: Kind) -> Vec<Reason> {
    let (read, write) = match kind {
        Kind::Schema => (Privileges::USAGE, Privileges::USAGE),
        // a sequence is a relation too (pg_class_aclmask_ext in src/backend/catalog/aclchk.c)
        _ if kind.is_relation() || kind == Kind::Sequence => (Privileges::SELECT, WRITE),
        _ => return Vec::new(),
    };
    let roles = [("pg_read_all_data", read), ("pg_write_all_data", write), ("pg_maintain", Privileges::MAINTAIN)];
    let reason = |(role, privileges): (&str, Privileges)| {
        let role = Name::of_server(role);
        Reason { who: Grantee::Role(role.clone()), privileges, hop: Hop::Predefined { role } }
    };
    roles.into_iter().map(reason).collect()
}
