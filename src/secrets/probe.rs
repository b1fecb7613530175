//! Whether a password logs in: asked of the server by logging in, since no catalog tells (and on RDS none may be read).

use std::time::Duration;

use super::keep_error::KeepError;
use super::{Entry, Keeper};
use crate::db::{self, ConnectError, Session, StatementError};
use crate::model::Name;

/// What a login with a password came to.
#[derive(Debug)]
pub(super) enum Probe {
    In,
    /// The password is right, and the server refuses a session for another reason.
    KeptOut(ConnectError),
    /// 28P01. Everything else that refuses a login says nothing about its password, and is an error.
    Wrong,
}

/// Does the server ask this role for a password, from here?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Yes,
    /// By `trust` in pg_hba.conf: a login with the wrong password succeeds too.
    No,
}

/// What is known of a stored password before another is set. Whatever it is, another may be set: a login that has spoiled its own sessions,
/// or that somebody has stolen, needs one.
#[derive(Debug)]
pub(super) enum Trial {
    /// The server doesn't ask for it here.
    NotAsked,
    Asked(Probe),
    /// What answers says nothing of the password, and the login itself may be the reason.
    Unknown,
}

impl Trial {
    /// Whether the password is known to be the role's.
    pub(super) fn is_right(&self) -> bool {
        matches!(self, Self::Asked(Probe::In | Probe::KeptOut(_)))
    }

    /// Whether the server asks for a password, as far as anybody knows.
    pub(super) fn is_asked(&self) -> bool {
        !matches!(self, Self::NotAsked)
    }

    /// For the next attempt: where nobody knows whether the server asks, it need not.
    pub(super) fn asked(&self) -> Asked {
        if matches!(self, Self::Asked(_)) { Asked::Yes } else { Asked::No }
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    pub(super) fn kept_out(&self) -> Option<String> {
        match self {
            Self::Asked(Probe::KeptOut(error)) => Some(said(error)),
            _ => None,
        }
    }
}

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(250);

/// For the answer to which cluster it is: somebody else's server holds the cluster's lock no longer.
const ANSWER: Duration = Duration::from_secs(10);

/// What the catalog says of a role that is to log in.
pub(super) struct State {
    pub(super) sessions: i64,
}

impl Keeper<'_> {
    /// Logs in, and sees that the session is one that the service can work with. Where the server has asked for the password before,
    /// it must ask again. An MD5 hash of the right password is as wrong as another: what we set are SCRAM verifiers.
    pub(super) async fn probe(&self, entry: &Entry, asked: Asked) -> Result<Probe, KeepError> {
        match self.attempt(entry, asked).await? {
            Ok(()) => Ok(Probe::In),
            Err(error) if error.is_wrong_password() || error.asks_for_md5() => Ok(Probe::Wrong),
            Err(error) if error.is_after_authentication() => Ok(Probe::KeptOut(error)),
            Err(error) => Err(login(entry, error)),
        }
    }

    /// Tries a password that another may take the place of.
    ///
    /// # Errors
    /// When the session with the lock is lost, nobody answers where the service connects, or pg_hba.conf refuses the role there.
    pub(super) async fn trial(&self, entry: &Entry) -> Result<Trial, KeepError> {
        let tried = async {
            Ok(match self.asks(entry).await? {
                Asked::No => Trial::NotAsked,
                Asked::Yes => Trial::Asked(self.probe(entry, Asked::Yes).await?),
            })
        };
        match tried.await {
            Err(KeepError::Login { source, .. }) if source.says_nothing_of_password() => Ok(Trial::Unknown),
            tried => tried,
        }
    }

    async fn attempt(&self, entry: &Entry, asked: Asked) -> Result<Result<(), ConnectError>, KeepError> {
        let client = self.client(entry, true).await?;
        let client = if asked == Asked::Yes { client.by_scram_alone() } else { client };
        match db::connect(&client).await {
            Ok(session) => self.leads_here(session, entry, asked).await.map(Ok),
            Err(error) => Ok(Err(error)),
        }
    }

    /// Is it the cluster whose passwords we change? Where the session can't be asked, the verifier that was set here, and that
    /// the server has shown to know, says as much; a server that asked for nothing has shown nothing.
    async fn leads_here(&self, session: Session, entry: &Entry, asked: Asked) -> Result<(), KeepError> {
        let there = tokio::time::timeout(ANSWER, cluster(&session)).await.ok().and_then(Result::ok);
        if there.is_some() {
            session.close().await;
        }
        let here = cluster(self.session).await.map_err(KeepError::session)?;
        if there.map_or(asked == Asked::Yes, |there| there == here) {
            return Ok(());
        }
        Err(KeepError::Elsewhere { role: Name::of_server(&entry.username).shown(), host: entry.host.clone() })
    }

