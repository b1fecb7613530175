//! `pgmoat rotate`

use std::io::IsTerminal as _;
use std::time::Duration;

use super::How;
use super::work::{Bench, chosen, show};
use crate::cli::error::CliError;
use crate::cli::{Context, Exit, duration};
use crate::secrets::Rotation;

/// Give logins new passwords: into the store, to the server, tried, and only then to whoever asks the store
///
/// With rotation = "alternating" nobody is locked out at any moment: two roles take turns, and containers that still have the
/// password before go on to work. With "single", who holds the password before can open no new session until it is deployed
/// anew. A run that dies is continued by the next, with the same password.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Services, or SERVICE.LOGIN
    #[arg(value_name = "SERVICE[.LOGIN]", required_unless_present = "all")]
    logins: Vec<String>,
    /// Every login with a password
    #[arg(long, conflicts_with = "logins")]
    all: bool,
    /// Only passwords that are older, as in 30d
    #[arg(long, value_name = "TIME", value_parser = duration::long)]
    older_than: Option<Duration>,
    /// How old the current password must be before the one before may stop working (alternating)
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration::long)]
    min_age: Duration,
    /// Instead of a new password: take the one before from the role whose turn it isn't (alternating)
    #[arg(long, conflicts_with_all = ["older_than", "moved"])]
    retire: bool,
    /// The entries lead to another address than services connect to now, and that is meant
    #[arg(long)]
    moved: bool,
    /// Somebody else may have the password: go on though its sessions are open, the current one is younger than --min-age, or another one than the
    /// stored one logs in
    #[arg(long)]
    stolen: bool,
    /// Don't ask; needed where there is no terminal
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    how: How,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    let accounts = chosen(&layout, &args.logins)?;
    let named = accounts.iter().filter(|account| args.logins.contains(&account.shown()));
    for single in named.filter(|account| args.retire && account.slots.is_empty()) {
        let why = "has one password, and none before it: its rotation isn't \"alternating\"";
        context.printer.warning(&format!("{} {why}", single.shown()));
    }
    if !args.yes {
        confirm(accounts.iter().map(|account| account.shown()).collect(), args.retire)?;
    }
    let mut bench = Bench::open(context, &layout, accounts).await?;
    bench.stolen = args.stolen;
    let rotation =
        Rotation { older_than: args.older_than.unwrap_or_default(), min_age: args.min_age, moved: args.moved };
    let (retire, min_age) = (args.retire, args.min_age);
    let done = bench
        .run(context, args.how.jobs.into(), async |keeper, account| match retire {
            true => keeper.retire(account, min_age).await.map(Some),
            false => keeper.rotate(account, rotation).await.map(Some),
        })
        .await;
    show(context, args.how.format, "rotation", done)
}

fn confirm(logins: Vec<String>, retire: bool) -> Result<(), CliError> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(CliError::refused("there is no terminal to ask on").hint("add --yes to rotate without being asked"));
    }
    let what = if retire { "Take the passwords before from" } else { "Give new passwords to" };
    let question = match logins.as_slice() {
        [one] => format!("{what} {one}?"),
        many => format!("{what} {} logins?", many.len()),
    };
    super::super::apply::ask(&question)
}
