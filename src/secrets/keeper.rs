//! The protocol by which a password comes into the world: store, server, a real login, and only then its clients.
//!
//! Each step can be done twice, and a run that dies anywhere is continued by the next, whichever command that is: what is
//! pending in the store is rolled forward, never replaced.

use std::time::{Duration, SystemTime};

use super::account::{Account, Place};
use super::keep_error::KeepError;
use super::{Entry, ExposeSecret as _, Held, SecretString, Stage, Store, Verifier};
use crate::db::{Client, Conninfo, Session};
use crate::model::{Name, sql_in_encoding};

/// Keeps the passwords of a cluster.
pub struct Keeper<'a> {
    pub store: &'a Store,
    /// Holds the cluster's lock, and changes passwords: with a lost lock the change is lost.
    pub session: &'a Session,
    pub conninfo: &'a Conninfo,
    pub place: Place,
    /// How long a new password may take to be known where services connect: replicas and poolers lag.
    pub patience: Duration,
    /// Somebody else may have the passwords: neither open sessions, nor a young password, nor another one on the server keep one from being replaced.
    pub stolen: bool,
    /// By which ages are counted.
    pub now: SystemTime,
}

/// What became of a login's password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub what: What,
    /// Whose password it is; where the value wasn't read, the login's own role.
    pub role: String,
    /// The entry, by which configuration refers to it.
    pub reference: String,
    /// The server asked for the password, and took it. Without, `pg_hba.conf` lets us in as we are.
    pub tried: bool,
    /// Why the role has no session though the server took its password.
    pub kept_out: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// All was well.
    Nothing,
    /// The server has been told what the store has: a new login's first password.
    Given,
    /// A new password, which clients get from now on.
    Rotated,
    /// What a run that died had begun.
    Continued,
    /// A run that died had begun a new password, and nobody has agreed to go on with it.
    Unfinished,
    /// The server had another password than the store.
    Repaired,
    /// The role whose turn it isn't has no password any more.
    Retired,
}

impl Keeper<'_> {
    /// As [`prepare`].
    ///
    /// # Errors
    /// As [`prepare`].
    pub async fn prepare(&self, account: &Account) -> Result<(), KeepError> {
        prepare(self.store, &self.place, account).await
    }

    /// Finishes what [`prepare`] began, and, where somebody has `agreed` to a new password for a login that is at work, what a dead run
    /// began; None where the login has no entry.
    ///
    /// # Errors
    /// See [`KeepError`]; what is pending stays so, for the next run.
    pub async fn settle(&self, account: &Account, agreed: bool) -> Result<Option<Done>, KeepError> {
        let Some(held) = self.describe(account).await? else { return Ok(None) };
        if held.pending.is_some() {
            return self.roll_forward(account, &held, agreed).await.map(Some);
        }
        // who logs in is in the value, which needn't be read
        let role = account.role.as_str().to_owned();
        Ok(Some(Done { what: What::Nothing, role, reference: held.reference, tried: false, kept_out: None }))
    }

    /// From a pending version to one that clients get. Without `agreed`, only where that takes no password from a login at work.
    pub(super) async fn roll_forward(&self, account: &Account, held: &Held, agreed: bool) -> Result<Done, KeepError> {
        let pending = self.store.read(&account.secret, Stage::Pending).await?;
        self.check(account, Stage::Pending, &pending, true)?;
        let role = Name::of_server(&pending.username);
        self.may_log_in(&role).await?;
        let first = held.pending == held.current;
        let trial = self.trial(&pending).await?;
        let mut kept_out = trial.kept_out();
        if !trial.is_right() {
            if !first && !agreed {
                let (role, reference) = (pending.username, held.reference.clone());
                return Ok(Done { what: What::Unfinished, role, reference, tried: false, kept_out: None });
            }
            // the run that began it may have looked long ago
            if !first && account.slots.contains(&role) {
                self.unused(&role).await?;
            }
            self.tell(&role, Some(&pending.password)).await?;
            kept_out = match self.taken(&pending, trial.asked(), trial.is_unknown() && !first).await {
                Ok(kept_out) => kept_out,
                Err(error) => {
                    if matches!(error, KeepError::NotTaken { .. }) && !first {
                        self.take_back(account, &pending).await?;
                    }
                    return Err(error);
                }
            };
        }
        if !first {
            // whoever has the lock by now may be at the same entry
            self.session.query("SELECT 1", &[]).await.map_err(KeepError::session)?;
            self.store.promote(&account.secret, held).await?;
        }
        let now = Held { current: held.pending.clone(), ..held.clone() };
        self.store.settle(&account.secret, &now).await?;
        let what = if first { What::Given } else { What::Continued };
        let (role, reference) = (pending.username, held.reference.clone());
        Ok(Done { what, role, reference, tried: trial.is_asked(), kept_out })
    }

    /// What clients hold is the current version: where it is the same role's, it must log in again.
    async fn take_back(&self, account: &Account, pending: &Entry) -> Result<(), KeepError> {
        let current = self.store.read(&account.secret, Stage::Current).await?;
        match current.username == pending.username {
            true => self.tell(&Name::of_server(&current.username), Some(&current.password)).await,
            false => Ok(()),
        }
    }

    pub(super) async fn describe(&self, account: &Account) -> Result<Option<Held>, KeepError> {
        describe(self.store, account).await
    }

    pub(super) fn check(&self, account: &Account, stage: Stage, entry: &Entry, now: bool) -> Result<(), KeepError> {
        check(&self.place, account, stage, entry, now)
    }

    /// How old the current version is; a clock that went back makes it new.
    pub(super) fn age(&self, held: &Held) -> Duration {
        held.since.and_then(|since| self.now.duration_since(since).ok()).unwrap_or_default()
    }

    /// Sets the password, by its verifier; without one, no password logs in.
    ///
    /// The statement is one of its own on the session with the lock. `log_statement = all` writes it down: who reads the
    /// log has a verifier, and that doesn't log in.
    pub(super) async fn tell(&self, role: &Name, password: Option<&SecretString>) -> Result<(), KeepError> {
        let verifier = password.map(Verifier::of).transpose()?;
        let verifier = verifier.as_ref().map_or_else(|| "NULL".to_owned(), |it| format!("'{}'", it.text()));
        let sql = format!("ALTER ROLE {} PASSWORD {verifier}", role.quoted());
        let sent = sql_in_encoding(&sql, self.session.server_encoding());
        let done = self.session.execute_secret(&sent).await;
        done.map_err(|source| KeepError::Refused { role: role.shown(), source: Box::new(source) })
    }

    /// A service's connection as its entry says, but encrypted as the layout says: whoever may write the entry could else have us
    /// tell the password to whoever refuses TLS. What is set for the role is overridden, since a login may set it for itself, and so keep us out.
    ///
    /// # Errors
    /// When the server can't be asked what is set for the role.
    pub(super) async fn client(&self, entry: &Entry, with_password: bool) -> Result<Conninfo, KeepError> {
        let settings = self.overridable(&Name::of_server(&entry.username)).await?;
        let settings = settings.iter().map(|(parameter, value)| (parameter.as_str(), value.as_str()));
        Ok(self.unsettled(entry, with_password).overriding(settings))
    }

    fn unsettled(&self, entry: &Entry, with_password: bool) -> Conninfo {
        let client = Client {
            host: &entry.host,
            port: entry.port,
            database: &entry.dbname,
            user: &entry.username,
            sslmode: self.place.sslmode.as_deref(),
        };
        self.conninfo.as_client(client, with_password.then(|| entry.password.expose_secret()))
    }
}

