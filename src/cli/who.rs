//! `pgmoat who`

mod can;
mod is;
mod tree;

use std::collections::BTreeSet;

use super::error::CliError;
use super::{Context, Exit};
use crate::apply::SurveyError;
use crate::catalog::{self, Depth};
use crate::model::{Contents, Name, Presence, Snapshot};

/// Show who can do something, or what a role can do, with every path that leads there
///
/// Needs no layout, changes nothing, and any role may ask that may connect.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, clap::Subcommand)]
enum Question {
    Can(can::Args),
    Is(is::Args),
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    match &args.question {
        Question::Can(args) => can::run(context, args).await,
        Question::Is(args) => is::run(context, args).await,
    }
}

/// The cluster, and the inside of the databases that the filter takes.
async fn read(context: &Context<'_>, takes: impl Fn(&Name) -> bool) -> Result<Snapshot, CliError> {
    let conninfo = context.conninfo()?;
    let (session, _) = super::adopt::connect(&conninfo).await?;
    let server = catalog::server(&session).await?;
    if server.version_num < 130_000 {
        return Err(SurveyError::TooOld(server.major()).into());
    }
    context.warn_of_version(&server);
    let depth = Depth::Code(server.version_num);
    let cluster = catalog::read(&conninfo, &session, &BTreeSet::new(), depth).await?;
    let open = cluster.state.databases.iter().filter(|(_, database)| database.presence == Presence::Open);
    let named: BTreeSet<Name> = open.map(|(name, _)| name.clone()).filter(|name| takes(name)).collect();
    let snapshot = catalog::read(&conninfo, &session, &named, depth).await?;
    session.close().await;
    Ok(snapshot)
}

/// A database whose inside wasn't read holds nothing to speak of.
fn contents<'a>(snapshot: &'a Snapshot, name: &Name, nothing: &'a Contents) -> &'a Contents {
    snapshot.contents.get(name).unwrap_or(nothing)
}

/// JSON with a newline at its end.
fn json(value: &serde_json::Value) -> String {
    crate::model::visible_json(&format!("{value:#}\n"))
}
