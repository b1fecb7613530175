//! What a new ddl role doesn't inherit: the default privileges of those who owned before it.

use std::collections::BTreeSet;

use super::draft::{Draft, Service};
use crate::model::{Grantee, Name, Snapshot};

/// Default privileges stay with the role that has them, and later objects will be the new role's.
pub(super) fn note(snapshot: &Snapshot, draft: &mut Draft) {
    let notes: Vec<String> = draft.services.iter().filter_map(|service| of(snapshot, service)).collect();
    draft.notes.extend(notes);
}

fn of(snapshot: &Snapshot, service: &Service) -> Option<String> {
    if service.owner == service.ddl {
        return None;
    }
    let ours = |schema: &Option<_>| schema.as_ref().is_none_or(|schema| service.schemas.contains(schema));
    let database = &snapshot.state.databases[&service.database];
    let rows = database.defaults.iter().filter(|(key, _)| key.role == service.owner && ours(&key.schema));
    let who: BTreeSet<&Grantee> = rows.flat_map(|(_, acl)| acl.entries().map(|(grantee, ..)| grantee)).collect();
    let who = who.into_iter().filter(|grantee| {
        let declared =
            |role: &Name| role == &service.dml || role == &service.ro || service.logins.iter().any(|l| l.name == *role);
        !grantee.role().is_some_and(declared)
    });
    let who: Vec<String> = who.map(Grantee::shown).collect();
    (!who.is_empty()).then(|| {
        format!(
            "{}: what {} gives on later objects to {} won't be given on those of {}, which takes its place",
            service.key,
            service.owner.shown(),
            who.join(", "),
            service.ddl.shown()
        )
    })
}
