//! `pgmoat plan`

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::documents::{self, Document};
use super::error::CliError;
use super::{Context, Exit, look, snapshot};
use crate::apply::{Survey, survey};
use crate::layout::Layout;
use crate::plan::{current, view};

/// Show what leads from the cluster's present state to the layout's; changes nothing
///
/// Ends with 0 when nothing is to do, and with 3 when changes are pending.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    from: snapshot::SnapshotArgs,
    /// Save the plan, for `pgmoat apply FILE`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// With --out: overwrite a file that holds something else than a plan
    #[arg(long, requires = "out")]
    force: bool,
    /// Write the SQL that leads back from a saved plan, for psql; without any server
    #[arg(long, value_name = "FILE", conflicts_with_all = ["snapshot", "out"])]
    undo: Option<PathBuf>,
    /// text: by service, with reasons and hazards · sql: a script that psql runs · diff: today's state against the
    /// layout's · json, markdown
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = false)]
    format: Format,
}

impl Args {
    /// There is one form of a way back.
    fn conflict(&self) -> Option<CliError> {
        let other = !matches!(self.format, Format::Text | Format::Sql);
        (self.undo.is_some() && other)
            .then(|| CliError { exit: Exit::Usage, ..CliError::new("`--undo` writes SQL, and no other format") })
    }
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
    if let Some(path) = &args.undo {
        return undo(context, args, path);
    }
    let layout = context.layout()?;
    context.warn_of_ended(&layout);
    if let Some(path) = &args.out {
        documents::refuse_other(path, Document::Plan, args.force)?;
    }
    let made = look(context, args, &layout).await.map_err(|error| context.placed(error, &layout))?;
    context.warn_of_version(&made.snapshot.server);
    context.warn_of_lookalikes(&layout, &made.snapshot.state);
    if let Some(path) = &args.out {
        documents::write(path, &view::json(&made.plan), Document::Plan, args.force)?;
    }
    let from = args.from.snapshot.as_deref();
    let seen = look::View::of(&made.snapshot, &layout, from);
    context.printer.answer(&shown(context, args.format, &made, (&seen, from.is_some())))?;
    let exit = if made.plan.is_empty() { Exit::Done } else { Exit::Pending };
    // the process ends: to free a hundred thousand objects one by one is a tenth of its work
    std::mem::forget(made);
    Ok(exit)
}

fn undo(context: &Context<'_>, args: &Args, path: &Path) -> Result<Exit, CliError> {
    if let Some(conflict) = args.conflict() {
        return Err(conflict);
    }
    context.printer.answer(&view::undo(&view::from_json(&documents::read(path)?)?))?;
    Ok(Exit::Done)
}

async fn look(context: &Context<'_>, args: &Args, layout: &Layout) -> Result<Survey, CliError> {
    if let Some(path) = &args.from.snapshot {
        return args.from.survey(context, path, layout);
    }
    let conninfo = context.conninfo()?;
    let session = context.connect(&conninfo, layout).await?;
    Ok(survey(&conninfo, layout, &session).await?)
}

/// The plan; with when and where it was read in JSON always, elsewhere where that isn't here and now.
fn shown(context: &Context<'_>, format: Format, made: &Survey, (seen, offline): (&look::View<'_>, bool)) -> String {
    let color = context.printer.color();
    let head = |sign| if offline { seen.head(sign) } else { String::new() };
    match format {
        Format::Text => head("") + &view::text(&made.plan, context.style()),
        Format::Sql => head("-- ") + &view::sql(&made.plan, &made.desired.maintenance),
        Format::Diff => head("# ") + &view::diff(&current(&made.snapshot, &made.desired), &made.desired.state, color),
        Format::Json => view::json_with(&made.plan, Some(seen)),
        Format::Markdown => markdown_head(seen, offline) + &view::markdown(&made.plan),
    }
}

fn markdown_head(seen: &look::View<'_>, offline: bool) -> String {
    if !offline {
        return String::new();
    }
    seen.lines().into_iter().map(|line| format!("> {}\n", view::prose(&line))).chain(["\n".into()]).collect()
}
