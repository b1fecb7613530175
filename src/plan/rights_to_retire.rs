//! Which rights a role's leaving takes.

use super::authority::{Lack, step};
use super::reach::Verdict;
use super::rights::Rights;
use crate::diff::{Connected, Retirement, Strip};
use crate::model::{Name, Thing};

impl Rights<'_> {
    pub(super) fn to_retire(&self, retirement: &Retirement) -> Verdict {
        match retirement {
            Retirement::Hand { thing, from, to, .. } => {
                if thing.kind == "database" {
                    self.authority.create_database()?;
                }
                self.all([from, to])
            }
            Retirement::HandAll { from, to, .. } => self.all([from, to]),
            Retirement::GrantAgain { owner, database, .. } => self.all([self.owner(database.as_ref(), owner)]),
            Retirement::Strip(strip) => self.strip(strip),
            Retirement::ForgetDefaults { key, .. } => self.all([&key.role]),
            Retirement::Narrow { database, table, .. } => self.all([self.table_owner(database, table)?]),
            Retirement::DropMapping { role, .. } => self.all([role]),
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

    fn strip(&self, strip: &Strip) -> Verdict {
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

    /// A policy is its table's owner's to change. The server quotes names only where it must.
    fn table_owner(&self, database: &Name, table: &Thing) -> Result<&Name, Lack> {
        let bare = |text: &str| text.replace('"', "");
        let wanted = self.desired.state.databases.get(database).map(|d| &d.objects);
        let found = self.snapshot.state.databases.get(database).map(|d| &d.objects);
        let objects = wanted.into_iter().chain(found).flatten();
        let mut named =
            objects.filter(|(object, _)| object.kind.is_relation() && bare(&object.sql()) == bare(&table.identity));
        let owner = named.next().map(|(_, held)| &held.owner);
        owner.ok_or_else(|| step(format!("the policy is the owner's of {} to change", table.shown())))
    }
}
