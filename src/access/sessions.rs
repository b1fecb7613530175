//! Sessions: a principal as one of the roles that it can be. What takes several rights takes them in one and the same session.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Inside;
use super::hop::Hop;
use super::reason::is_owner;
use crate::model::{Grantee, Kind, Name, Object, Presence, Privileges};

/// A session that was made `pg_database_owner` by SET ROLE: no role of the cluster has such a member, so it has no other number.
const DATABASE_OWNER_CONTEXT: usize = usize::MAX;

/// The sessions that may do something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sessions {
    pub(super) everybody: bool,
    pub(super) some: BTreeSet<(usize, usize)>,
}

impl Sessions {
    /// Those that are among both.
    pub(super) fn and(&self, other: &Self) -> Self {
        let both = |session: &&(usize, usize)| self.has(session) && other.has(session);
        let some = self.some.union(&other.some).filter(both).copied().collect();
        Self { everybody: self.everybody && other.everybody, some }
    }

    pub(super) fn has(&self, session: &(usize, usize)) -> bool {
        self.everybody || self.some.contains(session)
    }
}

impl Inside<'_> {
    /// CONNECT is asked of who logs in, with what it inherits (`CheckMyDatabase` in src/backend/utils/init/postinit.c). Who may enter
    /// another database can give itself there what one of its roles may give.
    pub(super) fn connecting(&self) -> BTreeSet<usize> {
        if self.database.presence != Presence::Open {
            return BTreeSet::new();
        }
        let mut found = self.reach.entering(self.database);
        for reason in self.reasons(Kind::Database, &self.database.held) {
            if !reason.privileges.contains(Privileges::CONNECT) {
                continue;
            }
            let gives = reason.grantable.contains(Privileges::CONNECT);
            if gives && reason.is_database_owner() {
                found.extend(self.owners_elsewhere().into_keys());
            }
            let gives = gives && !reason.is_database_owner();
            let sessions = self.sessions(&reason.who);
            let sessions = sessions.iter().filter(|(at, context)| gives || self.is_login_context(*at, *context));
            found.extend(sessions.map(|(at, _)| *at).filter(|at| self.reach.enters.contains(at)));
        }
        let public = self.database.held.acl.held_by(&Grantee::Public);
        found.extend(self.public.filter(|_| public.contains(Privileges::CONNECT)));
        found
    }

    /// Who can be `pg_database_owner` in another database, and so has there what that role may grant on this one: and in which.
    pub(super) fn owners_elsewhere(&self) -> BTreeMap<usize, &Name> {
        let mut owners: BTreeMap<&Name, &Name> = BTreeMap::new();
        for (name, other) in self.reach.databases {
            if name != self.name && other.presence == Presence::Open {
                let _ = owners.entry(&other.held.owner).or_insert(name);
            }
        }
        let mut found = BTreeMap::new();
        for (owner, name) in owners {
            let Some(id) = self.reach.roles.id(owner) else { continue };
            let closed = self.reach.roles.is_closed(id);
            let index = self.reach.index[id as usize].iter().map(|(at, _)| *at);
            let able = index.filter(|at| !closed || self.reach.becomes(*at, owner));
            for at in able.filter(|at| self.reach.enters.contains(at)) {
                let _ = found.entry(at).or_insert(name);
            }
        }
        found
    }

    fn is_login_context(&self, principal: usize, context: usize) -> bool {
        let standing = self.reach.principals[principal].standing.as_ref();
        let context = standing.and_then(|standing| standing.contexts.get(context));
        context.is_some_and(|context| self.reach.is(principal, context.role))
    }

    /// The sessions that act with a role's rights, in their order; the owner of the database is `pg_database_owner`, too.
    pub(super) fn sessions(&self, who: &Grantee) -> Cow<'_, [(usize, usize)]> {
        let Some(role) = who.role() else { return Cow::default() };
        let role = if is_owner(who) { &self.database.held.owner } else { role };
        match self.reach.roles.id(role) {
            Some(id) if is_owner(who) && self.reach.roles.is_closed(id) => Cow::Owned(self.as_database_owner()),
            Some(id) => Cow::Borrowed(&self.reach.index[id as usize]),
            None => Cow::default(),
        }
    }

    /// Who doesn't inherit may still SET ROLE, to `pg_database_owner`, too.
    fn as_database_owner(&self) -> Vec<(usize, usize)> {
        let owner = &self.database.held.owner;
        let all = 0..self.reach.principals.len();
        all.filter(|at| self.reach.becomes(*at, owner)).map(|at| (at, DATABASE_OWNER_CONTEXT)).collect()
    }

    fn all_sessions(&self, principal: usize) -> impl Iterator<Item = (usize, usize)> {
        let contexts = self.reach.principals[principal].standing.as_ref().map_or(0, |standing| standing.contexts.len());
        (0..contexts).chain([DATABASE_OWNER_CONTEXT]).map(move |context| (principal, context))
    }

    pub(super) fn usage(&self, schema: &Name) -> Rc<Sessions> {
        if let Some(known) = self.usage.borrow().get(schema) {
            return Rc::clone(known);
        }
        let mut usage = Sessions::default();
        if let Some(held) = self.database.objects.get(&Object::schema(schema)) {
            for reason in self.reasons(Kind::Schema, held) {
                if !reason.privileges.contains(Privileges::USAGE) {
                    continue;
                }
                usage.everybody |= reason.who == Grantee::Public;
                let sessions = self.sessions(&reason.who);
                if reason.grantable.contains(Privileges::USAGE) {
                    // what it may have as one role it gives itself as every other
                    let principals: BTreeSet<usize> = sessions.iter().map(|(at, _)| *at).collect();
                    usage.some.extend(principals.into_iter().flat_map(|at| self.all_sessions(at)));
                } else {
                    usage.some.extend(sessions.iter().copied());
                }
            }
        }
        let usage = Rc::new(usage);
        self.usage.borrow_mut().insert(schema.clone(), Rc::clone(&usage));
        usage
    }

    /// The sessions that have a right on an object by its ACL, whether they may use its schema or not; on the whole, or on a column.
    pub(super) fn sessions_with(&self, object: &Object, privilege: Privileges, on_columns: bool) -> Sessions {
        let mut found = Sessions::default();
        let Some(holding) = self.database.objects.get(object) else { return found };
        let reasons = self.reasons(object.kind, holding).into_iter();
        let reasons = reasons.chain(self.column_reasons(object).filter(|_| on_columns));
        // an owner who can't name it can't give it back to itself
        let given = reasons.filter(|reason| !matches!(reason.hop, Hop::Owner { .. }));
        for reason in given.filter(|reason| reason.privileges.contains(privilege)) {
            found.everybody |= reason.who == Grantee::Public;
            found.some.extend(self.sessions(&reason.who).iter().copied());
        }
        found
    }

    /// The same, where they may use the schema.
    pub(super) fn sessions_using(&self, object: &Object, privilege: Privileges, on_columns: bool) -> Sessions {
        let usage = self.usage(&object.schema);
        let mut found = self.sessions_with(object, privilege, on_columns);
        let owner = self.database.objects.get(object).map(|held| Grantee::Role(held.owner.clone()));
        found.some.extend(owner.iter().flat_map(|owner| self.sessions(owner).into_owned()));
        found.and(&usage)
    }

    /// Those who can have such a session, PUBLIC for everybody where it is among them.
    pub(super) fn principals_of(&self, sessions: &Sessions) -> BTreeSet<usize> {
        let some = sessions.some.iter().map(|(at, _)| *at);
        let everybody = (0..self.reach.principals.len()).filter(|_| sessions.everybody);
        some.chain(everybody).filter(|at| self.connects(*at)).collect()
    }
}
