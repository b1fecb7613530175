//! Who logs in, and as whom he acts.

use super::ApplyError;
use super::leftovers::Ours;
use crate::catalog::{self, CatalogError};
use crate::db::{Conninfo, Session};
use crate::layout::Layout;

/// Sessions that act as the layout's provisioner, unless we are it, or a superuser, who acts as himself.
pub(super) async fn conninfo(
    conninfo: &Conninfo,
    layout: &Layout,
    lock: &Session,
) -> Result<(Conninfo, Ours), ApplyError> {
    let session = |source: CatalogError| ApplyError::Survey(source.into());
    let server = catalog::server(lock).await.map_err(session)?;
    let roles = layout.cluster.provisioner.iter().chain([&server.user]).cloned().collect();
    let ours = Ours { roles, superuser: server.superuser };
    let Some(provisioner) =
        layout.cluster.provisioner.as_ref().filter(|role| !server.superuser && **role != server.user)
    else {
        return Ok((conninfo.clone(), ours));
    };
    let rows = lock.query(include_str!("../../sql/may_become.sql"), &[&provisioner.as_str()]).await;
    match rows.map_err(ApplyError::session)?.first().map(|row| row.get::<_, bool>(0)) {
        // no such role: the layout's own problem, which the survey shows with its place
        None => Ok((conninfo.clone(), ours)),
        Some(true) => {
            // as the provisioner, the login's own can't be finished
            let ours = Ours { roles: [provisioner.clone()].into(), ..ours };
            Ok((conninfo.acting_as(provisioner.as_str()), ours))
        }
        Some(false) => Err(ApplyError::NotProvisioner { login: server.user, provisioner: provisioner.clone() }),
    }
}
