//! `pgmoat prove`

use std::path::PathBuf;

use clap::ValueEnum;

use super::error::CliError;
use super::{Context, Exit};
use crate::apply::{Survey, survey_all};
use crate::catalog;
use crate::layout::Layout;
use crate::proof::{prove, view};

/// Show that nobody reaches what isn't theirs, or who does, and by which path
///
/// Derives claims from the layout (only the writer writes its table, a service's objects are used by those declared, nobody else
/// connects, no login can become another service's role, …) and proves each against the catalog: memberships, ownership, ACLs
/// on every level, predefined roles, and whatever acts for another: SECURITY DEFINER functions, views, rules, triggers, foreign keys,
/// partitions, default privileges, settings. Changes nothing.
///
/// Ends with 0 when every claim holds, and with 4 when one is violated.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Prove from what `pgmoat inspect` wrote, without any server
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// text: what doesn't hold, its path, and how to close it · json
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = false)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    context.warn_of_ended(&layout);
    let seen = look(context, args, &layout).await.map_err(|error| context.placed(error, &layout))?;
    context.warn_of_version(&seen.snapshot.server);
    let proof = prove(&seen.snapshot, &seen.desired).map_err(|unread| {
        CliError::new("nothing can be proven").caused_by(&unread).hint("run `pgmoat inspect` again")
    })?;
    context.printer.answer(&match args.format {
        Format::Text => view::text(&proof, context.printer.color()),
        Format::Json => view::json(&proof),
    })?;
    let exit = if proof.holds { Exit::Done } else { Exit::Broken };
    // the process ends: to free a hundred thousand objects one by one is a tenth of its work
    std::mem::forget(seen);
    Ok(exit)
}

async fn look(context: &Context<'_>, args: &Args, layout: &Layout) -> Result<Survey, CliError> {
    if let Some(path) = &args.snapshot {
        return Ok(Survey::of(catalog::from_json(&super::plan::read(path)?)?, layout)?);
    }
    let conninfo = context.conninfo()?;
    let session = context.connect(&conninfo, layout).await?;
    Ok(survey_all(&conninfo, layout, &session).await?)
}
