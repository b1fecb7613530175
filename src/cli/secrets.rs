//! `pgmoat secrets`, and what `rotate` and `apply` share with it

pub(super) mod accounts;
pub(super) mod clients;
pub(super) mod give;
pub(super) mod open;
mod repair;
pub(super) mod rotate;
mod status;
mod view;
mod work;

use clap::ValueEnum;

use super::error::CliError;
use super::{Context, Exit};
use crate::secrets::KeepError;

/// Look after the passwords in the secret store
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Status(status::Args),
    Repair(repair::Args),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}

/// Which logins, and how it is told.
#[derive(Debug, clap::Args)]
struct Chosen {
    /// Services, or SERVICE.LOGIN; default all
    #[arg(value_name = "SERVICE[.LOGIN]")]
    logins: Vec<String>,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, clap::Args)]
struct How {
    /// How many logins at a time
    #[arg(long, value_name = "N", default_value = "4", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
    /// text · json
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = false)]
    format: Format,
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    match &args.command {
        Command::Status(args) => status::run(context, args).await,
        Command::Repair(args) => repair::run(context, args).await,
    }
}

impl From<KeepError> for CliError {
    fn from(error: KeepError) -> Self {
        let hint = error.hint();
        Self::new(error.to_string()).caused_by(&error).hinted(hint)
    }
}
