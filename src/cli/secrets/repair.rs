//! `pgmoat secrets repair`

use super::Format;
use super::work::{Bench, chosen, show};
use crate::cli::error::CliError;
use crate::cli::{Context, Exit};

/// Set the passwords that the store has, where the server has others
///
/// After a restore from a backup, or when somebody changed a password by hand. Finishes what a run that died had begun. The
/// store is never changed to fit the server: nobody can read a password there.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Services, or SERVICE.LOGIN; default all
    #[arg(value_name = "SERVICE[.LOGIN]")]
    logins: Vec<String>,
    /// How many logins at a time
    #[arg(long, value_name = "N", default_value = "4", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = false)]
    format: Format,
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    let bench = Bench::open(context, &layout, chosen(&layout, &args.logins)?).await?;
    let done =
        bench.run(context, args.jobs.into(), async |keeper, account| keeper.repair(account).await.map(Some)).await;
    show(context, args.format, "repair", done)
}
