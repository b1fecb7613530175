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

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::error::CliError;
use super::look::View;
use super::{Context, Exit, clock, snapshot};
use crate::apply::{Survey, survey_all};
use crate::layout::Layout;
use crate::model::{Day, is_blank};
use crate::proof::prove;
pub use baseline::is_baseline;
use baseline::{Baseline, Why};
use report::Drift;

/// Plan and prove in one read-only pass, for CI and cron: what has changed behind the layout's back, and who gets through
///
/// The layout's `inspector`, a login with CONNECT on each managed database and nothing else, may run it, and gets a superuser's answer;
/// a database that it may not look into is an error. It never writes, and works on a standby.
///
/// Ends with 0 when the cluster is as the layout says, with 3 when changes are pending, with 6 when something that a claim needs
/// couldn't be seen, and with 4 when a claim is violated, whatever else is so.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    from: snapshot::SnapshotArgs,
    /// Accept what this file of --write-baseline names, on its cluster, each until its day; new findings still fail
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write a file for --baseline that accepts what is found now; what --baseline accepts keeps its reason and day
    #[arg(long, value_name = "FILE", requires_all = ["reason", "until"])]
    write_baseline: Option<PathBuf>,
    /// With --write-baseline: why that is accepted
    #[arg(long, value_name = "TEXT", requires = "write_baseline")]
    reason: Option<String>,
    /// With --write-baseline: the last day on which it is
    #[arg(long, value_name = "DAY", requires = "write_baseline", value_parser = |text: &str| text.parse::<Day>())]
    until: Option<Day>,
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
    let baseline = args.baseline.as_deref().map(|path| Baseline::read(path, clock::today())).transpose()?;
    let new = args.new_baseline()?;
    let seen =
        look(context, args, &layout).await.map_err(|error| context.placed(error.broken_by_superuser(), &layout))?;
    context.warn_of_version(&seen.snapshot.server);
    let proof = prove(&seen.snapshot, &seen.desired).map_err(|unread| {
        CliError::new("nothing can be proven").caused_by(&unread).hint("run `pgmoat inspect` again")
    })?;
    let identifier = &seen.snapshot.server.system_identifier;
    baseline.as_ref().map_or(Ok(()), |baseline| baseline.check_cluster(identifier))?;
    if let Some((path, why)) = &new {
        baseline::write_new(path, (&proof, identifier), baseline.as_ref(), why)?;
    }
    let look = View::of(&seen.snapshot, &layout, args.from.snapshot.as_deref());
    let drift = Drift { layout: &layout, seen: &seen, proof: &proof, baseline: baseline.as_ref(), look };
    context.printer.answer(&match args.format {
        Format::Text => text::text(&drift, context.style()),
        Format::Json => json::json(&drift),
        Format::Markdown => markdown::markdown(&drift),
        Format::Github => github::github(&drift),
        Format::Sarif => sarif::sarif(&drift),
        Format::Junit => junit::junit(&drift),
    })?;
    let exit = drift.exit();
    let wrong = baseline.as_ref().map(|baseline| baseline.wrong(&proof)).unwrap_or_default();
    // what is written anew leaves out what is wrong; a broken claim is worse than an entry in vain
    if exit == Exit::Broken || new.is_some() {
        wrong.iter().for_each(|wrong| context.printer.warning(wrong));
    } else if !wrong.is_empty() {
        let mut error = CliError::new("the baseline accepts what isn't so any more, or never was");
        error.details = wrong;
        return Err(error.hint("`pgmoat drift --baseline FILE --write-baseline FILE …` leaves these out"));
    }
    // the process ends: to free a hundred thousand objects one by one is a tenth of its work
    std::mem::forget(seen);
    Ok(exit)
}

impl Args {
    /// The file to be written, and what it says.
    fn new_baseline(&self) -> Result<Option<(&Path, Why<'_>)>, CliError> {
        let (Some(path), Some(reason), Some(until)) = (&self.write_baseline, &self.reason, self.until) else {
            return Ok(None);
        };
        let usage = |message: &str| Err(CliError { exit: Exit::Usage, ..CliError::new(message) });
        if is_blank(reason) {
            return usage("--reason is empty");
        }
        if until < clock::today() {
            return usage("--until is a day that has passed");
        }
        Ok(Some((path, Why { reason, until })))
    }
}

async fn look(context: &Context<'_>, args: &Args, layout: &Layout) -> Result<Survey, CliError> {
    if let Some(path) = &args.from.snapshot {
        return args.from.survey(context, path, layout);
    }
    let conninfo = context.conninfo()?;
    let session = context.connect(&conninfo, layout).await?;
    Ok(survey_all(&conninfo, layout, &session).await?)
}
