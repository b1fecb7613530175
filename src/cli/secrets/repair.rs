//! `pgmoat secrets repair`

use super::Chosen;
use super::work::{Bench, chosen, show};
use crate::cli::error::CliError;
use crate::cli::{Context, Exit};

/// Set the passwords that the store has, where the server has others
///
/// After a restore from a backup, or when somebody changed a password by hand. Finishes what a run that died had begun. The
/// store is never changed to fit the server: nobody can read a password there.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    chosen: Chosen,
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    let bench = Bench::open(context, &layout, chosen(&layout, &args.chosen.logins)?).await?;
    let done = bench
        .run(context, args.chosen.how.jobs.into(), async |keeper, account| keeper.repair(account).await.map(Some))
        .await;
    show(context, args.chosen.how.format, "repair", done)
}
