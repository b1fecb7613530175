//! A login's own connection, as its clients make it today.

use super::Stage;
use super::account::Account;
use super::keep_error::KeepError;
use super::keeper::Keeper;
use crate::db::Conninfo;
use crate::model::Name;

impl Keeper<'_> {
    /// The role that the current version of the entry names, and how its clients connect. Changes nothing, and doesn't log in.
    ///
    /// # Errors
    /// When there is no entry, it isn't the login's or ours, or something else than its password keeps the role out.
    pub async fn client_today(&self, account: &Account) -> Result<(Name, Conninfo), KeepError> {
        self.entry(account).await?;
        let current = self.store.read(&account.secret, Stage::Current).await?;
        self.check(account, Stage::Current, &current, true)?;
        let role = Name::of_server(&current.username);
        self.may_log_in(&role).await?;
        Ok((role, self.client(&current, true).await?))
    }
}
