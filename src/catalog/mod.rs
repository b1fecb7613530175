//! Reads a cluster: every question under sql/ once a database, in one read-only snapshot each, all databases at once.

mod activity;
mod adoptable;
mod borrowed;
mod by_name;
mod cluster;
mod code;
mod database;
mod error;
mod file;
mod hanging;
mod on_path;
mod others;
mod relations;
mod retired;
mod rows;
mod used;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt, TryStreamExt};

use crate::db::{self, Conninfo, Session};
use crate::model::{Contents, Database, Name, Presence, Retiring, SchemaOwners, Snapshot};

pub use activity::read_activity;
pub use adoptable::read_definitions;
pub use cluster::{open_databases, read_cluster, server};
pub use database::read_database;
pub use error::CatalogError;
pub use file::{SnapshotFileError, from_json, to_json};
pub use retired::{read_dependents, read_retiring};

/// How many databases are read at the same time.
const AT_ONCE: usize = 8;

/// All statements of one transaction see one state of the server.
pub const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Owners, ACLs and how objects hang together: what a plan needs.
    Rights,
    /// Besides, what acts for another: what a proof needs. With the server's `server_version_num`.
    Code(u32),
}

/// Reads the cluster through its maintenance database, and the inside of these databases, as far as they exist and accept
/// connections; without the code that an apply may take over, since no layout is known.
///
/// # Errors
/// When a connection or a query fails.
pub async fn read(
    conninfo: &Conninfo,
    maintenance: &Session,
    databases: &BTreeSet<Name>,
    depth: Depth,
) -> Result<Snapshot, CatalogError> {
    let managed = databases.iter().map(|name| (name.clone(), SchemaOwners::new())).collect();
    read_managed(conninfo, maintenance, &managed, depth).await
}

/// Reads the cluster through its maintenance database, and the inside of the managed databases that exist and accept
/// connections, with the code that the ddl role of each schema may take over.
///
/// # Errors
/// When a connection or a query fails.
pub async fn read_managed(
    conninfo: &Conninfo,
    maintenance: &Session,
    managed: &BTreeMap<Name, SchemaOwners>,
    depth: Depth,
) -> Result<Snapshot, CatalogError> {
    maintenance.execute(BEGIN).await?;
    let (server, state, available) = read_cluster(maintenance).await?;
    let parameters = match depth {
        Depth::Code(version) if version >= 150_000 => cluster::read_parameters(maintenance).await?,
        _ => BTreeMap::new(),
    };
    let activity = read_activity(maintenance).await?;
    let look = Some(cluster::read_look(maintenance, &server, conninfo.host()).await?);
    let hall = match depth {
        Depth::Code(_) => on_path::read_maintenance(maintenance, managed).await?,
        Depth::Rights => None,
    };
    maintenance.execute("COMMIT").await?;
    let (contents, retiring) = (BTreeMap::new(), Retiring::default());
    let mut snapshot =
        Snapshot { server, state, available, contents, retiring, parameters, activity, look, maintenance: hall };
    let open = |name: &Name| snapshot.state.databases.get(name).is_some_and(|d| d.presence == Presence::Open);
    let open: Vec<(Name, &SchemaOwners)> =
        managed.iter().filter(|(name, _)| open(name)).map(|(name, schemas)| (name.clone(), schemas)).collect();
    let read = open.into_iter().map(|(name, schemas)| async move {
        let conninfo = conninfo.with_database(name.as_str());
        let inside = Box::pin(inside(&conninfo, schemas, depth)).await.map_err(|source| source.of_database(&name))?;
        Ok::<_, CatalogError>((name, inside))
    });
    let found: Vec<(Name, (Database, Contents))> = stream::iter(read).buffer_unordered(AT_ONCE).try_collect().await?;
    for (name, (inside, contents)) in found {
        snapshot.place(&name, inside, contents);
    }
    Ok(snapshot)
}

async fn inside(
    conninfo: &Conninfo,
    schemas: &SchemaOwners,
    depth: Depth,
) -> Result<(Database, Contents), CatalogError> {
    let session = db::connect(conninfo).await?;
    session.execute(BEGIN).await?;
    let (database, contents) = Box::pin(read_database(&session, depth)).await?;
    let adoptable = Some(adoptable::read_adoptable(&session, schemas).await?).filter(|_| !schemas.is_empty());
    session.close().await;
    Ok((database, Contents { adoptable, ..contents }))
}

impl Snapshot {
    /// Puts the inside of a database, read on a connection of its own, beside its owner and ACL, which are shared.
    pub fn place(&mut self, name: &Name, inside: Database, contents: Contents) {
        if let Some(database) = self.state.databases.get_mut(name) {
            let (held, presence) = (database.held.clone(), database.presence);
            *database = Database { held, presence, ..inside };
            self.contents.insert(name.clone(), contents);
        }
    }
}
