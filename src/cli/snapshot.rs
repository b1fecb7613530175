//! `--snapshot FILE`: a cluster that was read before, if it is the one that is asked about, and was read lately and for this layout.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::CliError;
use super::{Context, clock, duration};
use crate::apply::{Survey, SurveyError};
use crate::catalog;
use crate::layout::Layout;
use crate::layout::resolve::{other_cluster, retire};
use crate::model::{Look, Moment, Name, Presence, Snapshot};

/// How far the clocks of server and reader may differ, in seconds.
const CLOCKS: u64 = 300;

/// What reads the layout's databases.
const INSPECT: &str = "run `pgmoat inspect` with this layout";

/// Which snapshot, and how old it may be.
#[derive(Debug, clap::Args)]
pub(super) struct SnapshotArgs {
    /// Look at what `pgmoat inspect` wrote, without any server
    #[arg(long, value_name = "FILE")]
    pub(super) snapshot: Option<PathBuf>,
    /// How old the snapshot may be: 90min, 12h, 30d; an older one is an error
    #[arg(long, value_name = "TIME", default_value = "2d", value_parser = duration::long, requires = "snapshot")]
    max_age: Duration,
}

impl SnapshotArgs {
    /// Reads the snapshot and plans from it.
    pub(super) fn survey(&self, context: &Context<'_>, path: &Path, layout: &Layout) -> Result<Survey, CliError> {
        let snapshot = catalog::from_json(&super::documents::read(path)?)?;
        let placed = |error: SurveyError| context.placed(error.into(), layout);
        if let Some(problem) = other_cluster(layout, &snapshot.server) {
            return Err(placed(SurveyError::Layout(vec![problem])));
        }
        match &snapshot.look {
            Some(look) => self.check_age(path, look)?,
            None => context.printer.warning(&format!(
                "{} doesn't say when it was read: an earlier pgmoat wrote it; run `pgmoat inspect` again",
                path.display()
            )),
        }
        check_read(path, &snapshot, layout)?;
        Survey::of(snapshot, layout).map_err(placed)
    }

    fn check_age(&self, path: &Path, look: &Look) -> Result<(), CliError> {
        let (file, now) = (path.display(), Moment(clock::seconds()));
        if look.at.since(now) > CLOCKS {
            return Err(CliError::new(format!("the snapshot {file} is of {}, and now it is {now}", look.at))
                .hint("set the clocks of this machine and of the server"));
        }
        let (age, most) = (now.since(look.at), self.max_age.as_secs());
        if age <= most {
            return Ok(());
        }
        let (age, most) = (duration::shown(age), duration::shown(most));
        Err(CliError::new(format!(
            "the snapshot {file} is too old: it is of {}, {age} ago; --max-age is {most}",
            look.at
        ))
        .hint("run `pgmoat inspect` again, or say with --max-age TIME how old it may be"))
    }
}

/// What the layout speaks of was read, as far as it is there and can be read.
fn check_read(path: &Path, snapshot: &Snapshot, layout: &Layout) -> Result<(), CliError> {
    let open = |name: &&Name| snapshot.state.databases.get(*name).is_some_and(|d| d.presence == Presence::Open);
    let unread = |name: &&Name| !snapshot.contents.contains_key(*name);
    let databases: Vec<String> =
        layout.managed_databases().into_iter().filter(open).filter(unread).map(Name::shown).collect();
    if !databases.is_empty() {
        let inside = if databases.len() == 1 { "the inside of the database" } else { "the inside of the databases" };
        return Err(lacks(path, inside, &databases));
    }
    let retired = retire(layout, &snapshot.server, &snapshot.state).roles;
    let unasked = retired.keys().filter(|role| !snapshot.retiring.asked.contains(*role));
    let unasked: Vec<String> = unasked.map(Name::shown).collect();
    if unasked.is_empty() {
        return Ok(());
    }
    let what = if unasked.len() == 1 { "what hangs on the role" } else { "what hangs on the roles" };
    Err(lacks(path, what, &unasked))
}

fn lacks(path: &Path, what: &str, names: &[String]) -> CliError {
    let message = format!("the snapshot {} lacks {what} {}, which the layout names", path.display(), names.join(", "));
    CliError::new(message).hint(format!("{INSPECT}: what wasn't read can't be planned or proven"))
}
