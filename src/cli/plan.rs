//! `pgmoat plan`

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::error::CliError;
use super::{Context, Exit};
use crate::apply::{Survey, survey};
use crate::catalog;
use crate::layout::Layout;
use crate::plan::{current, view};

/// Show what leads from the cluster's present state to the layout's; changes nothing
///
/// Ends with 0 when nothing is to do, and with 3 when changes are pending.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Plan from what `pgmoat inspect` wrote, without any server
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Save the plan, for `pgmoat apply FILE`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// text: by service, with reasons and hazards · sql: a script that psql runs · diff: today's state against the
    /// layout's · json, markdown
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = false)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Sql,
    Diff,
    Json,
    Markdown,
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    context.warn_of_ended(&layout);
    let made = look(context, args, &layout).await.map_err(|error| context.placed(error, &layout))?;
    context.warn_of_version(&made.snapshot.server);
    if let Some(path) = &args.out {
        write(path, &view::json(&made.plan))?;
    }
    context.printer.answer(&shown(context, args.format, &made))?;
    let exit = if made.plan.is_empty() { Exit::Done } else { Exit::Pending };
    // the process ends: to free a hundred thousand objects one by one is a tenth of its work
    std::mem::forget(made);
    Ok(exit)
}

async fn look(context: &Context<'_>, args: &Args, layout: &Layout) -> Result<Survey, CliError> {
    if let Some(path) = &args.snapshot {
        let snapshot = catalog::from_json(&read(path)?)?;
        return Ok(Survey::of(snapshot, layout)?);
    }
    let conninfo = context.conninfo()?;
    let session = context.connect(&conninfo, layout).await?;
    Ok(survey(&conninfo, layout, &session).await?)
}

fn shown(context: &Context<'_>, format: Format, made: &Survey) -> String {
    let color = context.printer.color();
    match format {
        Format::Text => view::text(&made.plan, context.style()),
        Format::Sql => view::sql(&made.plan, &made.desired.maintenance),
        Format::Diff => view::diff(&current(&made.snapshot, &made.desired), &made.desired.state, color),
        Format::Json => view::json(&made.plan),
        Format::Markdown => view::markdown(&made.plan),
    }
}

pub(super) fn read(path: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(path).map_err(|e| CliError::new(format!("failed to read {}", path.display())).caused_by(&e))
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), CliError> {
    std::fs::write(path, text).map_err(|e| CliError::new(format!("failed to write {}", path.display())).caused_by(&e))
}
