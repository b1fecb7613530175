//! What `apply` does about passwords: a new login gets one only together with its entry.

use super::work::{Bench, Outcomes, keeps_out};
use super::{accounts, open, view};
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::layout::Layout;
use crate::model::Snapshot;
use crate::secrets::{Account, KeepError, Keeper};

/// Before the plan runs: the entries of the logins that it makes, and their names.
pub(in crate::cli) async fn before(
    context: &Context<'_>,
    layout: &Layout,
    snapshot: &Snapshot,
) -> Result<Vec<String>, CliError> {
    let Some(secrets) = &layout.secrets else { return Ok(Vec::new()) };
    let fresh: Vec<Account> = accounts::all(layout).into_iter().filter(|account| is_new(account, snapshot)).collect();
    if fresh.is_empty() {
        return Ok(Vec::new());
    }
    let conninfo = context.conninfo()?;
    let (place, store) = (open::place(secrets, &conninfo)?, context.store(secrets)?);
    super::work::prepare(&store, place, &fresh).await.map_err(|(account, error)| {
        let hint = error.hint();
        CliError::new(format!(
            "failed to put the password of {} into the store; the cluster wasn't changed",
            account.shown()
        ))
        .caused_by(&error)
        .hinted(hint)
    })?;
    Ok(fresh.into_iter().map(|account| account.secret).collect())
}

/// The plan came to nothing, and its logins' entries are there.
pub(in crate::cli) fn left(context: &Context<'_>, entries: &[String]) {
    if !entries.is_empty() {
        let entries = entries.join(", ");
        context.printer.warning(&format!("the store keeps the entries of new logins, for the next apply: {entries}"));
    }
}

/// Can nobody log in as it yet?
fn is_new(account: &Account, snapshot: &Snapshot) -> bool {
    let logs_in = |role| snapshot.state.roles.get(role).is_some_and(|role| role.login);
    !account.sessions().iter().any(logs_in)
}

/// After the plan has run, or where there was nothing to run: passwords for all entries that nobody has logged in with yet.
/// `agreed`: somebody has said yes, and so to new passwords for logins that are at work already.
pub(in crate::cli) async fn after(context: &Context<'_>, layout: &Layout, agreed: bool) -> Result<(), CliError> {
    if layout.secrets.is_none() {
        return Ok(());
    }
    let bench = Bench::open(context, layout, accounts::all(layout)).await?;
    let done = bench.run(context, JOBS, async |keeper, account| give(keeper, account, agreed).await).await;
    context.printer.answer(&view::given(&done))?;
    warn(context, &done, agreed);
    failed(&done)
}

/// How many logins at a time.
const JOBS: usize = 8;

async fn give(keeper: &Keeper<'_>, account: &Account, agreed: bool) -> Result<Option<crate::secrets::Done>, KeepError> {
    match keeper.settle(account, agreed).await? {
        None if account.adopt && agreed => {
            keeper.prepare(account).await?;
            keeper.settle(account, agreed).await
        }
        done => Ok(done),
    }
}

fn warn(context: &Context<'_>, done: &Outcomes, agreed: bool) {
    let without = |adopt: bool| {
        let mine = done.iter().filter(|(account, done)| matches!(done, Ok(None)) && account.adopt == adopt);
        mine.map(|(account, _)| account.shown()).collect::<Vec<_>>().join(", ")
    };
    let (left, adopted) = (without(false), without(true));
    if !left.is_empty() {
        context.printer.warning(&format!(
            "no entry in the store: {left}; they were there before, and adopt = true gives each a new password with one"
        ));
    }
    if !adopted.is_empty() && !agreed {
        context.printer.warning(&format!("not yet adopted: {adopted}; apply --yes gives each a new password"));
    }
}

fn failed(done: &Outcomes) -> Result<(), CliError> {
    let failed: Vec<(&Account, &KeepError)> =
        done.iter().filter_map(|(account, done)| Some((account, done.as_ref().err()?))).collect();
    let kept_out = done.iter().filter_map(|(account, done)| {
        let why = done.as_ref().ok()?.as_ref()?.kept_out.as_ref()?;
        Some(format!("{}: {}", account.shown(), keeps_out(why)))
    });
    let said = failed.iter().map(|(account, error)| format!("{}: {error}", account.shown()));
    let details: Vec<String> = said.chain(kept_out).collect();
    if details.is_empty() {
        return Ok(());
    }
    let count = if details.len() == 1 { "1 login has".to_owned() } else { format!("{} logins have", details.len()) };
    let mut error =
        CliError::new(format!("{count} no password that is known to log in; all else is as the layout says"));
    error.details = details;
    Err(error.hinted(failed.first().and_then(|(_, error)| error.hint())))
}
