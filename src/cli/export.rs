//! `pgmoat export`: configuration for what stands around PostgreSQL

mod ecs;
mod hba;
mod iam;
mod pgbouncer;
mod terraform;
mod words;

use super::error::CliError;
use super::{Context, Exit};
use crate::layout::{Layout, Secrets, Store};

/// Write configuration for what stands around PostgreSQL: task definitions, policies, poolers, pg_hba.conf
///
/// No export holds a password, and none but pgbouncer's reads anything that is made of one. They all follow from the layout;
/// ecs asks the secret store for the addresses of entries besides, and pgbouncer the server for SCRAM verifiers.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Ecs(ecs::Args),
    Iam(iam::Args),
    Pgbouncer(pgbouncer::Args),
    Hba(hba::Args),
    Terraform(terraform::Args),
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    match &args.what {
        What::Ecs(args) => ecs::run(context, args).await,
        What::Iam(args) => iam::run(context, args),
        What::Pgbouncer(args) => pgbouncer::run(context, args).await,
        What::Hba(args) => hba::run(context, args),
        What::Terraform(args) => terraform::run(context, args),
    }
}

/// The stores that others than this machine can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aws {
    SecretsManager,
    Ssm,
}

/// `[secrets]`, if it names a store of AWS.
fn aws(layout: &Layout) -> Result<(&Secrets, Aws), CliError> {
    let secrets = super::secrets::open::section(layout)?;
    match secrets.store {
        Store::SecretsManager => Ok((secrets, Aws::SecretsManager)),
        Store::Ssm => Ok((secrets, Aws::Ssm)),
        Store::File => {
            let path = secrets.path.as_deref().unwrap_or_default();
            Err(CliError::new(format!(
                "the passwords are in the folder `{path}`, and nothing in AWS can read them there"
            ))
            .hint("store = \"aws-secretsmanager\" or \"aws-ssm\" in [secrets]"))
        }
    }
}

/// JSON with a newline at its end.
fn json(value: &serde_json::Value) -> String {
    crate::model::visible_json(&format!("{value:#}\n"))
}
