//! `pgmoat inspect`

use std::path::PathBuf;

use super::documents::{self, Document};
use super::error::CliError;
use super::{Context, Exit};
use crate::apply::read_retiring;
use crate::catalog;

/// Read pg_catalog of the cluster and of the layout's databases into a snapshot (JSON)
///
/// `pgmoat plan --snapshot FILE` plans from it where there is no server, for instance in CI. It holds no passwords.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Write the snapshot here instead of to stdout
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// With --out: overwrite a file that holds something else than a snapshot
    #[arg(long, requires = "out")]
    force: bool,
    /// Read every database that accepts connections, also those that the layout doesn't name yet
    #[arg(long)]
    all_databases: bool,
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    if let Some(path) = &args.out {
        documents::refuse_other(path, Document::Snapshot, args.force)?;
    }
    let conninfo = context.conninfo()?;
    let session = context.connect(&conninfo, &layout).await?;
    let server = catalog::server(&session).await?;
    let mut managed = layout.schema_owners();
    if args.all_databases {
        let others = catalog::open_databases(&session).await?;
        others.into_iter().for_each(|name| _ = managed.entry(name).or_default());
    }
    let depth = catalog::Depth::Code(server.version_num);
    let mut snapshot = catalog::read_managed(&conninfo, &session, &managed, depth).await?;
    read_retiring(&conninfo, &layout, &session, &mut snapshot).await?;
    snapshot.read_for(&layout.digest);
    context.warn_of_version(&snapshot.server);
    let json = catalog::to_json(&snapshot);
    match &args.out {
        None => context.printer.answer(&json)?,
        Some(path) => documents::write(path, &json, Document::Snapshot, args.force)?,
    }
    Ok(Exit::Done)
}