    /// Comes without a password: whoever gets in by that gets in with any.
    pub(super) async fn asks(&self, entry: &Entry) -> Result<Asked, KeepError> {
        match db::connect(&self.client(entry, false).await?).await {
            Ok(session) => self.leads_here(session, entry, Asked::No).await.map(|()| Asked::No),
            Err(ConnectError::PasswordNeeded { .. }) => Ok(Asked::Yes),
            Err(error) if error.is_wrong_password() => Ok(Asked::Yes),
            Err(error) if error.is_after_authentication() => Ok(Asked::No),
            Err(error) => Err(login(entry, error)),
        }
    }

    /// Logs in with what the server has just been told. Where services connect, it may be known a little later. Returns what keeps the role
    /// out all the same. `silent`: nothing was said of the password before it was set, and so that may stay.
    pub(super) async fn taken(&self, entry: &Entry, asked: Asked, silent: bool) -> Result<Option<String>, KeepError> {
        let until = tokio::time::Instant::now() + self.patience;
        loop {
            let late = tokio::time::Instant::now() >= until;
            match self.attempt(entry, asked).await? {
                Ok(()) => return Ok(None),
                Err(error) if error.is_after_authentication() => return Ok(Some(said(&error))),
                Err(error) if error.is_wrong_password() => {
                    if late {
                        return Err(KeepError::NotTaken { role: Name::of_server(&entry.username).shown() });
                    }
                }
                Err(error) if silent && error.says_nothing_of_password() => {
                    if late {
                        return Ok(Some(said(&error)));
                    }
                }
                Err(error) => return Err(login(entry, error)),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// What is set for the role's sessions and a login may say otherwise, with the values that our own session has.
    pub(super) async fn overridable(&self, role: &Name) -> Result<Vec<(String, String)>, KeepError> {
        let rows = self.session.query(include_str!("../../sql/login_settings.sql"), &[&role.as_str()]).await;
        let rows = rows.map_err(KeepError::session)?;
        let one = |parameter: String, context: Option<&str>, value: Option<String>| match (context, value) {
            // what isn't known to the server does nothing, what is a superuser's to set is set by one, and `role` is shown to nobody
            (Some("user" | "backend"), Some(value)) => Some((parameter, value)),
            (None, _) if parameter == "role" => Some((parameter, "none".to_owned())),
            _ => None,
        };
        let all = rows.iter().filter_map(|row| one(row.get("parameter"), row.get("context"), row.get("value")));
        Ok(all.collect())
    }

    /// What besides the password could refuse the role: an expired one is refused in the words of a wrong one.
    pub(super) async fn may_log_in(&self, role: &Name) -> Result<State, KeepError> {
        let rows = self.session.query(include_str!("../../sql/login_state.sql"), &[&role.as_str()]).await;
        let rows = rows.map_err(KeepError::session)?;
        let shown = || role.shown();
        let Some(row) = rows.first() else { return Err(KeepError::NoRole { role: shown() }) };
        match (row.get("login"), row.get("expired"), row.get("iam")) {
            (false, _, _) => Err(KeepError::NoLogin { role: shown() }),
            (_, true, _) => Err(KeepError::Expired { role: role.quoted() }),
            (_, _, true) => Err(KeepError::Iam { role: shown() }),
            (true, false, false) => Ok(State { sessions: row.get("sessions") }),
        }
    }
}

/// An error with its causes.
fn said(error: &ConnectError) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |error| error.source());
    causes.fold(error.to_string(), |said, cause| format!("{said}: {cause}"))
}

/// The system identifier of a session's cluster; empty where the answer has none, as no server's is.
async fn cluster(session: &Session) -> Result<String, StatementError> {
    let rows = session.query(include_str!("../../sql/live_session.sql"), &[]).await?;
    Ok(rows.first().and_then(|row| row.try_get("system_identifier").ok()).unwrap_or_default())
}

pub(super) fn login(entry: &Entry, error: ConnectError) -> KeepError {
    KeepError::Login { role: Name::of_server(&entry.username).shown(), source: Box::new(error) }
}
