//! `pgmoat drift`

mod baseline;
mod github;
mod json;
mod junit;
mod markdown;
mod place;
mod report;
mod rules;
mod sarif;
mod text;

use std::path::PathBuf;

use clap::ValueEnum;

use super::error::CliError;
use super::{Context, Exit};
use crate::apply::{Survey, survey_all};
use crate::catalog;
use crate::layout::Layout;
use crate::proof::prove;
use baseline::Baseline;
pub use baseline::is_baseline;
use report::Drift;

/// Plan and prove in one read-only pass, for CI and cron: what has changed behind the layout's back, and who gets through
///
/// The layout's `inspector`, a login with CONNECT on each managed database and nothing else, may run it, and gets a superuser's answer;
/// a database that it may not look into is an error. It never writes, and works on a standby.
///
/// Ends with 0 when the cluster is as the layout says, with 3 when changes are pending, and with 4 when a claim is violated,
/// whatever is pending.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Look at what `pgmoat inspect` wrote, without any server
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Accept the findings of an earlier `drift` or `prove --format json`, or of a JSON list of their ids; new ones still fail
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// text · json · markdown: a pull request's comment · github: annotations · sarif: 2.1.0, for code scanning · junit: XML
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = false)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
    Github,
    Sarif,
    Junit,
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    context.warn_of_ended(&layout);
    // before the server is asked: a file that can't be read is no reason to wait
    let baseline = args.baseline.as_deref().map(Baseline::read).transpose()?;
    let seen =
        look(context, args, &layout).await.map_err(|error| context.placed(error.broken_by_superuser(), &layout))?;
    context.warn_of_version(&seen.snapshot.server);
    let proof = prove(&seen.snapshot, &seen.desired).map_err(|unread| {
        CliError::new("nothing can be proven").caused_by(&unread).hint("run `pgmoat inspect` again")
    })?;
    if let Some(baseline) = &baseline {
        baseline.stale(&proof).iter().for_each(|stale| context.printer.warning(stale));
    }
    let drift = Drift::new(&layout, &seen, &proof, baseline.as_ref());
    context.printer.answer(&match args.format {
        Format::Text => text::text(&drift, context.style()),
        Format::Json => json::json(&drift),
        Format::Markdown => markdown::markdown(&drift),
        Format::Github => github::github(&drift),
        Format::Sarif => sarif::sarif(&drift),
        Format::Junit => junit::junit(&drift),
    })?;
    let exit = drift.exit();
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
