//! How each login connects by itself, with its secret: for `prove --live --with-secrets`.

use futures_util::StreamExt as _;

use super::accounts;
use super::work::Bench;
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::db::Conninfo;
use crate::layout::{Auth, Layout, Login};
use crate::model::Name;
use crate::proof::live::{Secrets, Without};
use crate::secrets::{Account, KeepError};

/// How many entries at a time.
const JOBS: usize = 8;

/// Reads the current version of each entry. Nobody logs in yet.
pub(in crate::cli) async fn clients(context: &Context<'_>, layout: &Layout) -> Result<Secrets, CliError> {
    let bench = Bench::look(context, layout, accounts::all(layout)).await?;
    let keeper = bench.keeper();
    let one = async |account: &Account| (account.clone(), keeper.client_today(account).await);
    let found: Vec<_> = futures_util::stream::iter(&bench.accounts).map(one).buffered(JOBS).collect().await;
    let mut secrets: Secrets = without(layout).collect();
    for (account, client) in found {
        let why = match client {
            Ok((role, conninfo)) => {
                let why = format!("`{}` has the password of {} now", account.secret, role.shown());
                secrets.insert(role, Ok(conninfo));
                Without::Meant(why)
            }
            Err(error @ KeepError::Session(_)) => return Err(error.into()),
            Err(error) => Without::Failed(error.to_string()),
        };
        for role in account.sessions() {
            secrets.entry(role.clone()).or_insert_with(|| Err(why.clone()));
        }
    }
    Ok(secrets)
}

/// Those whose passwords nobody keeps.
fn without(layout: &Layout) -> impl Iterator<Item = (Name, Result<Conninfo, Without>)> {
    let logins = layout.services.values().flat_map(|service| service.logins.values());
    logins.filter(|login| login.secret.is_none()).flat_map(|login| {
        let roles = if login.slots().is_empty() { std::slice::from_ref(&login.name) } else { login.slots() };
        roles
            .iter()
            .map(|role| (role.clone(), Err(Without::Meant(format!("it has no password: auth = \"{}\"", word(login))))))
    })
}

fn word(login: &Login) -> &'static str {
    match login.auth {
        Auth::Password => "password",
        Auth::Iam => "iam",
        Auth::External => "external",
    }
}
