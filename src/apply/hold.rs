//! The cluster's lock for work that isn't a plan: passwords.

use super::{ApplyError, acting, connect, lock};
use crate::db::{self, Conninfo, Session};
use crate::layout::Layout;

/// The lock, held by the session that changes something: with a lost lock the change is lost.
pub struct Hold {
    /// Acts as the provisioner, in the maintenance database.
    pub session: Session,
    /// Whose sessions act as the provisioner.
    pub conninfo: Conninfo,
}

/// Takes the cluster's lock, or says who has it.
///
/// # Errors
/// As [`super::begin`].
pub async fn hold(conninfo: &Conninfo, layout: &Layout) -> Result<Hold, ApplyError> {
    let asking = connect(conninfo, layout).await?;
    let (acting, _) = acting::conninfo(conninfo, layout, &asking).await?;
    asking.close().await;
    let conninfo = acting.with_database(layout.cluster.database.as_str());
    let session = db::connect(&conninfo).await?;
    match take(&session).await {
        Ok(()) => Ok(Hold { session, conninfo }),
        Err(error) => {
            lock::give_back(session).await;
            Err(error)
        }
    }
}

async fn take(session: &Session) -> Result<(), ApplyError> {
    lock::take(session).await?;
    let rows = session.query("SELECT pg_catalog.pg_is_in_recovery()", &[]).await.map_err(ApplyError::session)?;
    if rows.first().is_some_and(|row| row.get(0)) { Err(ApplyError::Standby) } else { Ok(()) }
}

impl Hold {
    /// The next run may come.
    pub async fn give_back(self) {
        lock::give_back(self.session).await;
    }
}
