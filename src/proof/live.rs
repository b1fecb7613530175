//! Tries the claims on the server, as each login and as each role that it may SET ROLE to, without a trace and without running anybody's
//! code as somebody else. Catalog and server must agree; where they don't, the fault is ours.

mod attempts;
mod enter;
mod found;

use std::collections::{BTreeMap, BTreeSet};

use super::databases::Both;
use super::finding::Target;
use super::ground::Ground;
use super::objects::claim;
use crate::access::{self, Access, Held, Subject};
use crate::db::{ConnectError, Conninfo, StatementError};
use crate::model::{Desired, Kind, Name, Object, Privileges, Snapshot};

use attempts::{Answer, Session};
use enter::Entered;
use found::Found;

pub use found::{Agreement, Disagreement, Live, Logins};

/// How one becomes a login.
#[derive(Debug)]
pub enum Way<'a> {
    /// A superuser's session is it for a while.
    Superuser(&'a Conninfo),
    /// It logs in by itself, with its secret.
    Secrets(Secrets),
}

/// How a login connects with its secret, or why it doesn't.
pub type Secrets = BTreeMap<Name, Result<Conninfo, Without>>;

/// Why a login doesn't log in.
#[derive(Debug, Clone)]
pub enum Without {
    /// Nobody keeps a password of it, or it isn't its turn.
    Meant(String),
    /// It should.
    Failed(String),
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
    /// And why each.
    #[error("no login could be tried with its secret")]
    Nobody(Vec<String>),
}

/// Tries every claim that can be tried, as every login that one can be.
///
/// # Errors
/// When nobody can be tried that way, or the server can't be asked.
pub async fn live(mut way: Way<'_>, snapshot: &Snapshot, desired: &Desired) -> Result<Live, LiveError> {
    let server = &snapshot.server;
    if matches!(way, Way::Superuser(_)) && (!server.superuser || server.login.is_some()) {
        return Err(LiveError::NoSuperuser(server.login.clone().unwrap_or(server.user.clone())));
    }
    let ground = Ground::of(snapshot, desired);
    let mut found = Found::default();
    for (name, contents) in &snapshot.contents {
        let (Some(actual), Some(expected)) =
            (ground.actual.inside(name, contents), ground.expected.inside(name, contents))
        else {
            continue;
        };
        let both = Both::of(&ground, name, (actual, expected));
        match &mut way {
            Way::Superuser(conninfo) => lent(conninfo, &ground, &both, &mut found).await?,
            Way::Secrets(secrets) => own(secrets, &ground, &both, &mut found).await?,
        }
    }
    if let Way::Secrets(secrets) = way {
        let kept_out = secrets.iter().filter_map(|(login, secret)| Some((login, secret.as_ref().err()?)));
        kept_out.for_each(|(login, without)| match without {
            Without::Meant(why) => found.left_out(login, why),
            Without::Failed(why) => found.kept_out(login, None, why),
        });
        if found.is_empty() {
            return Err(LiveError::Nobody(found.live().untried));
        }
    }
    Ok(found.live())
}

/// One database, by a session that is each login's in turn.
async fn lent(conninfo: &Conninfo, ground: &Ground<'_>, both: &Both<'_>, found: &mut Found) -> Result<(), LiveError> {
    let session = Session::lent(conninfo, both.name).await?;
    for (at, login) in logins(ground) {
        let connects = session.connects(login, both.name).await?;
        principal_in(ground, both, (at, login), connects.then_some(&session), found).await?;
    }
    session.close().await;
    Ok(())
}

/// One database, by a session of each login's own.
async fn own(secrets: &mut Secrets, ground: &Ground<'_>, both: &Both<'_>, found: &mut Found) -> Result<(), LiveError> {
    for (at, login) in logins(ground) {
        let entered = match secrets.get(login) {
            Some(Ok(conninfo)) => enter::enter(conninfo, ground.server(), login, both.name).await?,
            Some(Err(why)) => Entered::Nowhere(why.clone()),
            None => Entered::Nowhere(Without::Meant("the layout keeps no password of it".to_owned())),
        };
        match entered {
            Entered::In(session) => {
                principal_in(ground, both, (at, login), Some(&session), found).await?;
                session.close().await;
            }
            Entered::NoConnect => principal_in(ground, both, (at, login), None, found).await?,
            Entered::NotHere(why) => found.kept_out(login, Some(both.name), &why),
            Entered::Nowhere(why) => {
                secrets.insert(login.clone(), Err(why));
            }
        }
    }
    Ok(())
}

fn logins<'g>(ground: &'g Ground<'_>) -> impl Iterator<Item = (usize, &'g Name)> {
    let principals = ground.actual.principals().iter().enumerate();
    principals.filter(|(_, principal)| principal.login).filter_map(|(at, principal)| Some((at, principal.who.role()?)))
}

/// One login in one database: CONNECT, which the server gave with the session; SET ROLE; then everything that there is as each role that
/// it may be.
async fn principal_in(
    ground: &Ground<'_>,
    both: &Both<'_>,
    (at, login): (usize, &Name),
    session: Option<&Session>,
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
    found.login(login);
    let claim_of_all = format!("only the logins of {} and those declared connect to it", both.name.shown());
    found.compare(claim_of_all, shown(&database, "CONNECT", both.actual.connects(at), session.is_some()));
    let Some(session) = session else { return Ok(()) };
    if let Some((role, _)) = ground.actual.everything(at) {
        found.untried(format!("{}: it has the rights of {}, and so can do everything", login.shown(), role.shown()));
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
        found.untried(format!("{}: {left} objects like those tried", both.name.shown()));
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
        found.compare(claim(ground, both, (object, privilege)), shown(&target, &privilege.keywords(), catalog, server));
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

impl From<StatementError> for LiveError {
    fn from(source: StatementError) -> Self {
        Self::Statement(Box::new(source))
    }
}
