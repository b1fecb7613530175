//! Which rights a role's leaving takes.

use super::authority::{Lack, step};
use super::reach::Verdict;
use super::rights::Rights;
use crate::diff::{Connected, Retirement, Strip};
use crate::model::{Database, Granted, Grantee, Name, Object, Privileges, Thing};

impl Rights<'_> {
    pub(super) fn to_retire(&self, retirement: &Retirement) -> Verdict {
        match retirement {
            Retirement::Hand { database, thing, from, to } => self.hand(database.as_ref(), thing, (from, to)),
            Retirement::HandAll { to, .. } => {
                Err(step(format!("{} needs rights of its own where an extension's things are", to.shown())))
            }
            Retirement::GrantAgain { owner, database, .. } => self.all([self.owner(database.as_ref(), owner)]),
            Retirement::Strip(strip) => self.strip(strip),
            Retirement::ForgetDefaults { key, .. } => self.all([&key.role]),
            Retirement::Narrow { database, table, .. } => self.all([self.table_owner(database, table)?]),
            Retirement::DropMapping { server, .. } => {
                Err(step(format!("user mappings are the owner's of the server {} to drop", server.shown())))
            }
            Retirement::JoinAgain { membership, .. } => self.authority.administer(&membership.role).map(|()| vec![]),
            Retirement::CloseDatabase { database, .. } | Retirement::DropDatabase { database, .. } => {
                self.own_now(database)
            }
            Retirement::EndSessions { of: Connected::Role(role), .. } => self.end_sessions(Some(role)),
            Retirement::EndSessions { of: Connected::Database(_), .. } => self.end_sessions(None),
            Retirement::DropRoles { roles } => {
                self.authority.create_role()?;
                self.authority.administer_all(roles.keys()).map(|()| vec![])
            }
        }
    }

    /// Who gets something must be able to create where it is; that is known of databases that the layout manages.
    fn hand(&self, database: Option<&Name>, thing: &Thing, (from, to): (&Name, &Name)) -> Verdict {
        let needs = || step(format!("who gets {} needs rights of his own for that", thing.shown()));
        match (thing.kind.as_str(), database, &thing.schema) {
            ("database", ..) => self.authority.create_database()?,
            ("large object", ..) => {}
            ("schema", Some(database), _) => self.own_now(database).map(drop)?,
            (_, Some(database), Some(schema)) if self.creates(to, database, schema) => {}
            _ => return Err(needs()),
        }
        self.all([from, to])
    }

    fn creates(&self, role: &Name, database: &Name, schema: &Name) -> bool {
        let schema = Object::schema(schema);
        let held = |databases: &std::collections::BTreeMap<Name, Database>| {
            databases.get(database).and_then(|database| database.objects.get(&schema)).cloned()
        };
        let Some(held) = held(&self.desired.state.databases).or_else(|| held(&self.snapshot.state.databases)) else {
            return false;
        };
        let theirs = |grantee: &Grantee| grantee.role().is_none_or(|grantee| grantee == role);
        let granted = |(grantee, _, granted): (&Grantee, &Name, Granted)| {
            theirs(grantee) && granted.privileges.contains(Privileges::CREATE)
        };
        held.owner == *role || held.acl.entries().any(granted)
    }

    /// What goes through somebody's hands takes that both can create where it is.
    fn strip(&self, strip: &Strip) -> Verdict {
        if let Some(other) = strip.others.iter().find(|other| other.through.is_some()) {
            let (thing, grantor) = (strip.thing.shown(), other.grantor.shown());
            return Err(step(format!("what {grantor} granted on {thing} goes only while it is his")));
        }
        let grantors = strip.others.iter().map(|other| &other.grantor);
        let owner = self.owner(strip.database.as_ref(), &strip.owner);
        self.all([owner].into_iter().chain(grantors))
    }

    fn owner<'n>(&'n self, database: Option<&'n Name>, owner: &'n Name) -> &'n Name {
        database.map_or(owner, |database| self.stands_for(database, owner))
    }

    /// What is done at the end is in no transaction, in which rights could be borrowed.
    fn own_now(&self, database: &Name) -> Verdict {
        let owner = self.snapshot.state.databases.get(database).map(|found| &found.held.owner);
        if owner.is_some_and(|owner| self.authority.has_rights_of(owner)) {
            return Ok(vec![]);
        }
        Err(step(format!("the database {} belongs to somebody else", database.shown())))
    }

    /// <https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL>
    fn end_sessions(&self, role: Option<&Name>) -> Verdict {
        let signals = self.authority.has_rights_of(&Name::of_server("pg_signal_backend"));
        if signals || role.is_some_and(|role| self.authority.has_rights_of(role)) {
            return Ok(vec![]);
        }
        let user = self.snapshot.server.user.shown();
        Err(step(format!("{user} may not end others' sessions: it is no member of pg_signal_backend")))
    }

    /// A policy is its table's owner's to change.
    fn table_owner(&self, database: &Name, table: &Thing) -> Result<&Name, Lack> {
        let wanted = self.desired.state.databases.get(database).map(|d| &d.objects);
        let found = self.snapshot.state.databases.get(database).map(|d| &d.objects);
        let objects = wanted.into_iter().chain(found).flatten();
        let mut named = objects.filter(|(object, _)| object.kind.is_relation() && table.is(object));
        let owner = named.next().map(|(_, held)| &held.owner);
        owner.ok_or_else(|| step(format!("the policy is the owner's of {} to change", table.shown())))
    }
}
