//! How a login's password is, without changing anything.

use std::time::Duration;

use super::account::Account;
use super::keep_error::KeepError;
use super::keeper::Keeper;
use super::probe::{Asked, Probe, login};
use super::{Held, Stage};
use crate::model::Name;

/// What is to be said of a login's entry.
#[derive(Debug)]
pub struct Status {
    /// None: there is none.
    pub held: Option<Held>,
    /// Of the current version.
    pub age: Option<Duration>,
    /// Who logs in with it; None where it can't be read, or names somebody else.
    pub role: Option<String>,
    pub login: LogsIn,
}

/// Whether the stored password logs in.
#[derive(Debug)]
pub enum LogsIn {
    Yes,
    No,
    /// The server lets everybody in from here.
    NotAsked,
    /// It can't be tried: why.
    Unknown(KeepError),
    /// There is no password.
    NoEntry,
}

impl Keeper<'_> {
    /// Looks at the entry, and tries to log in.
    ///
    /// # Errors
    /// When the store can't be asked at all.
    pub async fn status(&self, account: &Account) -> Result<Status, KeepError> {
        let Some(held) = self.store.describe(&account.secret).await? else {
            return Ok(Status { held: None, age: None, role: None, login: LogsIn::NoEntry });
        };
        let age = held.since.map(|_| self.age(&held));
        let (role, login) = match self.store.read(&account.secret, Stage::Current).await {
            Err(error) => (None, LogsIn::Unknown(error.into())),
            Ok(entry) => {
                let ours = self.check(account, Stage::Current, &entry, true);
                let role = ours.is_ok().then(|| entry.username.clone());
                let tried = async {
                    ours?;
                    self.may_log_in(&Name::of_server(&entry.username)).await?;
                    Ok::<_, KeepError>(match self.asks(&entry).await? {
                        Asked::No => LogsIn::NotAsked,
                        Asked::Yes => match self.probe(&entry, Asked::Yes).await? {
                            Probe::In => LogsIn::Yes,
                            Probe::Wrong => LogsIn::No,
                            Probe::KeptOut(error) => LogsIn::Unknown(login(&entry, error)),
                        },
                    })
                };
                (role, tried.await.unwrap_or_else(LogsIn::Unknown))
            }
        };
        Ok(Status { held: Some(held), age, role, login })
    }
}

impl Status {
    /// Is there nothing to do?
    #[must_use]
    pub fn is_well(&self) -> bool {
        let settled = self.held.as_ref().is_some_and(|held| held.pending.is_none() && held.foreign.is_none());
        settled && matches!(self.login, LogsIn::Yes | LogsIn::NotAsked)
    }
}
