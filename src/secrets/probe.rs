//! Whether a password logs in: asked of the server by logging in, since no catalog tells (and on RDS none may be read).

use std::time::Duration;

use super::keep_error::KeepError;
use super::{Entry, Keeper};
use crate::db::{self, ConnectError, Session, StatementError};
use crate::model::Name;

/// What a login with a password came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Probe {
    In,
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

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(250);

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
            Err(error) => Err(login(entry, error)),
        }
    }

    async fn attempt(&self, entry: &Entry, asked: Asked) -> Result<Result<(), ConnectError>, KeepError> {
        let client = self.client(entry, true);
        let client = if asked == Asked::Yes { client.by_scram_alone() } else { client };
        match db::connect(&client).await {
            Ok(session) => self.leads_here(session, entry).await.map(Ok),
            Err(error) => Ok(Err(error)),
        }
    }

    /// Is it the cluster whose passwords we change? Where the session can't be asked, the verifier that was set here, and that
    /// the server has shown to know, says as much.
    async fn leads_here(&self, session: Session, entry: &Entry) -> Result<(), KeepError> {
        let there = cluster(&session).await.ok();
        session.close().await;
        let here = cluster(self.session).await.map_err(KeepError::session)?;
        match there.is_some_and(|there| there != here) {
            true => {
                Err(KeepError::Elsewhere { role: Name::of_server(&entry.username).shown(), host: entry.host.clone() })
            }
            false => Ok(()),
        }
    }

    /// Comes without a password: whoever gets in by that gets in with any.
    pub(super) async fn asks(&self, entry: &Entry) -> Result<Asked, KeepError> {
        match db::connect(&self.client(entry, false)).await {
            Ok(session) => self.leads_here(session, entry).await.map(|()| Asked::No),
            Err(ConnectError::PasswordNeeded { .. }) => Ok(Asked::Yes),
            Err(error) if error.is_wrong_password() => Ok(Asked::Yes),
            Err(error) => Err(login(entry, error)),
        }
    }

    /// Logs in with what the server has just been told. Where services connect, it may be known a little later.
    pub(super) async fn taken(&self, entry: &Entry, asked: Asked) -> Result<(), KeepError> {
        let until = tokio::time::Instant::now() + self.patience;
        loop {
            match self.attempt(entry, asked).await? {
                Ok(()) => return Ok(()),
                Err(error) if !error.is_wrong_password() => return Err(login(entry, error)),
                Err(_) if tokio::time::Instant::now() >= until => {
                    return Err(KeepError::NotTaken { role: Name::of_server(&entry.username).shown() });
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
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

/// The system identifier of a session's cluster; empty where the answer has none, as no server's is.
async fn cluster(session: &Session) -> Result<String, StatementError> {
    let rows = session.query(include_str!("../../sql/live_session.sql"), &[]).await?;
    Ok(rows.first().and_then(|row| row.try_get("system_identifier").ok()).unwrap_or_default())
}

fn login(entry: &Entry, error: ConnectError) -> KeepError {
    KeepError::Login { role: Name::of_server(&entry.username).shown(), source: Box::new(error) }
}
