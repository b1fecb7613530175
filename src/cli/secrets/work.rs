//! One thing done to many logins, some at a time.

use std::time::Duration;

use futures_util::StreamExt as _;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Format, accounts, open, view};
use crate::apply::{Hold, hold};
use crate::cli::error::CliError;
use crate::cli::{Context, Exit, clock};
use crate::db::{Conninfo, Session};
use crate::layout::Layout;
use crate::secrets::{Account, Done, KeepError, Keeper, Place, Store};

/// How long a new password may take to be known where services connect.
const PATIENCE: Duration = Duration::from_secs(30);

/// The lock is ours, and the store is open.
pub(super) struct Bench {
    pub(super) accounts: Vec<Account>,
    store: Store,
    place: Place,
    session: Session,
    conninfo: Conninfo,
    /// As in [`Keeper`].
    pub(super) stolen: bool,
}

/// What became of each login.
pub(super) type Outcomes = Vec<(Account, Result<Option<Done>, KeepError>)>;

impl Bench {
    /// Takes the cluster's lock.
    pub(super) async fn open(context: &Context<'_>, layout: &Layout, accounts: Vec<Account>) -> Result<Self, CliError> {
        let secrets = open::section(layout)?;
        let conninfo = context.conninfo()?;
        let place = open::place(secrets, &conninfo)?;
        let store = context.store(secrets)?;
        let Hold { session, conninfo } = hold(&conninfo, layout).await?;
        Ok(Self { accounts, store, place, session, conninfo, stolen: false })
    }

    /// Without the lock, for who only looks.
    pub(super) async fn look(context: &Context<'_>, layout: &Layout, accounts: Vec<Account>) -> Result<Self, CliError> {
        let secrets = open::section(layout)?;
        let conninfo = context.conninfo()?;
        let place = open::place(secrets, &conninfo)?;
        let store = context.store(secrets)?;
        let session = context.connect(&conninfo, layout).await?;
        Ok(Self { accounts, store, place, session, conninfo, stolen: false })
    }

    pub(super) fn keeper(&self) -> Keeper<'_> {
        Keeper {
            store: &self.store,
            session: &self.session,
            conninfo: &self.conninfo,
            place: self.place.clone(),
            patience: PATIENCE,
            stolen: self.stolen,
            now: clock::now(),
        }
    }

    /// Does it to each, `jobs` at a time, and gives back the lock.
    pub(super) async fn run(
        self,
        context: &Context<'_>,
        jobs: usize,
        work: impl AsyncFn(&Keeper<'_>, &Account) -> Result<Option<Done>, KeepError>,
    ) -> Outcomes {
        let keeper = self.keeper();
        let bar = bar(context, self.accounts.len());
        let one = async |(index, account): (usize, &Account)| {
            let done = work(&keeper, account).await;
            bar.inc(1);
            (index, account.clone(), done)
        };
        let mut done: Vec<_> = futures_util::stream::iter(self.accounts.iter().enumerate())
            .map(one)
            .buffer_unordered(jobs.max(1))
            .collect()
            .await;
        bar.finish_and_clear();
        done.sort_by_key(|(index, ..)| *index);
        drop(keeper);
        Hold { session: self.session, conninfo: self.conninfo }.give_back().await;
        done.into_iter().map(|(_, account, done)| (account, done)).collect()
    }
}

/// indicatif draws nothing where stderr is no terminal.
fn bar(context: &Context<'_>, length: usize) -> ProgressBar {
    let visible = !context.printer.is_quiet();
    let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(length as u64), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} logins") {
        bar.set_style(style);
    }
    bar
}

/// For people: the password is right, and yet there is no session.
pub(super) fn keeps_out(why: &str) -> String {
    format!("the server has the password that is in the store, and no session of the login could be opened: {why}")
}

/// Shows what became of each, and ends with 1 where one failed, 5 where all that failed were only put off, or 6 where the server refuses a login
/// with the right password.
pub(super) fn show(
    context: &Context<'_>,
    format: Format,
    kind: &'static str,
    done: Outcomes,
) -> Result<Exit, CliError> {
    context.printer.answer(&match format {
        Format::Text => view::text(&done, context.global.verbose),
        Format::Json => view::json(kind, &done),
    })?;
    let mut kept_out = false;
    for (account, done) in done.iter().filter_map(|(account, done)| Some((account, done.as_ref().ok()?.as_ref()?))) {
        let Some(why) = &done.kept_out else { continue };
        kept_out = true;
        context.printer.warning(&format!("{}: {}", account.shown(), keeps_out(why)));
    }
    let failed: Vec<&KeepError> = done.iter().filter_map(|(_, done)| done.as_ref().err()).collect();
    for (account, error) in done.iter().filter_map(|(account, done)| Some((account, done.as_ref().err()?))) {
        let message = format!("{}: {error}", account.shown());
        let told = CliError::new(message).caused_by(error).hinted(error.hint());
        context.printer.error(&told);
    }
    let put_off = |error: &&KeepError| matches!(error, KeepError::InUse { .. } | KeepError::TooYoung { .. });
    let changed =
        done.iter().any(|(_, done)| done.as_ref().is_ok_and(|done| done.as_ref().is_some_and(view::is_change)));
    Ok(match failed.is_empty() {
        true if kept_out => Exit::Unseen,
        true => Exit::Done,
        false if failed.iter().all(put_off) && !changed => Exit::Refused,
        false => Exit::Error,
    })
}

/// The accounts that the words name, for a command that changes something.
pub(super) fn chosen(layout: &Layout, words: &[String]) -> Result<Vec<Account>, CliError> {
    open::section(layout)?;
    accounts::named(layout, words)
}

/// Sees to the entries of logins that are yet to be made, before anybody asks the server.
pub(super) async fn prepare(store: &Store, place: Place, accounts: &[Account]) -> Result<(), (Account, KeepError)> {
    let one = async |account: &Account| {
        let done = crate::secrets::prepare(store, &place, account).await;
        done.map_err(|error| (account.clone(), error))
    };
    let mut all = futures_util::stream::iter(accounts).map(one).buffer_unordered(PREPARED);
    while let Some(done) = all.next().await {
        done?;
    }
    Ok(())
}

/// How many entries at a time.
const PREPARED: usize = 8;
