//! Whether a password logs in: asked of the server by logging in, since no catalog tells (and on RDS none may be read).

use std::time::Duration;

use super::keep_error::KeepError;
use super::{Entry, Keeper};
use crate::db::{self, ConnectError};
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
    /// Logs in, and sees that the session is one that the service can work with.
    pub(super) async fn probe(&self, entry: &Entry) -> Result<Probe, KeepError> {
        match db::connect(&self.client(entry, true)).await {
            Ok(session) => {
                session.close().await;
                Ok(Probe::In)
            }
            Err(error) if error.is_wrong_password() => Ok(Probe::Wrong),
            Err(error) => Err(login(entry, error)),
        }
    }

    /// Comes without a password: whoever gets in by that gets in with any.
    pub(super) async fn asks(&self, entry: &Entry) -> Result<Asked, KeepError> {
        match db::connect(&self.client(entry, false)).await {
            Ok(session) => {
                session.close().await;
                Ok(Asked::No)
            }
            Err(ConnectError::PasswordNeeded { .. }) => Ok(Asked::Yes),
            Err(error) if error.is_wrong_password() => Ok(Asked::Yes),
            Err(error) => Err(login(entry, error)),
        }
    }

    /// Logs in with what the server has just been told. Where services connect, it may be known a little later.
    pub(super) async fn taken(&self, entry: &Entry) -> Result<(), KeepError> {
        let until = tokio::time::Instant::now() + self.patience;
        loop {
            match self.probe(entry).await? {
                Probe::In => return Ok(()),
                Probe::Wrong if tokio::time::Instant::now() >= until => {
                    return Err(KeepError::NotTaken { role: Name::of_server(&entry.username).shown() });
                }
                Probe::Wrong => tokio::time::sleep(PAUSE).await,
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

fn login(entry: &Entry, error: ConnectError) -> KeepError {
    KeepError::Login { role: Name::of_server(&entry.username).shown(), source: Box::new(error) }
}
