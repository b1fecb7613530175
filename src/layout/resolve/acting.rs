//! Whose plan it is: the role that applies, whoever reads.

use crate::layout::Layout;
use crate::model::{Name, RoleGraph, Server, Snapshot};

/// The snapshot as the role that applies sees it. Who logs in as somebody else than the provisioner acts as the provisioner
/// (`SET ROLE`), unless he is a superuser; the inspector sees what whoever owns the databases would do.
#[must_use]
pub fn as_provisioner(mut snapshot: Snapshot, layout: &Layout) -> Snapshot {
    let login = snapshot.server.user.clone();
    let Some(user) = provisioner(&snapshot, layout).filter(|user| *user != login) else { return snapshot };
    let superuser = snapshot.state.roles.get(&user).is_some_and(|role| role.superuser);
    snapshot.server = Server { user, superuser, login: Some(login), ..snapshot.server };
    snapshot
}

/// Does this login's session hold what the role that applies holds, SET ROLE aside? CONNECT is asked of the login.
pub(super) fn login_inherits(snapshot: &Snapshot) -> bool {
    let Some(login) = &snapshot.server.login else { return true };
    let graph = RoleGraph::of(&snapshot.state, snapshot.server.version_num);
    graph.acts_with(login, None).contains(&snapshot.server.user)
}

fn provisioner(snapshot: &Snapshot, layout: &Layout) -> Option<Name> {
    let server = &snapshot.server;
    if server.superuser || server.login.is_some() {
        return None;
    }
    if let Some(named) = &layout.cluster.provisioner {
        return snapshot.state.roles.contains_key(named).then(|| named.clone());
    }
    if layout.cluster.inspector.as_ref() != Some(&server.user) {
        return None;
    }
    let mut owners = layout.managed_databases().into_iter().filter_map(|d| snapshot.state.databases.get(d));
    let first = owners.next()?.held.owner.clone();
    owners.all(|database| database.held.owner == first).then_some(first)
}
