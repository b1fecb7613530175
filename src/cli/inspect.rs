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
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    if let Some(path) = &args.out {
        documents::refuse_other(path, Document::Snapshot, args.force)?;
    }
    let conninfo = context.conninfo()?;
    let session = context.connect(&conninfo, &layout).await?;
    let server = catalog::server(&session).await?;
    let managed = layout.schema_owners();
    let depth = catalog::Depth::Code(server.version_num);
    let mut snapshot = catalog::read_managed(&conninfo, &session, &managed, depth).await?;
    read_retiring(&conninfo, &layout, &session, &mut snapshot).await?;
    context.warn_of_version(&snapshot.server);
    let json = catalog::to_json(&snapshot);
    match &args.out {
        None => context.printer.answer(&json)?,
        Some(path) => documents::write(path, &json, Document::Snapshot, args.force)?,
    }
    Ok(Exit::Done)
}