/// Before the role may log in: sees to it that the entry is there, and is doubted until somebody has logged in with it. The
/// server isn't asked.
///
/// # Errors
/// When the entry is somebody else's, or the store refuses.
pub async fn prepare(store: &Store, place: &Place, account: &Account) -> Result<(), KeepError> {
    let Some(held) = describe(store, account).await? else {
        let entry = place.entry(account, account.next(""), super::password()?);
        return Ok(store.create(&account.secret, &entry).await?);
    };
    if held.pending.is_some() {
        return Ok(());
    }
    let current = store.read(&account.secret, Stage::Current).await?;
    check(place, account, Stage::Current, &current, false)?;
    if account.is_session(&current.username) {
        return Ok(store.doubt(&account.secret, &held).await?);
    }
    // the layout has given the login slots, or has taken them
    let entry = place.entry(account, account.next(&current.username), super::password()?);
    Ok(store.write_pending(&account.secret, &entry).await?)
}

/// What the store tells of the entry, unless it is to be left alone.
async fn describe(store: &Store, account: &Account) -> Result<Option<Held>, KeepError> {
    let held = store.describe(&account.secret).await?;
    match held.as_ref().and_then(|held| held.foreign.clone()) {
        Some(why) => Err(KeepError::Foreign { secret: account.secret.clone(), why }),
        None => Ok(held),
    }
}

/// An entry is input: whoever may write it could name the master user, or another server. `now`: it must be one of the
/// roles that log in as the layout says today.
fn check(place: &Place, account: &Account, stage: Stage, entry: &Entry, now: bool) -> Result<(), KeepError> {
    check_role(account, stage, entry, now)?;
    let wanted = place.entry(account, &account.role, SecretString::default());
    // never what it names: whoever mixed up its keys, or pasted a whole URL, has a password there
    let why = if entry.host != wanted.host {
        format!("leads to another host than services connect to ({})", wanted.host)
    } else if entry.port != wanted.port {
        format!("leads to another port than services connect to ({})", wanted.port)
    } else if entry.dbname != wanted.dbname {
        format!("leads to another database than the service's ({})", wanted.dbname)
    } else {
        return Ok(());
    };
    Err(KeepError::Unexpected { secret: account.secret.clone(), stage: stage.word(), why })
}

/// Is it the login's, wherever it leads?
pub(super) fn check_role(account: &Account, stage: Stage, entry: &Entry, now: bool) -> Result<(), KeepError> {
    let role = &entry.username;
    let known = if now { account.is_session(role) } else { account.was_session(role) };
    if known {
        return Ok(());
    }
    let why = format!("names another role than {}'s", account.shown());
    Err(KeepError::Unexpected { secret: account.secret.clone(), stage: stage.word(), why })
}
