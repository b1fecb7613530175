//! Tries the claims on the server, as each login and as each role that it may SET ROLE to, without a trace and without running anybody's
//! code. Catalog and server must agree; where they don't, the fault is ours.

mod attempts;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::databases::Both;
use super::finding::Target;
use super::ground::Ground;
use super::objects::claim;
use crate::access::{self, Access, Held, Subject};
use crate::db::{self, ConnectError, Conninfo, StatementError};
use crate::model::{Desired, Kind, Name, Object, Privileges, Snapshot};

use attempts::{Answer, Session};

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
        found.untried.insert(format!(
            "{}: it has the rights of {}, and so can do everything",
            login.shown(),
            role.shown()
        ));
        return Ok(());
    }
    let access = Access::of(&ground.snapshot.state, ground.server().version_num);
    let becomes = access.may_become(login);
    for role in targets(ground, login) {
        let server = session.becomes(login, &role).await?;
        let claim = format!("{} can't act as {}", login.shown(), role.shown());
        let seen = ground.actual.becomes(at, &role);
        found.compare(
            claim,
            shown(&Target::role(&role), "SET ROLE", agreed(becomes.contains(&role), seen, server), server),
        );
    }
    let scope = &ground.desired.scope.databases[both.name];
    let objects: Vec<&Object> = both.actual.database.objects.keys().filter(|object| scope.has(object)).collect();
    let (objects, left) = sample(both, objects);
    if left > 0 {
        found.untried.insert(format!("{}: {left} objects like those tried", both.name.shown()));
    }
    let mut told: BTreeMap<(&Object, Privileges), (bool, bool)> = BTreeMap::new();
    for role in &becomes {
        let catalog = access.session(role, both.name);
        for answer in session.asks((login, role), &objects).await? {
            let entry = told.entry((answer.object, answer.privilege)).or_default();
            *entry = (entry.0 | holds(&catalog, &answer), entry.1 | answer.may);
        }
    }
    for ((object, privilege), (catalog, server)) in told {
        let catalog = agreed(catalog, reaches(both, (at, object, privilege)), server);
        let target = Target::object(both.name, object);
        found.compare(claim(ground, both, object), shown(&target, &privilege.keywords(), catalog, server));
    }
    Ok(())
}

/// What the catalog says. The graph of the proof knows more than one session does at once: whom a login could let in, what an owner could give
/// back to itself. So where the server says no, that is no contradiction; but whatever the server lets it do, the graph must know.
fn agreed(session: bool, graph: bool, server: bool) -> bool {
    if server { session && graph } else { session }
}

/// What a session has by the catalog, as the server would answer it: the right, and the use of the schema.
fn holds(session: &access::Session<'_>, answer: &Answer<'_>) -> bool {
    let Answer { object, privilege, .. } = *answer;
    let on_column = object.kind.is_relation() && session.held_on_some_column(object).contains(privilege);
    let has = on_column || session.held(Subject::Object(object)).contains(privilege);
    let schema = Object::schema(&object.schema);
    let uses = object.kind == Kind::Schema || session.held(Subject::Object(&schema)).contains(Privileges::USAGE);
    has && uses
}

/// Does the proof's graph know it?
fn reaches(both: &Both<'_>, (at, object, privilege): (usize, &Object, Privileges)) -> bool {
    let of = |held: &Held, at: usize| held.get(&at).copied().unwrap_or_default();
    let (held, columns) = (both.actual.held(object), both.actual.held_on_columns(object));
    let all = [at, 0].into_iter().fold(Privileges::NONE, |all, at| all | of(&held, at) | of(&columns, at));
    all.contains(privilege)
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
