//! Reads the cluster and plans: the one way from a layout and a server to a plan.

use crate::catalog::{self, CatalogError, Depth};
use crate::db::{self, ConnectError, Conninfo, Session};
use crate::layout::resolve::{as_provisioner, resolve, retire};
use crate::layout::{Layout, Problem};
use crate::model::{Desired, Snapshot};
use crate::plan::{Head, Plan};

/// What was read, what is wanted, and what leads from one to the other.
pub struct Survey {
    pub snapshot: Snapshot,
    pub desired: Desired,
    pub plan: Plan,
}

/// "failed to read the cluster: …"
#[derive(Debug, thiserror::Error)]
pub enum SurveyError {
    #[error(transparent)]
    Connect(Box<ConnectError>),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error("the layout doesn't fit this server")]
    Layout(Vec<Problem>),
    #[error("this is PostgreSQL {0}, and pgmoat needs 14 or later (13 works, but isn't supported)")]
    TooOld(u32),
}

/// Connects to the maintenance database.
///
/// # Errors
/// When the connection fails.
pub async fn connect(conninfo: &Conninfo, layout: &Layout) -> Result<Session, ConnectError> {
    db::connect(&conninfo.with_database(layout.cluster.database.as_str())).await
}

/// Reads and plans.
///
/// # Errors
/// When the server is too old or can't be read, or the layout can't be true there.
pub async fn survey(conninfo: &Conninfo, layout: &Layout, session: &Session) -> Result<Survey, SurveyError> {
    look(conninfo, layout, session, false).await
}

/// The same, and what acts for another besides, so that something can be proven.
///
/// # Errors
/// As [`survey`].
pub async fn survey_all(conninfo: &Conninfo, layout: &Layout, session: &Session) -> Result<Survey, SurveyError> {
    look(conninfo, layout, session, true).await
}

async fn look(conninfo: &Conninfo, layout: &Layout, session: &Session, all: bool) -> Result<Survey, SurveyError> {
    // before any other question: an old server doesn't understand all of them
    let server = catalog::server(session).await?;
    if server.version_num < 130_000 {
        return Err(SurveyError::TooOld(server.major()));
    }
    let depth = if all { Depth::Code(server.version_num) } else { Depth::Rights };
    let mut snapshot = catalog::read_managed(conninfo, session, &layout.schema_owners(), depth).await?;
    read_retiring(conninfo, layout, session, &mut snapshot).await?;
    snapshot.read_for(&layout.digest);
    Survey::of(snapshot, layout)
}

/// What hangs on the roles that the layout retires; asks nothing where there are none.
///
/// # Errors
/// When it can't be read.
pub async fn read_retiring(
    conninfo: &Conninfo,
    layout: &Layout,
    session: &Session,
    snapshot: &mut Snapshot,
) -> Result<(), CatalogError> {
    let retire = retire(layout, &snapshot.server, &snapshot.state);
    let asked = (&retire.roles.into_keys().collect(), &retire.databases.into_keys().collect());
    let home = (&layout.cluster.database, session);
    snapshot.retiring = catalog::read_retiring(conninfo, home, &snapshot.state, asked).await?;
    Ok(())
}

impl From<ConnectError> for SurveyError {
    fn from(source: ConnectError) -> Self {
        Self::Connect(Box::new(source))
    }
}

impl Survey {
    /// Plans for a snapshot, wherever it came from.
    ///
    /// # Errors
    /// [`SurveyError::Layout`] when the layout can't be true there.
    pub fn of(snapshot: Snapshot, layout: &Layout) -> Result<Self, SurveyError> {
        let snapshot = as_provisioner(snapshot, layout);
        let desired = resolve(layout, &snapshot).map_err(SurveyError::Layout)?;
        let head = Head { cluster: &layout.cluster.name, layout: &layout.digest };
        let plan = Plan::between(&snapshot, &desired, head);
        Ok(Self { snapshot, desired, plan })
    }
}
