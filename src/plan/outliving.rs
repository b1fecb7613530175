//! What goes on after a plan was applied: sessions of those who lose something, and transactions that somebody has prepared. It is
//! shown, and ended where somebody allows it; it is no work of the plan, and comes and goes without making one stale.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::after::After;
use super::build::Context;
use crate::diff::{Change, Target};
use crate::model::{Judge, Name, Prepared, Sessions, Waiting, escaped};

/// So many roles are named before the rest is counted.
const NAMED: usize = 5;

/// What outlives the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outliving {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<Lingering>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prepared: Vec<Left>,
}

/// The sessions of a role that loses something, or has lost it, in one database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lingering {
    #[serde(flatten)]
    pub of: Sessions,
    /// Roles as which a session may act now, and not any more afterwards: one that does goes on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acts_as: Vec<Name>,
    /// No new session of it could begin there.
    pub shut_out: bool,
    /// Parameters whose old value a session keeps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<String>,
    /// It loses rights on objects: the server looks at each statement, so only what is open goes on.
    pub rights: bool,
    /// Ends them; empty where nothing outlives their transactions.
    pub sql: Vec<String>,
    /// The right to do so, where it is lacking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
}

/// A prepared transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    pub gid: String,
    pub owner: Name,
    pub database: Name,
    /// Older than a minute.
    pub old: bool,
    /// Rolls it back; empty where it may be an application's two-phase commit, whose coordinator decides.
    pub sql: Vec<String>,
    /// The right to do so, where it is lacking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
}

impl Outliving {
    /// Nothing goes on.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Is there something to be ended, by whomever?
    #[must_use]
    pub fn can_be_cut(&self) -> bool {
        self.sessions.iter().any(|of| !of.sql.is_empty()) || self.prepared.iter().any(|left| !left.sql.is_empty())
    }
}

impl Lingering {
    /// `bob, 3 sessions in shop: one that acts as orders_ddl goes on as it`.
    #[must_use]
    pub fn words(&self) -> String {
        let names = |names: &[Name]| {
            let more = names.len().saturating_sub(NAMED);
            let more = (more > 0).then(|| format!("one of {more} others"));
            names.iter().take(NAMED).map(Name::shown).chain(more).collect::<Vec<_>>().join(" or ")
        };
        let settings: Vec<String> = self.settings.iter().map(|name| escaped(name)).collect();
        let parts = [
            (!self.acts_as.is_empty()).then(|| format!("one that acts as {} goes on as it", names(&self.acts_as))),
            self.shut_out.then(|| "it may not connect any more, and stays until it ends".to_owned()),
            (!settings.is_empty()).then(|| format!("{} stays as it was", settings.join(", "))),
            self.rights.then(|| "what is open goes on until its transaction ends".to_owned()),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        format!("{}, {}: {}", self.of.role.shown(), self.of.counted(), parts.join("; "))
    }
}

impl Left {
    /// `transaction 'x', which orders_ddl has prepared in shop: …`.
    #[must_use]
    pub fn words(&self) -> String {
        let what = match (self.sql.is_empty(), self.old) {
            (false, _) => "rights may wait in it, and COMMIT PREPARED gives them",
            (true, true) => "older than a minute; whoever coordinates it must finish it",
            (true, false) => "whoever coordinates it finishes it",
        };
        let (owner, database) = (self.owner.shown(), self.database.shown());
        format!("transaction {}, which {owner} has prepared in {database}: {what}", escaped(&self.gid))
    }
}

/// Of all that is at work, what concerns these changes, or what the layout wants.
pub(super) fn of(within: &[Change], context: &Context<'_>) -> Outliving {
    let activity = &context.snapshot.activity;
    if activity.is_empty() {
        return Outliving::default();
    }
    let judge = Judge::of(context.snapshot, context.desired);
    let is_bound = |of: &&Sessions| !judge.is_trusted(&of.role) && !is_ours(context, of);
    if activity.prepared.is_empty() && !activity.sessions.iter().any(|of| is_bound(&of)) {
        return Outliving::default();
    }
    let look = Look { context, after: After::of(context.snapshot, within), losing: losing(within), within };
    let sessions = activity.sessions.iter().filter(is_bound);
    let mut found = Outliving { sessions: sessions.filter_map(|of| look.lingering(of)).collect(), prepared: vec![] };
    for prepared in &activity.prepared {
        let waiting = judge.of_prepared(prepared).filter(|waiting| *waiting != Waiting::Trusted);
        found.prepared.extend(waiting.and_then(|waiting| look.left(prepared, waiting)));
    }
    found
}

struct Look<'a, 'c> {
    context: &'a Context<'c>,
    within: &'a [Change],
    after: After<'a>,
    /// Who loses rights on something, by database.
    losing: BTreeMap<&'a Name, BTreeSet<&'a Name>>,
}

/// Whoever runs this doesn't end himself; and who leaves has steps of his own.
fn is_ours(context: &Context<'_>, of: &Sessions) -> bool {
    let (server, retire) = (&context.snapshot.server, &context.desired.retire);
    let dropped = of.database.as_ref().is_some_and(|database| retire.databases.contains_key(database));
    of.role == server.user || server.login.as_ref() == Some(&of.role) || retire.has(&of.role) || dropped
}

/// What everybody loses with PUBLIC is seen by who may not connect any more.
fn losing(within: &[Change]) -> BTreeMap<&Name, BTreeSet<&Name>> {
    let mut losing: BTreeMap<&Name, BTreeSet<&Name>> = BTreeMap::new();
    for change in within {
        match change {
            Change::Revoke(revoke) if !matches!(revoke.target, Target::Database(_)) => {
                losing.entry(revoke.target.database()).or_default().extend(revoke.grantee.role());
            }
            Change::Own { target, from, .. } => {
                losing.entry(target.database()).or_default().insert(from);
            }
            _ => {}
        }
    }
    losing
}

impl Look<'_, '_> {
    fn lingering(&self, of: &Sessions) -> Option<Lingering> {
        let found = Lingering {
            acts_as: self.after.no_longer(&of.role),
            shut_out: self.shut_out(&of.role, of.database.as_ref()),
            settings: self.settings(of),
            rights: self.loses_rights(of),
            of: of.clone(),
            sql: vec![],
            needs: None,
        };
        let lasts = found.shut_out || !found.acts_as.is_empty() || !found.settings.is_empty();
        if !lasts {
            return found.rights.then_some(found);
        }
        Some(Lingering { sql: vec![of.end()], needs: self.needs_to_end(&of.role), ..found })
    }

