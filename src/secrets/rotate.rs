//! New passwords, when nobody is hurt by it.

use std::time::Duration;

use super::account::Account;
use super::keep_error::KeepError;
use super::keeper::{Done, Keeper, What, check_role};
use super::probe::{Asked, Probe, Trial, login};
use super::{Entry, Held, Stage};
use crate::model::Name;

/// When a password is changed.
#[derive(Debug, Clone, Copy)]
pub struct Rotation {
    /// Younger ones stay.
    pub older_than: Duration,
    /// With two roles that take turns: how old the current password must be before the one before may die.
    pub min_age: Duration,
    /// The entry may lead elsewhere than services connect to now: the server has moved.
    pub moved: bool,
}

/// How often it is looked again whether sessions have ended: a server notices a closed one a moment later.
const LOOKS: u32 = 10;

impl Keeper<'_> {
    /// A new password, or what a dead run had begun; [`What::Nothing`] where the current one is young enough.
    ///
    /// # Errors
    /// See [`KeepError`]. Whatever fails, clients get a version that logs in, or the next run makes it so.
    pub async fn rotate(&self, account: &Account, rotation: Rotation) -> Result<Done, KeepError> {
        let mut held = self.entry(account).await?;
        if held.pending.is_some() {
            let done = self.roll_forward(account, &held, true).await?;
            // one that was there already, and is only seen to log in now, isn't a new one
            if done.what == What::Continued {
                return Ok(done);
            }
            held = self.entry(account).await?;
        }
        let current = self.store.read(&account.secret, Stage::Current).await?;
        let age = self.age(&held);
        if age < rotation.older_than {
            let (role, reference) = (current.username, held.reference);
            return Ok(Done { what: What::Nothing, role, reference, tried: false, kept_out: None });
        }
        if rotation.moved {
            check_role(account, Stage::Current, &current, false)?;
        } else {
            self.check(account, Stage::Current, &current, false)?;
            if account.is_session(&current.username) {
                self.is_nobody_elses(&current).await?;
            }
        }
        let next = account.next(&current.username);
        self.may_log_in(next).await?;
        if next.as_str() != current.username && held.previous.is_some() {
            if age < rotation.min_age && !self.stolen {
                return Err(KeepError::TooYoung { age_of_current: age });
            }
            self.unused(next).await?;
        }
        let entry = self.place.entry(account, next, super::password()?);
        self.store.write_pending(&account.secret, &entry).await?;
        let held = self.entry(account).await?;
        let done = self.roll_forward(account, &held, true).await?;
        Ok(Done { what: What::Rotated, ..done })
    }

    /// Sets what the store says, where something else logs in.
    ///
    /// # Errors
    /// See [`KeepError`].
    pub async fn repair(&self, account: &Account) -> Result<Done, KeepError> {
        let held = self.entry(account).await?;
        if held.pending.is_some() {
            return self.roll_forward(account, &held, true).await;
        }
        let current = self.store.read(&account.secret, Stage::Current).await?;
        self.check(account, Stage::Current, &current, true)?;
        let role = Name::of_server(&current.username);
        self.may_log_in(&role).await?;
        let trial = self.trial(&current).await?;
        let well = trial.is_right();
        let mut kept_out = trial.kept_out();
        if !well {
            self.tell(&role, Some(&current.password)).await?;
            kept_out = self.taken(&current, trial.asked(), trial.is_unknown()).await?;
        }
        let what = if well { What::Nothing } else { What::Repaired };
        let (role, reference) = (current.username, held.reference);
        Ok(Done { what, role, reference, tried: trial.is_asked(), kept_out })
    }

    /// Takes the password of the slot before, which the previous version still has: nobody needs it any more.
    ///
    /// # Errors
    /// While sessions of it are open, the current password is too young, or doesn't log in: then clients may live on the one before.
    pub async fn retire(&self, account: &Account, min_age: Duration) -> Result<Done, KeepError> {
        let held = self.entry(account).await?;
        if held.pending.is_some() {
            return self.roll_forward(account, &held, true).await;
        }
        let current = self.store.read(&account.secret, Stage::Current).await?;
        self.check(account, Stage::Current, &current, true)?;
        let before = account.next(&current.username);
        let nothing = |role: &str| Done {
            what: What::Nothing,
            role: role.to_owned(),
            reference: held.reference.clone(),
            tried: false,
            kept_out: None,
        };
        if before.as_str() == current.username || held.previous.is_none() {
            return Ok(nothing(&current.username));
        }
        let age = self.age(&held);
        if age < min_age && !self.stolen {
            return Err(KeepError::TooYoung { age_of_current: age });
        }
        self.logs_in(&current).await?;
        self.unused(before).await?;
        self.tell(before, None).await?;
        Ok(Done { what: What::Retired, ..nothing(before.as_str()) })
    }

    pub(super) async fn entry(&self, account: &Account) -> Result<Held, KeepError> {
        self.describe(account).await?.ok_or_else(|| KeepError::NoEntry { secret: account.secret.clone() })
    }

    async fn logs_in(&self, current: &Entry) -> Result<(), KeepError> {
        let role = Name::of_server(&current.username);
        self.may_log_in(&role).await?;
        if self.stolen {
            // whatever else refuses it: who has the password before keeps it no longer for that
            return match self.trial(current).await? {
                Trial::Asked(Probe::Wrong) => Err(KeepError::DoesNotLogIn { role: role.shown() }),
                _ => Ok(()),
            };
        }
        match self.probe(current, Asked::No).await? {
            Probe::In => Ok(()),
            Probe::KeptOut(error) => Err(login(current, error)),
            Probe::Wrong => Err(KeepError::DoesNotLogIn { role: role.shown() }),
        }
    }

    /// That another than the stored password logs in is somebody's doing, and which is right isn't for a rotation to say. That none does says
    /// nothing.
    async fn is_nobody_elses(&self, current: &Entry) -> Result<(), KeepError> {
        let role = Name::of_server(&current.username);
        self.may_log_in(&role).await?;
        match self.trial(current).await? {
            Trial::Asked(Probe::Wrong) if !self.stolen => Err(KeepError::DoesNotLogIn { role: role.shown() }),
            _ => Ok(()),
        }
    }

    /// Clients that still have a session as this role hold its password, too.
    pub(super) async fn unused(&self, role: &Name) -> Result<(), KeepError> {
        if self.stolen {
            return Ok(());
        }
        let mut sessions = 0;
        for _ in 0..LOOKS {
            sessions = self.may_log_in(role).await?.sessions;
            if sessions == 0 {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let sessions = if sessions == 1 { "1 session".into() } else { format!("{sessions} sessions") };
        Err(KeepError::InUse { role: role.shown(), sessions })
    }
}
