//! `pgmoat adopt`

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::documents::{self, Document};
use super::error::CliError;
use super::{Context, Exit, clock};
use crate::adopt::{self, AdoptError, Wish, rest};
use crate::apply::SurveyError;
use crate::catalog;
use crate::db::{self, Conninfo, Session};
use crate::model::{Name, Snapshot};

/// Write a layout from a running cluster
///
/// The layout describes what is there as closely as a layout can, and takes nothing from anybody: what it wouldn't give is
/// kept by exceptions ([[allow]]). What isn't so yet stands at its end and on stderr. Any role may ask that may connect.
///
/// Ends with 0 when a plan of the layout is empty, and with 3 when something is left.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only this database, once for each; default: every database that holds something
    #[arg(long = "database", value_name = "NAME")]
    databases: Vec<String>,
    /// Write the layout here instead of to stdout
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// With --out: overwrite a file that is there
    #[arg(long, requires = "out")]
    force: bool,
}

/// Where pgmoat connects first, unless the cluster hasn't got it.
const MAINTENANCE: &str = "postgres";

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    if let Some(path) = &args.out {
        documents::refuse_other(path, Document::Layout, args.force)?;
    }
    let conninfo = context.conninfo()?;
    let (session, maintenance) = connect(&conninfo).await?;
    let databases: BTreeSet<Name> = args.databases.iter().map(|name| Name::of_server(name)).collect();
    let databases = (!databases.is_empty()).then_some(databases);
    let wish = Wish { maintenance, databases, day: clock::today().to_string() };
    let snapshot = read(&conninfo, &session, &wish).await?;
    session.close().await;
    context.warn_of_version(&snapshot.server);
    let adopted = adopt::adopt(&snapshot, &wish)?;
    match &args.out {
        None => context.printer.answer(&adopted.text)?,
        Some(path) => documents::write(path, &adopted.text, Document::Layout, args.force)?,
    }
    context.warn_of_adopted(args.out.as_deref(), &adopted.text, &snapshot.state);
    let rest = rest(&adopted.plan);
    if rest.is_empty() {
        return Ok(Exit::Done);
    }
    let count = if rest.len() == 1 { "one thing isn't".into() } else { format!("{} things aren't", rest.len()) };
    context.printer.talk(&format!("{count} yet as the layout says:"));
    rest.iter().for_each(|line| context.printer.talk(&format!("  {line}")));
    Ok(Exit::Pending)
}

/// To the usual maintenance database, or else to the one that the connection string names.
pub(super) async fn connect(conninfo: &Conninfo) -> Result<(Session, Name), CliError> {
    match db::connect(&conninfo.with_database(MAINTENANCE)).await {
        Ok(session) => Ok((session, Name::of_server(MAINTENANCE))),
        Err(error) if conninfo.database() == MAINTENANCE || error.is_planted() => Err(error.into()),
        Err(error) => match db::connect(conninfo).await {
            Ok(session) => Ok((session, Name::of_server(conninfo.database()))),
            Err(_) => Err(error.into()),
        },
    }
}

/// First which databases there are, then what they hold.
async fn read(conninfo: &Conninfo, session: &Session, wish: &Wish) -> Result<Snapshot, CliError> {
    // before any other question: an old server doesn't understand all of them
    let server = catalog::server(session).await?;
    if server.version_num < 130_000 {
        return Err(SurveyError::TooOld(server.major()).into());
    }
    let cluster = catalog::read(conninfo, session, &BTreeSet::new(), catalog::Depth::Rights).await?;
    let databases = adopt::to_read(&cluster, wish)?;
    let hint = "name the databases that you may read: --database NAME, once for each";
    let read = catalog::read(conninfo, session, &databases, catalog::Depth::Rights).await;
    read.map_err(CliError::from).map_err(|error| if wish.databases.is_none() { error.hint(hint) } else { error })
}

impl From<AdoptError> for CliError {
    fn from(error: AdoptError) -> Self {
        let message = format!("failed to write a layout: {error}");
        match error {
            AdoptError::NoService(notes) => {
                let hint = "a service is a schema with tables, and somebody besides superusers who writes them";
                Self { details: notes, ..Self::new(message) }.hint(hint)
            }
            AdoptError::Wrong(_) => Self::new(message).hint("this is a fault of pgmoat's: please report it"),
            AdoptError::NoDatabase(_)
            | AdoptError::Maintenance(_)
            | AdoptError::Reserved(_)
            | AdoptError::Closed(_) => Self::new(message),
        }
    }
}