    /// In a database of nobody's, only what this plan takes counts.
    fn shut_out(&self, role: &Name, database: Option<&Name>) -> bool {
        let roles = &self.context.snapshot.state.roles;
        let managed = database.filter(|database| self.context.desired.scope.databases.contains_key(*database));
        match (managed, roles.get(role), self.after.roles().get(role)) {
            (Some(database), ..) => !self.after.may_connect(role, database),
            (None, Some(before), Some(after)) => {
                before.login && !after.login || database.is_none() && before.replication && !after.replication
            }
            (None, ..) => false,
        }
    }

    fn settings(&self, of: &Sessions) -> Vec<String> {
        let changed = self.within.iter().filter_map(|change| match change {
            Change::Set { key, from: Some(_), .. } | Change::Reset { key, .. } => Some(key),
            _ => None,
        });
        let his = changed.filter(|key| key.role.as_ref().is_none_or(|role| *role == of.role));
        let here = his.filter(|key| key.database.is_none() || key.database == of.database);
        here.map(|key| key.parameter.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn loses_rights(&self, of: &Sessions) -> bool {
        let Some(losing) = of.database.as_ref().and_then(|database| self.losing.get(database)) else { return false };
        self.after.had(&of.role).iter().any(|role| losing.contains(role))
    }

    /// <https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL>
    fn needs_to_end(&self, role: &Name) -> Option<String> {
        let server = &self.context.snapshot.server;
        let rights = || self.after.rights_of(&server.user);
        let may =
            server.superuser || rights().contains(role) || rights().contains(&Name::of_server("pg_signal_backend"));
        let user = server.user.shown();
        (!may).then(|| format!("{user} may not end others' sessions: it is no member of pg_signal_backend"))
    }

    fn left(&self, prepared: &Prepared, waiting: Waiting) -> Option<Left> {
        let loses = !self.after.no_longer(&prepared.owner).is_empty() || self.shut_out_owner(prepared);
        let suspect = waiting == Waiting::Suspect || loses;
        let Prepared { gid, owner, database, old, .. } = prepared.clone();
        let server = &self.context.snapshot.server;
        let may = server.superuser || server.user == owner;
        let lack = || format!("only {} or a superuser may finish it, in {}", owner.shown(), database.shown());
        let needs = (suspect && !may).then(lack);
        let sql = if suspect { vec![prepared.rollback()] } else { vec![] };
        (suspect || waiting == Waiting::Old).then_some(Left { gid, owner, database, old, sql, needs })
    }

    /// Whoever logs in; a group's sessions were somebody else's.
    fn shut_out_owner(&self, prepared: &Prepared) -> bool {
        let roles = &self.context.snapshot.state.roles;
        let login = roles.get(&prepared.owner).is_some_and(|role| role.login);
        login && self.shut_out(&prepared.owner, Some(&prepared.database))
    }
}
