//! Tries the claims on the server, as each login, without a trace: `EXPLAIN` checks rights and runs nothing, and every transaction is
//! read-only. Catalog and server must agree; where they don't, the fault is ours.

mod attempts;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::databases::Both;
use super::finding::Target;
use super::ground::Ground;
use super::objects::claim;
use crate::access::{Hop, How, Subject};
use crate::db::{self, ConnectError, Conninfo, StatementError};
use crate::model::{Desired, Kind, Name, Object, Privileges, Snapshot};

use attempts::{Session, Tried};

/// What came of it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Live {
    pub tried: usize,
    /// Each claim that was tried, and how often catalog and server agreed.
    pub claims: Vec<Agreement>,
    pub disagreements: Vec<Disagreement>,
    /// What wasn't tried, and why.
    pub untried: Vec<String>,
}

/// One claim.
#[derive(Debug, Clone, Serialize)]
pub struct Agreement {
    pub claim: String,
    pub tried: usize,
    pub agreed: usize,
}

/// The server lets somebody do what the catalog doesn't give, or the other way round.
#[derive(Debug, Clone, Serialize)]
pub struct Disagreement {
    pub principal: String,
    pub privilege: String,
    pub object: Target,
    pub catalog: bool,
    pub server: bool,
}

/// "failed to try the claims: …"
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    #[error(transparent)]
    Connect(#[from] Box<ConnectError>),
    #[error("a question to the server failed")]
    Statement(#[from] Box<StatementError>),
    #[error("only a superuser may act as every login (SET SESSION AUTHORIZATION), and {} is none", .0.shown())]
    NoSuperuser(Name),
}

/// Tries every claim that can be tried, as every login.
///
/// # Errors
/// When the session isn't a superuser's, or the server can't be asked.
pub async fn live(conninfo: &Conninfo, snapshot: &Snapshot, desired: &Desired) -> Result<Live, LiveError> {
    if !snapshot.server.superuser || snapshot.server.login.is_some() {
        return Err(LiveError::NoSuperuser(snapshot.server.login.clone().unwrap_or(snapshot.server.user.clone())));
    }
    let ground = Ground::of(snapshot, desired);
    let mut found = Found::default();
    for (name, contents) in &snapshot.contents {
        let (Some(actual), Some(expected)) =
            (ground.actual.inside(name, contents), ground.expected.inside(name, contents))
        else {
            continue;
        };
        let both = Both { name, actual, expected, contents };
        let session = db::connect(&conninfo.with_database(name.as_str())).await.map_err(Box::new)?;
        let session = Session::read_only(session).await?;
        for (at, principal) in ground.actual.principals().iter().enumerate() {
            if let Some(login) = principal.who.role().filter(|_| principal.login) {
                principal_in(&ground, &both, (at, login), &session, &mut found).await?;
            }
        }
        session.close().await;
    }
    Ok(found.live())
}

/// What was found so far.
#[derive(Default)]
struct Found {
    claims: BTreeMap<String, (usize, usize)>,
    disagreements: Vec<Disagreement>,
    untried: BTreeSet<String>,
}

impl Found {
    fn live(self) -> Live {
        let claims = self.claims.into_iter().map(|(claim, (tried, agreed))| Agreement { claim, tried, agreed });
        let claims: Vec<Agreement> = claims.collect();
        let tried = claims.iter().map(|claim| claim.tried).sum();
        Live { tried, claims, disagreements: self.disagreements, untried: self.untried.into_iter().collect() }
    }

    fn compare(&mut self, claim: String, what: Disagreement) {
        let counts = self.claims.entry(claim).or_default();
        counts.0 += 1;
        if what.catalog == what.server {
            counts.1 += 1;
        } else {
            self.disagreements.push(what);
        }
    }
}

/// One login in one database: CONNECT, SET ROLE, then everything that there is as each role that it may be.
async fn principal_in(
    ground: &Ground<'_>,
    both: &Both<'_>,
    (at, login): (usize, &Name),
    session: &Session,
    found: &mut Found,
) -> Result<(), LiveError> {
    let shown = |target: &Target, privilege: &str, catalog, server| Disagreement {
        principal: login.as_str().to_owned(),
        privilege: privilege.to_owned(),
        object: target.clone(),
        catalog,
        server,
    };
    let database = Target::database(both.name);
    let connects = session.connects(login, both.name).await?;
    let claim_of_all = format!("only the logins of {} and those declared connect to it", both.name.shown());
    found.compare(claim_of_all, shown(&database, "CONNECT", both.actual.connects(at), connects));
    if !connects {
        return Ok(());
    }
    if let Some((role, _)) = ground.actual.everything(at) {
        found.untried.insert(format!("{}: it can be {}, and so do everything", login.shown(), role.shown()));
        return Ok(());
    }
    for role in targets(ground, login) {
        let server = session.becomes(login, &role).await?;
        let by_admin = |hop: &Hop| matches!(hop, Hop::Member { how: How::Admin, .. });
        let detour = ground.actual.path_to(at, &role).iter().any(by_admin);
        if detour && !server {
            continue; // it would first have to grant itself the role, which leaves a trace
        }
        let claim = format!("{} can't act as {}", login.shown(), role.shown());
        found.compare(claim, shown(&Target::role(&role), "SET ROLE", ground.actual.becomes(at, &role), server));
    }
    let contexts: Vec<Name> = ground.actual.attributes(at).map(|(role, _)| role.clone()).collect();
    let scope = &ground.desired.scope.databases[both.name];
    let objects: Vec<&Object> = both.actual.database.objects.keys().filter(|object| scope.has(object)).collect();
    let (objects, left) = sample(both, objects);
    if left > 0 {
        found.untried.insert(format!("{}: {left} objects like those tried", both.name.shown()));
    }
    for (object, privilege, server) in session.tries((login, &contexts), &objects).await? {
        let Some(catalog) = catalog(both, (at, &object, privilege), server) else { continue };
        let target = Target::object(both.name, &object);
        found.compare(claim(ground, both, &object), shown(&target, &privilege.keywords(), catalog, server));
    }
    Ok(())
}

/// The roles that a login is tried to become: every service's, and every superuser.
fn targets(ground: &Ground<'_>, login: &Name) -> Vec<Name> {
    let superusers = ground.snapshot.state.roles.iter().filter(|(_, role)| role.superuser).map(|(name, _)| name);
    let declared = ground.desired.scope.roles.iter();
    let all: BTreeSet<&Name> = declared.chain(superusers).collect();
    let there = |role: &&Name| *role != login && ground.snapshot.state.roles.contains_key(*role);
    all.into_iter().filter(there).cloned().collect()
}

/// How many objects of one schema, owner and ACL are tried where there are many.
const EACH: usize = 20;

/// The first of each sort, and how many are left out.
fn sample<'a>(both: &Both<'_>, objects: Vec<&'a Object>) -> (Vec<&'a Object>, usize) {
    let all = objects.len();
    let mut count: BTreeMap<(&Name, Kind, &Name, usize), usize> = BTreeMap::new();
    let kept: Vec<&Object> = objects
        .into_iter()
        .filter(|object| {
            let held = &both.actual.database.objects[*object];
            let sort = (&object.schema, object.kind, &held.owner, std::sync::Arc::as_ptr(&held.acl).addr());
            let seen = count.entry(sort).or_default();
            *seen += 1;
            *seen <= EACH || both.actual.database.columns_of(object).next().is_some()
        })
        .collect();
    let left = all - kept.len();
    (kept, left)
}

/// What the catalog says, unless it says that the login could get there by a detour that leaves a trace: as an owner that gives itself
/// back a right, or by granting itself a role.
fn catalog(both: &Both<'_>, (at, object, privilege): (usize, &Object, Privileges), server: Tried) -> Option<bool> {
    let of = |held: &crate::access::Held, at: usize| held.get(&at).copied().unwrap_or_default();
    let held = both.actual.held(object);
    let columns = both.actual.held_on_columns(object);
    let all = [at, 0].into_iter().fold(Privileges::NONE, |all, at| all | of(&held, at) | of(&columns, at));
    let catalog = all.contains(privilege);
    if catalog && !server {
        let path = both.actual.path(at, Subject::Object(object), privilege);
        let detour = |hop: &Hop| matches!(hop, Hop::Owner { .. } | Hop::Member { how: How::Admin, .. });
        if path.iter().any(detour) {
            return None;
        }
    }
    Some(catalog)
}

impl Live {
    /// Catalog and server say the same.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.disagreements.is_empty()
    }
}

impl From<StatementError> for LiveError {
    fn from(source: StatementError) -> Self {
        Self::Statement(Box::new(source))
    }
}
